import * as vscode from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { ObjectDetails } from '../aws/objects/listing.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';
import { objectOrAsk, type Explorer } from './explorer.ts';
import { objectResource, MAX_FILE_SIZE } from './s3Resource.ts';
import { formatSize } from './sizes.ts';

/** Editors that are opened without a question. */
const MAX_EDITORS = 10;

/** Opens an object in an editor, or each of those that are selected. */
export async function openObjects(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] = [],
): Promise<void> {
  if (selection.length < 2) {
    await openObject(explorer, target, true);
    return;
  }
  if (selection.length > MAX_EDITORS) await confirmEditors(selection.length);
  for (const object of selection) await openObject(explorer, object, false);
}

async function confirmEditors(count: number): Promise<void> {
  const open = vscode.l10n.t('Open');
  const question = vscode.l10n.t('Open {0} objects, each in an editor?', count);
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, open);
  if (answer !== open) throw cancelled();
}

async function openObject(
  explorer: Explorer,
  target: S3Location | undefined,
  preview: boolean,
): Promise<void> {
  const session = await explorer.connections.session();
  const title = vscode.l10n.t('Open Object');
  const object = await objectOrAsk(explorer, session, target, title);
  const { size, archive, storageClass } = await detailsOf(session, object);
  // A listing does not say whether a copy is restored for now.
  if (archive !== 'readable') {
    throw new BrigadeError('InvalidInput', archiveText(archive, storageClass), {
      subject: formatS3Uri(object),
    });
  }
  if (size > MAX_FILE_SIZE) {
    await offerDownload(object, size);
    return;
  }
  // VS Code finds the right editor: text, an image's preview, what other extensions bring.
  const resource = objectResource(object.bucket, object.key);
  await explorer.admit(session, resource);
  await vscode.commands.executeCommand('vscode.open', resource, { preview });
}

function archiveText(archive: 'archived' | 'beingRestored', storageClass = ''): string {
  return archive === 'archived'
    ? vscode.l10n.t('It is archived ({0}). Restore it before you open it.', storageClass)
    : vscode.l10n.t(
        'It is archived ({0}) and being restored. Open it when the restore is complete.',
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
  const download = vscode.l10n.t('Download…');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} is too big to open in an editor ({1}; the limit is {2}).',
      withoutLinks(formatS3Uri(object)),
      formatSize(size),
      formatSize(MAX_FILE_SIZE),
    ),
    download,
  );
  if (answer === download) await runCommand('bucketBrigade.explorer.download', object);
}
