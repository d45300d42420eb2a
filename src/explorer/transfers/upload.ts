import { l10n, window, type Uri } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { UploadJournal } from '../../aws/objects/multipartUploads.ts';
import type { UploadOptions } from '../../aws/objects/uploadFile.ts';
import { formatS3Uri, MAX_KEY_BYTES } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { runBatch, type BatchOutcome } from '../../aws/transfers/batch.ts';
import { confirmOverwrite } from './confirmOverwrite.ts';
import type { Explorer } from '../explorer.ts';
import { isAccessDenied } from '../isAccessDenied.ts';
import { commonPrefix } from './commonPrefix.ts';
import { trackBatch } from './trackBatch.ts';
import type { RunningTransfer } from '../transferList/transfer.ts';
import { locationOfResource, S3_SCHEME } from '../fileSystem/s3Resource.ts';
import { maxTransfers, transferConcurrency } from '../settings.ts';
import { continueBatch, transferInWorker } from './inWorker.ts';
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
        ? l10n.t('Overwrite an object in {0}?', bucket)
        : l10n.t('Overwrite {0} objects in {1}?', existing.length, bucket),
  });
  const taken = new Set(existing);
  const marked = chosen.map(item => ({ ...item, isNew: !taken.has(item) }));
  if (marked.length > 0) await send(explorer, session, bucket, marked);
}

/** An object that is dropped where it already is. */
function isSame(source: UploadItem['source'], bucket: string, key: string): boolean {
  if (source?.scheme !== S3_SCHEME) return false;
  const from = locationOfResource(source);
  return from.bucket === bucket && from.key === key;
}

/** Which keys are taken, or may be: a caller who may not look is asked too. */
async function findExisting(
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
): Promise<UploadItem[]> {
  const { headObject } = await import('../../aws/objects/listing.ts');
  const existing = new Set<UploadItem>();
  const title = l10n.t('Checking for objects with the same name');
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
      else if (!isAbsentOrInvalid(error)) throw error;
    }
  });
  return items.filter(item => existing.has(item));
}

/** Nothing is there; or the key is no key, which the upload itself will say of this one item. */
function isAbsentOrInvalid(error: unknown): boolean {
  return (
    error instanceof BrigadeError && (error.code === 'NotFound' || error.code === 'InvalidInput')
  );
}

/**
 * Sends them without a question.
 *
 * @param kept the task of the journal that was begun with exactly these
 */
export async function send(
  explorer: Explorer,
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
  kept?: string,
): Promise<void> {
  const owner = ownerOf(session);
  const texts = items.every(isCopy) ? copyTexts : uploadTexts;
  const title =
    items.length === 1
      ? texts.sendingOne(formatS3Uri({ bucket, key: items[0]?.key ?? '' }))
      : texts.sending(items.length, bucket);
  const { done } = await trackBatch<UploadItem>(
    explorer,
    {
      kind: items.every(isCopy) ? 'copy' : 'upload',
      ...{ title, owner, from: sourceOf(items) },
      to: formatS3Uri({ bucket, key: commonPrefix(items.map(item => item.key)) }),
      target: { bucket, key: commonPrefix(items.map(item => item.key)) },
      total: { items: items.length, bytes: bytesOf(items) },
      doneText: count => texts.done(count, items.length),
      failedText: count => texts.failed(count, items.length),
      nameOf: item => item.key,
      pausesInside: items.every(({ path }) => path !== undefined),
      again: async (rest, left) => {
        const now = await sessionOf(explorer.connections, owner);
        // Others may have written there meanwhile.
        if (left === undefined) await uploadItems(explorer, now, bucket, rest);
        else await send(explorer, now, bucket, items, left);
      },
      discard: async left =>
        explorer.worker.discard(await sessionOf(explorer.connections, owner), left),
    },
    transfer => sendAll(explorer, session, bucket, items, { ...transfer, title, kept }),
  );
  const keys = done.map(item => item.key);
  void explorer.tree.refreshKeys(bucket, keys);
  if (keys.length > 0) {
    void runCommandFor(session, 'bucketBrigade.resize.followUploads', { bucket, keys });
  }
  if (done.length < items.length) return;
  const text = items.length === 1 ? texts.sentOne(bucket) : texts.sent(items.length, bucket);
  window.setStatusBarMessage(`$(cloud-upload) ${text}`, SUCCESS_SHOWN);
}

function bytesOf(items: readonly UploadItem[]): number {
  return items.reduce((sum, { size = 0 }) => sum + size, 0);
}

/** The file, or the folder that they all are in; undefined where a browser does not say. */
function sourceOf(items: readonly UploadItem[]): string | undefined {
  const paths = items.map(({ source }) => (source ? shownSource(source) : ''));
  return commonPrefix(paths) || undefined;
}

function shownSource(source: Uri): string {
  return source.scheme === S3_SCHEME ? formatS3Uri(locationOfResource(source)) : source.path;
}

/** An object of S3 is copied by S3; nothing of it comes here. */
function isCopy({ source }: UploadItem): boolean {
  return source?.scheme === S3_SCHEME;
}

const uploadTexts = {
  sendingOne: (uri: string) => l10n.t('Uploading {0}', uri),
  sending: (count: number, bucket: string) => l10n.t('Uploading {0} files to {1}', count, bucket),
  done: (count: number, of: number) => l10n.t('{0} of {1} files were uploaded.', count, of),
  failed: (count: number, of: number) => l10n.t('{0} of {1} files weren’t uploaded.', count, of),
  sentOne: (bucket: string) => l10n.t('Uploaded 1 file to {0}', bucket),
  sent: (count: number, bucket: string) => l10n.t('Uploaded {0} files to {1}', count, bucket),
};

const copyTexts: typeof uploadTexts = {
  sendingOne: uri => l10n.t('Copying to {0}', uri),
  sending: (count, bucket) => l10n.t('Copying {0} objects to {1}', count, bucket),
  done: (count, of) => l10n.t('{0} of {1} objects were copied.', count, of),
  failed: (count, of) => l10n.t('{0} of {1} objects weren’t copied.', count, of),
  sentOne: bucket => l10n.t('Copied 1 object to {0}', bucket),
  sent: (count, bucket) => l10n.t('Copied {0} objects to {1}', count, bucket),
};

/** Files of this machine by the worker, the rest from here. */
async function sendAll(
  explorer: Explorer,
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
  transfer: RunningTransfer & { readonly title: string; readonly kept?: string },
): Promise<BatchOutcome<UploadItem>> {
  const files = items.flatMap(item => {
    const { path, key, size = 0, isNew } = item;
    return path === undefined || isTooLong(key) ? [] : [{ item, file: { path, key, size, isNew } }];
  });
  const sent = new Set(files.map(({ item }) => item));
  const others = items.filter(item => !sent.has(item));
  const sendOthers = () => sendFromHere(explorer, session, bucket, others, transfer);
  if (files.length === 0) return await sendOthers();
  const { abortLeftovers } = await import('../../aws/objects/multipartUploads.ts');
  const client = await session.clients.s3ForBucket(bucket, transfer.signal);
  await abortLeftovers(client, bucket, explorer.uploads.of(session));
  const first = await transferInWorker(
    explorer,
    session,
    {
      ...{ name: 'uploadFiles', title: transfer.title, items: [...sent], kept: transfer.kept },
      input: { bucket, files: files.map(({ file }) => file), most: maxTransfers() },
    },
    transfer,
  );
  for (const item of first.done) item.onSent?.();
  return await continueBatch(first, others, sendOthers);
}

function isTooLong(key: string): boolean {
  return Buffer.byteLength(key) > MAX_KEY_BYTES;
}

async function sendFromHere(
  { uploads }: Explorer,
  session: Session,
  bucket: string,
  items: readonly UploadItem[],
  { signal, report, ready }: RunningTransfer,
): Promise<BatchOutcome<UploadItem>> {
  const totals = new TransferTotals<UploadItem>(items.length, bytesOf(items));
  return await runBatch(items, transferConcurrency(), signal, async item => {
    try {
      await ready();
      await sendOne(session, bucket, item, {
        signal,
        journal: knowing(uploads.of(session), item.source),
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

/** Has the journal remember which file it is, so that the upload can be resumed from it. */
function knowing(journal: UploadJournal, source: Uri | undefined): UploadJournal {
  if (source?.scheme !== 'file') return journal;
  return {
    ...journal,
    begin: upload => journal.begin({ ...upload, source: source.toString() }),
  };
}

async function sendOne(
  session: Session,
  bucket: string,
  item: UploadItem,
  options: UploadOptions,
): Promise<void> {
  const { key, size, source } = item;
  if (isTooLong(key)) {
    throw new BrigadeError('InvalidInput', l10n.t('The key is longer than 1,024 bytes.'), {
      subject: formatS3Uri({ bucket, key }),
    });
  }
  if (source?.scheme === S3_SCHEME) {
    await copyItem(session, source, { bucket, key, isNew: item.isNew }, options);
    return;
  }
  const { uploadFile } = await import('../../aws/objects/uploadFile.ts');
  const { toConditionError } = await import('../../aws/objects/rewrite/conditions.ts');
  const { isNotOffered } = await import('../../aws/objects/rewrite/bucketRules.ts');
  const client = await session.clients.s3ForBucket(bucket, options.signal);
  const upload = async (onlyIfNew: boolean | undefined): Promise<unknown> =>
    await uploadFile(client, { bucket, key, body: await item.open(), size, onlyIfNew }, options);
  await upload(item.isNew).catch((error: unknown) => {
    // A service that knows no conditions.
    if (item.isNew && isNotOffered(error)) return upload(false);
    throw toConditionError(error, formatS3Uri({ bucket, key }), item.isNew);
  });
  item.onSent?.();
}

/** What is already in S3 is copied there, with all that belongs to it. */
async function copyItem(
  { clients }: Session,
  source: Uri,
  to: { readonly bucket: string; readonly key: string; readonly isNew?: boolean },
  options: UploadOptions,
): Promise<void> {
  const { copyObject } = await import('../../aws/objects/rewrite/copyObject.ts');
  const { openRoute } = await import('../../aws/objects/rewrite/copyRoute.ts');
  const from = locationOfResource(source);
  const route = await openRoute(clients, from.bucket, to.bucket, options);
  // What was there was asked about before.
  const over = to.isNew ? undefined : 'anything';
  await copyObject(route, { from: from.key ?? '', to: to.key, over }, options);
}
