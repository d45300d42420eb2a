import { l10n, window, type Uri } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { UploadOptions } from '../aws/objects/uploadFile.ts';
import { formatS3Uri, MAX_KEY_BYTES } from '../aws/s3Uri.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress, type ProgressUpdate } from '../vscode/progress.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../vscode/sessionOwner.ts';
import { runBatch, type BatchOutcome } from './batch.ts';
import { confirmOverwrite } from './confirmOverwrite.ts';
import type { Explorer } from './explorer.ts';
import { isAccessDenied } from './isAccessDenied.ts';
import { reportFailures } from './reportFailures.ts';
import { locationOfResource, S3_SCHEME } from './s3Resource.ts';
import { transferConcurrency } from './settings.ts';
import { TransferTotals } from './transferTotals.ts';
import type { UploadItem } from './uploadPlan.ts';

const LOOKS_AT_A_TIME = 16;
/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/**
 * Sends files to a bucket: asks before it overwrites, shows progress, can be cancelled down to the
 * request, and in the end tells of those that failed.
 *
 * @throws BrigadeError `Cancelled`; what was sent before that stays
 */
export async function uploadItems(
  explorer: Explorer,
  session: Session,
  bucket: string,
  planned: readonly UploadItem[],
): Promise<void> {
  const items = planned.filter(({ source, key }) => !isSame(source, bucket, key));
  const existing = await findExisting(session, bucket, items);
  const chosen = await confirmOverwrite({
    items,
    existing,
    nameOf: item => item.key,
    question:
      existing.length === 1
        ? l10n.t('Overwrite an object of {0}?', bucket)
        : l10n.t('Overwrite {0} objects of {1}?', existing.length, bucket),
  });
  if (chosen.length > 0) await send(explorer, session, bucket, chosen);
}

/** An object that is dropped where it already is. */
function isSame(source: UploadItem['source'], bucket: string, key: string): boolean {
  if (source?.scheme !== S3_SCHEME) return false;
  const from = locationOfResource(source);
  return from.bucket === bucket && from.key === key;
}

/** Which keys are taken, or may be: who may not look is asked too. */
async function findExisting(
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
): Promise<UploadItem[]> {
  const { headObject } = await import('../aws/objects/listing.ts');
  const existing = new Set<UploadItem>();
  const title = l10n.t('Looking for objects of the same name');
  await withCancellableProgress({ title }, async signal => {
    const client = await session.clients.s3ForBucket(bucket, signal);
    const outcome = await runBatch(items, LOOKS_AT_A_TIME, signal, async item => {
      await headObject(client, { bucket, key: item.key }, { signal });
      existing.add(item);
    });
    if (outcome.isCancelled) throw cancelled();
    if (outcome.stoppedBy !== undefined) throw outcome.stoppedBy;
    for (const { item, error } of outcome.failed) {
      if (isAccessDenied(error)) existing.add(item);
      else if (!isFine(error)) throw error;
    }
  });
  return items.filter(item => existing.has(item));
}

/** Nothing is there; or the key is no key, which the upload itself will say of this one item. */
function isFine(error: unknown): boolean {
  return (
    error instanceof BrigadeError && (error.code === 'NotFound' || error.code === 'InvalidInput')
  );
}

async function send(
  explorer: Explorer,
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
): Promise<void> {
  const owner = ownerOf(session);
  const texts = items.every(isCopy) ? copyTexts : uploadTexts;
  const title =
    items.length === 1
      ? texts.sendingOne(formatS3Uri({ bucket, key: items[0]?.key ?? '' }))
      : texts.sending(items.length, bucket);
  const outcome = await withCancellableProgress({ title }, (signal, report) =>
    sendAll(explorer, session, bucket, items, signal, report),
  );
  const { done, failed } = outcome;
  const keys = done.map(item => item.key);
  void explorer.tree.refreshKeys(bucket, keys);
  if (keys.length > 0) void runCommand('bucketBrigade.resize.followUploads', { bucket, keys });
  void reportFailures({
    outcome,
    doneText: texts.done(done.length, items.length),
    failedText: texts.failed(failed.length, items.length),
    nameOf: item => item.key,
    again: async rest => send(explorer, await sessionOf(explorer.connections, owner), bucket, rest),
  });
  if (done.length < items.length) return;
  const text = items.length === 1 ? texts.sentOne(bucket) : texts.sent(items.length, bucket);
  window.setStatusBarMessage(`$(cloud-upload) ${text}`, SUCCESS_SHOWN);
}

/** An object of S3 is copied by S3; nothing of it comes here. */
function isCopy({ source }: UploadItem): boolean {
  return source?.scheme === S3_SCHEME;
}

const uploadTexts = {
  sendingOne: (uri: string) => l10n.t('Uploading {0}', uri),
  sending: (count: number, bucket: string) => l10n.t('Uploading {0} files to {1}', count, bucket),
  done: (count: number, of: number) => l10n.t('{0} of {1} files were uploaded.', count, of),
  failed: (count: number, of: number) => l10n.t('{0} of {1} files were not uploaded.', count, of),
  sentOne: (bucket: string) => l10n.t('Uploaded 1 file to {0}', bucket),
  sent: (count: number, bucket: string) => l10n.t('Uploaded {0} files to {1}', count, bucket),
};

const copyTexts: typeof uploadTexts = {
  sendingOne: uri => l10n.t('Copying to {0}', uri),
  sending: (count, bucket) => l10n.t('Copying {0} objects to {1}', count, bucket),
  done: (count, of) => l10n.t('{0} of {1} objects were copied.', count, of),
  failed: (count, of) => l10n.t('{0} of {1} objects were not copied.', count, of),
  sentOne: bucket => l10n.t('Copied 1 object to {0}', bucket),
  sent: (count, bucket) => l10n.t('Copied {0} objects to {1}', count, bucket),
};

async function sendAll(
  { uploads }: Explorer,
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
  signal: AbortSignal,
  report: (update: ProgressUpdate) => void,
): Promise<BatchOutcome<UploadItem>> {
  const totals = new TransferTotals<UploadItem>(
    items.length,
    items.reduce((sum, item) => sum + (item.size ?? 0), 0),
  );
  return await runBatch(items, transferConcurrency(), signal, async item => {
    try {
      await sendOne(session, bucket, item, {
        signal,
        journal: uploads.of(session),
        onProgress: bytes => {
          totals.moved(item, bytes);
          report(totals.update);
        },
      });
      if (item.size !== undefined) totals.moved(item, item.size);
    } finally {
      totals.finished();
      report(totals.update);
    }
  });
}

async function sendOne(
  session: Session,
  bucket: string,
  item: UploadItem,
  options: UploadOptions,
): Promise<void> {
  const { key, size, source } = item;
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new BrigadeError('InvalidInput', l10n.t('The key is longer than 1,024 bytes.'), {
      subject: formatS3Uri({ bucket, key }),
    });
  }
  if (source?.scheme === S3_SCHEME) {
    await copyItem(session, source, { bucket, key }, options);
    return;
  }
  const { uploadFile } = await import('../aws/objects/uploadFile.ts');
  const client = await session.clients.s3ForBucket(bucket, options.signal);
  const body = await item.open();
  await uploadFile(client, { bucket, key, body, size }, options);
  item.onSent?.();
}

/** What is already in S3 is copied there, with all that belongs to it. */
async function copyItem(
  { clients }: Session,
  source: Uri,
  to: { readonly bucket: string; readonly key: string },
  options: UploadOptions,
): Promise<void> {
  const { copyObject } = await import('../aws/objects/rewrite/copyObject.ts');
  const { openRoute } = await import('../aws/objects/rewrite/copyRoute.ts');
  const from = locationOfResource(source);
  const route = await openRoute(clients, from.bucket, to.bucket, options);
  // What is there was asked about before.
  await copyObject(route, { from: from.key ?? '', to: to.key, over: 'anything' }, options);
}
