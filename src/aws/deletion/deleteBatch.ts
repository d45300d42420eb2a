import { DeleteObjectCommand, DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError, isCancelled } from '../errors.ts';
import type { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { ObjectRef } from '../selection/selection.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { fitsXml } from '../xmlText.ts';
import { takeDeleted } from './deletedEntries.ts';

/** S3 deletes at most this many objects in one request (API reference, "DeleteObjects"). */
export const DELETE_BATCH = 1000;

export interface DeleteFailure {
  readonly item: ObjectRef;
  readonly error: BrigadeError;
}

/** A delete marker that hides an object since a delete. */
export interface CreatedMarker {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

export interface BatchResult {
  readonly deleted: readonly ObjectRef[];
  readonly failed: readonly DeleteFailure[];
  /** Made by this, as far as the answers said. */
  readonly markers: readonly CreatedMarker[];
  /** Whether a request was sent again by the SDK: the lost one may have made markers too. */
  readonly repeated: boolean;
}

export interface BatchOptions extends CallOptions {
  readonly pace: Pace;
}

/** How often S3 may answer for a key that it failed internally before that counts. */
const INTERNAL_ERRORS = 5;

/**
 * Deletes objects or versions of one bucket, 1,000 at a time. What does not exist counts as deleted, as S3
 * has it; what the answer does not name has failed. Keys that S3 throttles within an answer are sent again,
 * slower. Keys that XML can't carry are deleted one by one.
 *
 * @throws BrigadeError what a whole request meets; nothing is known of the items of that request then
 */
export async function deleteBatch(
  client: S3Client,
  { bucket, items }: { readonly bucket: string; readonly items: readonly ObjectRef[] },
  options: BatchOptions,
): Promise<BatchResult> {
  const batch = new Batch(client, bucket);
  const { pace, signal } = options;
  const listed = items.filter(({ key }) => fitsXml(key));
  for (let at = 0; at < listed.length; at += DELETE_BATCH) {
    let pending: readonly ObjectRef[] = listed.slice(at, at + DELETE_BATCH);
    const send = async (): Promise<void> => {
      pending = await batch.sendMany(pending, options);
      if (pending.length > 0) throw new BrigadeError('Throttled', 'S3 throttled some of the keys');
    };
    await pace.run(send, { signal });
  }
  const others = items.filter(({ key }) => !fitsXml(key));
  await Promise.all(others.map(item => pace.run(() => batch.sendOne(item, options), { signal })));
  return batch;
}

class Batch implements BatchResult {
  readonly deleted: ObjectRef[] = [];
  readonly failed: DeleteFailure[] = [];
  readonly markers: CreatedMarker[] = [];
  repeated = false;
  readonly #client: S3Client;
  readonly #bucket: string;
  #internalErrors = 0;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** One request; answers the items that are to be sent again. */
  async sendMany(items: readonly ObjectRef[], { signal }: CallOptions): Promise<ObjectRef[]> {
    const bucket = this.#bucket;
    const command = new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: items.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })) },
    });
    const deleted = takeDeleted(command);
    const send = callWithAction(actionOf(items[0]), formatS3Uri({ bucket }), { signal }, () =>
      this.#client.send(command, { abortSignal: signal }),
    );
    const output = await send.catch((error: unknown) => {
      throw error instanceof BrigadeError ? lockedOr(error) : error;
    });
    this.#noteAttempts(output.$metadata.attempts);
    const pending = new Map(items.map(item => [versionKey(item.key, item.versionId), item]));
    for (const { key, versionId, markerVersionId } of deleted()) {
      const name = versionKey(key, versionId);
      const item = pending.get(name);
      if (item) this.#settle(item, markerVersionId);
      pending.delete(name);
    }
    const again: ObjectRef[] = [];
    const isLast =
      (output.Errors ?? []).some(isInternal) && ++this.#internalErrors > INTERNAL_ERRORS;
    for (const error of output.Errors ?? []) {
      const name = versionKey(error.Key ?? '', error.VersionId);
      const item = pending.get(name);
      pending.delete(name);
      if (!item) continue;
      const refused = errorOf(item, error.Code, error.Message, output.$metadata);
      if (refused.code === 'Throttled' || (isInternal(error) && !isLast)) again.push(item);
      // A version that is gone is what was asked for; a bucket that is gone is not.
      else if (/^NoSuch(Key|Version)$/.test(error.Code ?? '')) this.deleted.push(item);
      else this.failed.push({ item, error: refused });
    }
    for (const item of pending.values()) this.failed.push({ item, error: unanswered(item) });
    return again;
  }

  /** @throws BrigadeError what every other object would meet as well */
  async sendOne(item: ObjectRef, { signal }: CallOptions): Promise<void> {
    const { bucket, key, versionId } = item;
    const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const subject = formatS3Uri(item);
    try {
      const output = await callWithAction(actionOf(item), subject, { signal }, () =>
        this.#client.send(command, { abortSignal: signal }),
      );
      this.#noteAttempts(output.$metadata.attempts);
      this.#settle(item, output.DeleteMarker ? output.VersionId : undefined);
    } catch (error) {
      const refused = toBrigadeError(error, subject);
      if (isCancelled(refused) || !isOfOne(refused)) throw refused;
      this.failed.push({ item, error: lockedOr(refused) });
    }
  }

  #noteAttempts(attempts = 1): void {
    this.repeated ||= attempts > 1;
  }

  #settle(item: ObjectRef, marker: string | undefined): void {
    this.deleted.push(item);
    // A version that was deleted is said in the same words where it was a marker itself.
    if (item.versionId !== undefined || marker === undefined || marker === 'null') return;
    this.markers.push({ bucket: item.bucket, key: item.key, versionId: marker });
  }
}

function actionOf(item: ObjectRef | undefined): string {
  return item?.versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}

function versionKey(key: string, versionId = ''): string {
  return `${versionId} ${key}`;
}

function isInternal({ Code = '' }: { readonly Code?: string }): boolean {
  return Code === 'InternalError';
}

/** Whether an answer is about this object, and others may be deleted. */
function isOfOne({ code, awsCode }: BrigadeError): boolean {
  return /^(AccessDenied|Conflict|InvalidInput|Unknown)$/.test(code) || awsCode === 'NoSuchVersion';
}

function errorOf(
  item: ObjectRef,
  name: string | undefined,
  message: string | undefined,
  $metadata: object,
): BrigadeError {
  return lockedOr(toBrigadeError({ name, message, $metadata }, formatS3Uri(item)));
}

/** S3 has no code of its own for what Object Lock or MFA delete protects, only a sentence. */
function lockedOr(error: BrigadeError): BrigadeError {
  const { code, message, awsCode, awsMessage, subject, requestId, action } = error;
  const said = awsMessage ?? message;
  const isLock = /object lock/i.test(said);
  if (code !== 'AccessDenied' || !(isLock || /\bmfa\b|multi-?factor/i.test(said))) return error;
  return new BrigadeError('AccessDenied', message, {
    ...{ subject, awsCode, awsMessage, requestId, action },
    reason: isLock ? 'ObjectLock' : 'MfaDelete',
  });
}

/** Only what the answer names was deleted. */
function unanswered(item: ObjectRef): BrigadeError {
  return new BrigadeError('NotAws', 'The answer to DeleteObjects does not name it', {
    subject: formatS3Uri(item),
  });
}
