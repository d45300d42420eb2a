import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { nameList } from './confirmOverwrite.ts';
import type { LeftOut } from './localUploads.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { UploadItem } from './uploadPlan.ts';

/** From here on a drop is asked about: it may have been a slip of the hand. */
const MANY_FILES = 20;
const MANY_BYTES = 1024 ** 3;

/**
 * Names what is not uploaded by itself, and asks about links that lead elsewhere.
 *
 * @returns whether to upload what the links lead to
 * @throws BrigadeError `Cancelled`
 */
export async function askAboutLeftOut(leftOut: readonly LeftOut[]): Promise<boolean> {
  const links = leftOut.filter(({ kind }) => kind === 'link');
  const special = leftOut.filter(({ kind }) => kind === 'special').map(({ path }) => path);
  const noFiles =
    special.length > 0
      ? `${l10n.t('Skipped because they aren’t files:')}\n${nameList(special)}`
      : '';
  if (links.length === 0) {
    if (noFiles !== '') void window.showInformationMessage(neutralizeLinks(noFiles));
    return false;
  }
  const leave = l10n.t('Skip');
  const follow = l10n.t('Follow Links');
  const names = nameList(links.map(({ path, target }) => `${path} → ${target ?? '?'}`));
  const answer = await window.showWarningMessage(
    links.length === 1
      ? l10n.t('1 link points outside your selection or to a folder.')
      : l10n.t('{0} links point outside your selection or to folders.', links.length),
    { modal: true, detail: [names, ...(noFiles === '' ? [] : [noFiles])].join('\n\n') },
    leave,
    follow,
  );
  if (answer === undefined) throw cancelled();
  return answer === follow;
}

/** Asks before a drop of many files, or of much. @throws BrigadeError `Cancelled` */
export async function confirmDrop(items: readonly UploadItem[], to: S3Location): Promise<void> {
  const bytes = items.reduce((sum, { size = 0 }) => sum + size, 0);
  if (items.length <= MANY_FILES && bytes < MANY_BYTES) return;
  const upload = l10n.t('Upload');
  const answer = await window.showWarningMessage(
    neutralizeLinks(
      l10n.t('Upload {0} files ({1}) to {2}?', items.length, formatSize(bytes), formatS3Uri(to)),
    ),
    { modal: true, detail: nameList(items.map(({ key }) => key)) },
    upload,
  );
  if (answer !== upload) throw cancelled();
}
