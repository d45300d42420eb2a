import * as vscode from 'vscode';
import type { ObjectDetails } from '../aws/objects/listing.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { runCommand, runCommandFor } from '../vscode/runCommand.ts';
import { neutralizeLinks } from '../vscode/neutralizeLinks.ts';
import { namedFor, objectOrAsk, sessionFor, type Explorer } from './explorer.ts';
import { objectResource, MAX_FILE_SIZE } from './fileSystem/s3Resource.ts';
import { isOpenable } from './tree/objectItem.ts';
import { isRow } from './tree/rows.ts';
import { formatSize } from '../vscode/sizes.ts';

/** Editors that are opened without a question. */
const MAX_EDITORS = 10;

/**
 * Opens an object in an editor, or each of those that are selected.
 *
 * @returns the URI of the one object, where it could be opened
 */
export async function openObjects(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] = [],
): Promise<string | undefined> {
  if (selection.length < 2) return await openObject(explorer, target, { preview: true });
  if (selection.length > MAX_EDITORS) await confirmEditors(selection.length);
  for (const object of selection) await openObject(explorer, object, { preview: false });
  return undefined;
}

async function confirmEditors(count: number): Promise<void> {
  const open = vscode.l10n.t('Open');
  const question = vscode.l10n.t('Open {0} objects in separate editors?', count);
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, open);
  if (answer !== open) throw cancelled();
}

/**
 * What the space bar does in VS Code's own views: shows an object, in an editor that the next one takes
 * over, and leaves the focus where it is; unfolds any other row.
 */
export async function previewObject(
  explorer: Explorer,
  target: S3Location | undefined,
): Promise<void> {
  if (!target) {
    await vscode.commands.executeCommand('list.toggleExpand');
    return;
  }
  const isKnown = isRow(target) && target.kind === 'object' && isOpenable(target);
  await openObject(explorer, target, { preview: true, preserveFocus: true }, isKnown);
}

async function openObject(
  explorer: Explorer,
  target: S3Location | undefined,
  options: vscode.TextDocumentShowOptions,
  isKnown = false,
): Promise<string | undefined> {
  const session = await sessionFor(explorer, target);
  const title = vscode.l10n.t('Open Object');
  const object = await objectOrAsk(explorer, session, target, title);
  if (!isKnown && !(await isOpenableNow(session, object))) return undefined;
  // VS Code finds the right editor: text, an image's preview, what other extensions bring.
  const resource = objectResource(object.bucket, object.key, namedFor(explorer, session));
  await explorer.admit(session, resource);
  await vscode.commands.executeCommand('vscode.open', resource, options);
  return resource.toString();
}

/** Looks, and says what to do about an object that no editor can show. */
async function isOpenableNow(
  session: Session,
  object: { bucket: string; key: string },
): Promise<boolean> {
  const { size, archive, storageClass } = await detailsOf(session, object);
  // A listing does not say whether a copy is restored for now.
  if (archive !== 'readable') {
    offerRestore(session, object, archive, storageClass);
    return false;
  }
  if (size > MAX_FILE_SIZE) {
    await offerDownload({ ...object, session: session.key }, size);
    return false;
  }
  return true;
}

function offerRestore(
  session: Session,
  object: S3Location,
  archive: 'archived' | 'beingRestored',
  storageClass: string | undefined,
): void {
  const restore = vscode.l10n.t('Restore…');
  const text = `${formatS3Uri(object)}: ${archiveText(archive, storageClass)}`;
  const buttons = archive === 'archived' ? [restore] : [];
  // Nobody waits for the answer: the command is done.
  void vscode.window.showWarningMessage(neutralizeLinks(text), ...buttons).then(async answer => {
    if (answer === restore) await runCommandFor(session, 'bucketBrigade.archive.restore', object);
  });
}

function archiveText(archive: 'archived' | 'beingRestored', storageClass = ''): string {
  return archive === 'archived'
    ? vscode.l10n.t('It is archived ({0}). Restore it before you open it.', storageClass)
    : vscode.l10n.t(
        'It is archived ({0}) and being restored. Open it when the restore completes.',
        storageClass,
      );
}

async function detailsOf(
  session: Session,
  object: { bucket: string; key: string },
): Promise<ObjectDetails> {
  const title = vscode.l10n.t('Opening {0}', formatS3Uri(object));
  return await withCancellableProgress({ title }, async signal => {
    const { headObject } = await import('../aws/objects/listing.ts');
    const client = await session.clients.s3ForBucket(object.bucket, signal);
    return await headObject(client, object, { signal });
  });
}

async function offerDownload(object: S3Location, size: number): Promise<void> {
  const part = vscode.l10n.t('Open Part…');
  const download = vscode.l10n.t('Download…');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} is too big to open in an editor ({1}; the limit is {2}).',
      neutralizeLinks(formatS3Uri(object)),
      formatSize(size),
      formatSize(MAX_FILE_SIZE),
    ),
    part,
    download,
  );
  if (answer === part) await runCommand('bucketBrigade.explorer.openPart', object);
  if (answer === download) await runCommand('bucketBrigade.explorer.download', object);
}
