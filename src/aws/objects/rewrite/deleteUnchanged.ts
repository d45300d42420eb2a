import { DeleteObjectCommand, DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../../call.ts';
import { BrigadeError, isCancelled } from '../../errors.ts';
import { toBrigadeError } from '../../toBrigadeError.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { fitsXml } from '../../xmlText.ts';

export interface ObjectVersionKey {
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
}

export interface DeleteOutcome {
  readonly deleted: readonly string[];
  readonly failed: readonly { readonly key: string; readonly error: BrigadeError }[];
}

/** S3 deletes at most this many objects in one request. */
const DELETE_BATCH = 1000;

/**
 * Deletes objects that still are what they were: one that another client has written meanwhile stays,
 * and is a `Conflict` of the result. Objects that are gone count as deleted.
 *
 * @throws BrigadeError when a whole request fails
 */
export async function deleteUnchanged(
  client: S3Client,
  { bucket, objects }: { readonly bucket: string; readonly objects: readonly ObjectVersionKey[] },
  options: CallOptions = {},
): Promise<DeleteOutcome> {
  const outcome: Outcome = { deleted: [], failed: [] };
  const listed = objects.filter(({ key }) => fitsXml(key));
  for (let start = 0; start < listed.length; start += DELETE_BATCH) {
    await deleteBatch(client, bucket, listed.slice(start, start + DELETE_BATCH), options, outcome);
  }
  for (const object of objects) {
    if (!fitsXml(object.key)) await deleteOne(client, bucket, object, options, outcome);
  }
  return outcome;
}

interface Outcome {
  readonly deleted: string[];
  readonly failed: { readonly key: string; readonly error: BrigadeError }[];
}

async function deleteBatch(
  client: S3Client,
  bucket: string,
  batch: readonly ObjectVersionKey[],
  options: CallOptions,
  outcome: Outcome,
): Promise<void> {
  const { deleted, failed } = outcome;
  const command = new DeleteObjectsCommand({
    Bucket: bucket,
    Delete: { Objects: batch.map(({ key, eTag }) => ({ Key: key, ETag: `"${eTag}"` })) },
  });
  const output = await callWithAction('s3:DeleteObject', formatS3Uri({ bucket }), options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  const errors = new Map((output.Errors ?? []).map(each => [each.Key, each]));
  const named = new Set((output.Deleted ?? []).map(each => each.Key));
  const disputed: ObjectVersionKey[] = [];
  for (const object of batch) {
    const { key } = object;
    const { Code: name, Message: message } = errors.get(key) ?? {};
    if (/^(PreconditionFailed|ConditionalRequestConflict)$/.test(name ?? '')) disputed.push(object);
    else if (name !== undefined && name !== 'NoSuchKey') {
      const facts = { name, message, $metadata: output.$metadata };
      failed.push({ key, error: toBrigadeError(facts, formatS3Uri({ bucket, key })) });
    } else if (name !== undefined || named.has(key)) deleted.push(key);
    else disputed.push(object);
  }
  // Services differ on quotes in that element, but not in the header If-Match; and some name keys with
  // control characters as others than those that they delete.
  for (const object of disputed) await deleteOne(client, bucket, object, options, outcome);
}

async function deleteOne(
  client: S3Client,
  bucket: string,
  { key, eTag }: ObjectVersionKey,
  options: CallOptions,
  { deleted, failed }: Outcome,
): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${eTag}"` });
  const subject = formatS3Uri({ bucket, key });
  try {
    await callWithAction('s3:DeleteObject', subject, options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    deleted.push(key);
  } catch (error) {
    if (isCancelled(error)) throw error;
    const refused = toBrigadeError(error, subject);
    if (refused.code === 'NotFound') deleted.push(key);
    else failed.push({ key, error: refusal(refused) });
  }
}

function refusal(error: BrigadeError): BrigadeError {
  if (error.code !== 'Conflict') return error;
  const { subject, awsCode, awsMessage, message } = error;
  return new BrigadeError('Conflict', message, { subject, awsCode, awsMessage, reason: 'Changed' });
}
