import * as vscode from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import { addressProblem, pastedAddress } from '../vscode/describeAddress.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { askText } from '../vscode/prompts.ts';
import type { Explorer } from './explorer.ts';
import { findRow } from './findRow.ts';
import { isLocation, type Row } from './rows.ts';

/** Shows a location in the tree, however far down its listing it is; asks which without one. */
export async function reveal(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
  target: S3Location | undefined,
): Promise<void> {
  const session = await explorer.connections.session();
  const location = target ?? (await askPlace(session.clients.endpoint, placeOf(view.selection[0])));
  const title = vscode.l10n.t('Looking for {0}', formatS3Uri(location));
  const row = await withCancellableProgress({ title }, signal =>
    findRow(explorer, session, location, signal),
  );
  await view.reveal(row, { select: true, focus: true, expand: row.kind === 'object' });
}

/** Where the user is in the tree: most often what is looked for is near. */
function placeOf(row: Row | undefined): string {
  if (!row || !isLocation(row)) return '';
  const { bucket, key = '' } = row;
  return formatS3Uri({ bucket, key: key.slice(0, key.lastIndexOf('/') + 1) });
}

async function askPlace(endpoint: string | undefined, value: string): Promise<S3Location> {
  const text = await askText({
    title: vscode.l10n.t('Go to Object'),
    prompt: vscode.l10n.t('The S3 URI, ARN or URL of an object, prefix or bucket'),
    placeholder: 's3://bucket/key',
    value,
    validate: typed =>
      pastedAddress(typed, endpoint)
        ? undefined
        : (addressProblem(typed, endpoint) ?? vscode.l10n.t('Not an S3 URI: s3://bucket/key')),
  });
  const location = pastedAddress(text, endpoint);
  if (!location) throw new BrigadeError('InvalidInput', `Not an S3 URI: ${text}`);
  return location;
}
