import * as vscode from 'vscode';
import type { S3Location, UploadArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pick } from '../../vscode/prompts.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { askAboutLeftOut, confirmDrop } from './confirmUpload.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { locationOfResource, S3_SCHEME } from '../fileSystem/s3Resource.ts';
import { checkSameAccount } from '../sameAccount.ts';
import { uploadItems } from './upload.ts';
import { planUpload, type UploadItem, type UploadPlan } from './uploadPlan.ts';

/** Sends files and folders to a bucket or prefix. */
export async function upload(
  explorer: Explorer,
  target: UploadArguments | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = vscode.l10n.t('Upload Files');
  const to = target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const sources = target?.files?.map(file => vscode.Uri.parse(file, true)) ?? (await askFiles());
  // S3 copies what is there already, with one account: at another's address is another object.
  for (const uri of sources.filter(({ scheme }) => scheme === S3_SCHEME)) {
    checkSameAccount(explorer, session, locationOfResource(uri));
  }
  await uploadFrom(explorer, session, to, sources);
}

/** Uploads files and whole folders, wherever VS Code can read them. */
export async function uploadFrom(
  explorer: Explorer,
  session: Session,
  to: S3Location,
  sources: readonly vscode.Uri[],
): Promise<void> {
  await uploadItems(explorer, session, to.bucket, await planFiles(to, sources));
}

/** Uploads files that were dropped on a bucket or prefix. */
export async function uploadDropped(
  explorer: Explorer,
  session: Session,
  to: S3Location,
  files: readonly vscode.Uri[],
): Promise<void> {
  const uploads = await planFiles(to, files);
  await confirmDrop(uploads, to);
  await uploadItems(explorer, session, to.bucket, uploads);
}

/** Looks through what was chosen; what links lead to is uploaded only if the user says so. */
async function planFiles(
  to: S3Location,
  sources: readonly vscode.Uri[],
): Promise<readonly UploadItem[]> {
  const title = vscode.l10n.t('Listing the files to upload');
  const plan = (followLinks: boolean): Promise<UploadPlan> =>
    withCancellableProgress({ title }, signal =>
      planUpload(sources, prefixFor(to), { signal, followLinks }),
    );
  const first = await plan(false);
  const { items } = (await askAboutLeftOut(first.leftOut)) ? await plan(true) : first;
  return items;
}

/** Files go below a prefix, never in the place of it. */
export function prefixFor({ key = '' }: S3Location): string {
  return key === '' || key.endsWith('/') ? key : `${key}/`;
}

/** Only macOS has a dialog for files and folders at once. */
async function askFiles(): Promise<readonly vscode.Uri[]> {
  const { canSelectFiles, title } = await pick({
    title: vscode.l10n.t('Upload Files'),
    placeholder: vscode.l10n.t('Select what to upload'),
    items: [
      {
        label: vscode.l10n.t('$(files) Files…'),
        title: vscode.l10n.t('Select Files to Upload'),
        canSelectFiles: true,
      },
      {
        label: vscode.l10n.t('$(folder) Folders…'),
        title: vscode.l10n.t('Select Folders to Upload'),
        canSelectFiles: false,
      },
    ],
  });
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectFiles,
    canSelectFolders: !canSelectFiles,
    canSelectMany: true,
    openLabel: vscode.l10n.t('Upload'),
  });
  if (!chosen) throw cancelled();
  return chosen;
}
