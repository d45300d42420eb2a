import { l10n, window } from 'vscode';
import type { BucketFunction } from '../../aws/notifications/bucketFunction.ts';
import type { BrigadeError } from '../../aws/errors.ts';
import type { ResizedObject, ResizeResult } from '../../aws/resizeFunction/resizeEvent.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount } from '../../vscode/formats.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Session } from '../../services.ts';

/** Says what happened to one object; resolves when the message is closed. */
export async function showResult(
  session: Session,
  found: BucketFunction,
  result: ResizeResult,
  requestId: string,
): Promise<void> {
  if (result.outcome === 'resized') {
    await showResized(session, result.outputs);
    return;
  }
  const logs = l10n.t('Show Logs');
  const chosen = await window.showWarningMessage(neutralizeLinks(notResized(result)), logs);
  if (chosen === logs) await showLogs(session, found, requestId);
}

function notResized({ bucket, key, outcome, message, errorType }: ResizeResult): string {
  const uri = formatS3Uri({ bucket, key });
  const why = message ?? errorType ?? outcome;
  return outcome === 'skipped'
    ? l10n.t('{0} wasn’t resized: {1}', uri, why)
    : l10n.t('{0} couldn’t be resized: {1}', uri, why);
}

/** Shows the new objects in the Buckets view, too, where their bucket is open. */
export async function showResized(
  session: Session,
  outputs: readonly ResizedObject[],
): Promise<void> {
  const [first] = outputs;
  if (first === undefined) return;
  for (const [bucket, objects] of Map.groupBy(outputs, output => output.bucket)) {
    const keys = objects.map(({ key }) => key);
    void runCommandFor(session, 'bucketBrigade.explorer.refresh', { bucket, keys });
  }
  const open = l10n.t('Open');
  const reveal = l10n.t('Reveal');
  const text =
    outputs.length === 1
      ? l10n.t('Resized: {0}', describe(first))
      : l10n.t('Resized: {0} and {1} more', describe(first), formatCount(outputs.length - 1));
  const chosen = await window.showInformationMessage(neutralizeLinks(text), open, reveal);
  const place = { bucket: first.bucket, key: first.key };
  if (chosen === open) await runCommandFor(session, 'bucketBrigade.explorer.openObject', place);
  if (chosen === reveal) await runCommandFor(session, 'bucketBrigade.explorer.reveal', place);
}

function describe({ bucket, key, width, height, onlyFirst = false }: ResizedObject): string {
  const uri = formatS3Uri({ bucket, key });
  if (width === undefined || height === undefined) return uri;
  const size = l10n.t('{0} × {1}', formatCount(width), formatCount(height));
  return onlyFirst
    ? l10n.t('{0} ({1}, first image only)', uri, size)
    : l10n.t('{0} ({1})', uri, size);
}

/** Says that nothing came of uploads so far; resolves when the message is closed. */
export async function showNotYet(
  session: Session,
  found: BucketFunction,
  first: { readonly bucket: string; readonly key: string },
  count: number,
): Promise<void> {
  const uri = formatS3Uri(first);
  const text =
    count === 1
      ? l10n.t('{0} hasn’t been resized yet.', uri)
      : l10n.t('{0} and {1} more haven’t all been resized yet.', uri, formatCount(count - 1));
  const logs = l10n.t('Show Logs');
  const follow = l10n.t('Follow Object…');
  const chosen = await window.showWarningMessage(neutralizeLinks(text), follow, logs);
  if (chosen === follow) await runCommandFor(session, 'bucketBrigade.resize.followObject', first);
  if (chosen === logs) await showLogs(session, found, undefined);
}

/** Says how a function failed; resolves when the message is closed. */
export async function showFault(
  session: Session,
  found: BucketFunction,
  error: BrigadeError,
): Promise<void> {
  const logs = l10n.t('Show Logs');
  const chosen = await window.showErrorMessage(neutralizeLinks(describeError(error)), logs);
  if (chosen === logs) await showLogs(session, found, error.requestId);
}

async function showLogs(
  session: Session,
  found: BucketFunction,
  requestId: string | undefined,
): Promise<void> {
  await runCommandFor(session, 'bucketBrigade.resize.showLogs', {
    functionName: found.arn,
    requestId,
  });
}
