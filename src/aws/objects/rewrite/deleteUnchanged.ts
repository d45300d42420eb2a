import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { callNaming, type CallOptions } from '../../call.ts';
import { BrigadeError, toBrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';

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
  const deleted: string[] = [];
  const failed: { key: string; error: BrigadeError }[] = [];
  for (let start = 0; start < objects.length; start += DELETE_BATCH) {
    const batch = objects.slice(start, start + DELETE_BATCH);
    const command = new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: {
        Objects: batch.map(({ key, eTag }) => ({ Key: key, ETag: `"${eTag}"` })),
      },
    });
    const output = await callNaming('s3:DeleteObject', formatS3Uri({ bucket }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    const errors = new Map((output.Errors ?? []).map(each => [each.Key, each]));
    const named = new Set((output.Deleted ?? []).map(each => each.Key));
    for (const { key } of batch) {
      const refused = errors.get(key);
      if (refused && !isGone(refused.Code)) {
        failed.push({ key, error: refusal(bucket, key, refused, output.$metadata) });
      } else if (refused || named.has(key)) deleted.push(key);
      else failed.push({ key, error: unanswered(bucket, key) });
    }
  }
  return { deleted, failed };
}

/** Only what the answer names was deleted. */
function unanswered(bucket: string, key: string): BrigadeError {
  const subject = formatS3Uri({ bucket, key });
  return new BrigadeError('NotAws', 'The answer to DeleteObjects does not name it', { subject });
}

function isGone(code: string | undefined): boolean {
  return code === 'NoSuchKey';
}

function refusal(
  bucket: string,
  key: string,
  { Code: name, Message: message }: { readonly Code?: string; readonly Message?: string },
  $metadata: object,
): BrigadeError {
  const subject = formatS3Uri({ bucket, key });
  const error = toBrigadeError({ name, message, $metadata }, subject);
  if (error.code !== 'Conflict') return error;
  return new BrigadeError('Conflict', error.message, {
    ...{ subject, awsCode: error.awsCode, awsMessage: error.awsMessage },
    reason: 'Changed',
  });
}
