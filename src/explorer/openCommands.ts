import * as vscode from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { BrigadeError } from '../aws/errors.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { askText } from '../vscode/prompts.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { objectOrAsk, type Explorer } from './explorer.ts';
import { findRow } from './findRow.ts';
import type { Row } from './rows.ts';
import { MAX_FILE_SIZE } from './s3FileSystem.ts';
import { objectResource } from './s3Resource.ts';
import { formatSize } from './sizes.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';

/** Opening an object in an editor, and showing where it is in the tree. */
export function registerOpenCommands(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('bucketBrigade.explorer.openObject', target => openObject(explorer, target)),
    registerCommand('bucketBrigade.explorer.reveal', target => reveal(explorer, view, target)),
  );
}

async function openObject(explorer: Explorer, target: S3Location | undefined): Promise<void> {
  const session = await explorer.connections.session();
  const title = vscode.l10n.t('Open Object');
  const object = await objectOrAsk(explorer, session, target, title);
  const size = await sizeOf(session, object);
  if (size > MAX_FILE_SIZE) {
    await offerDownload(object, size);
    return;
  }
  // VS Code finds the right editor: text, an image's preview, what other extensions bring.
  await vscode.commands.executeCommand('vscode.open', objectResource(object.bucket, object.key));
}

async function sizeOf(session: Session, object: { bucket: string; key: string }): Promise<number> {
  const title = vscode.l10n.t('Opening {0}', formatS3Uri(object));
  return await withCancellableProgress({ title }, async signal => {
    const { headObject } = await import('../aws/objects/listing.ts');
    const client = await session.clients.s3ForBucket(object.bucket, signal);
    return (await headObject(client, object, { signal })).size;
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

async function reveal(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
  target: S3Location | undefined,
): Promise<void> {
  const session = await explorer.connections.session();
  const location = target ?? (await askUri(session.clients.endpoint));
  const title = vscode.l10n.t('Looking for {0}', formatS3Uri(location));
  const row = await withCancellableProgress({ title }, signal =>
    findRow(explorer, session, location, signal),
  );
  await view.reveal(row, { select: true, focus: true, expand: row.kind === 'object' });
}

async function askUri(endpoint: string | undefined): Promise<S3Location> {
  const { addressProblem, pastedAddress } = await import('../vscode/describeAddress.ts');
  const text = await askText({
    title: vscode.l10n.t('Reveal in Buckets View'),
    prompt: vscode.l10n.t('The S3 URI, ARN or URL of an object, prefix or bucket'),
    placeholder: 's3://bucket/key',
    validate: typed =>
      pastedAddress(typed, endpoint)
        ? undefined
        : (addressProblem(typed, endpoint) ?? vscode.l10n.t('Not an S3 URI: s3://bucket/key')),
  });
  const location = pastedAddress(text, endpoint);
  if (!location) throw new BrigadeError('InvalidInput', `Not an S3 URI: ${text}`);
  return location;
}
