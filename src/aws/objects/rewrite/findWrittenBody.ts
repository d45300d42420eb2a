import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { unquoted } from '../listing.ts';
import { readObject } from '../objects.ts';

export interface WrittenBody {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  /** The ETag of what was there before. */
  readonly not: string | undefined;
}

/**
 * After a write that failed without saying whether it was done: whether the object has these bytes.
 *
 * @returns what the write would have answered; undefined when it was not done, or can't be known
 */
export async function findWrittenBody(
  client: S3Client,
  { bucket, key, body, not }: WrittenBody,
  failure: unknown,
  options: CallOptions,
): Promise<{ eTag: string; versionId?: string } | undefined> {
  if (!isOutcomeUnknown(failure)) return undefined;
  try {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const head = await call(formatS3Uri({ bucket, key }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    const eTag = unquoted(head.ETag) ?? '';
    if (eTag === not || head.ContentLength !== body.byteLength) return undefined;
    const there = await readObject(
      client,
      { bucket, key, versionId: head.VersionId, maxBytes: body.byteLength },
      options,
    );
    return Buffer.from(there).equals(body) ? { eTag, versionId: head.VersionId } : undefined;
  } catch {
    return undefined;
  }
}

/** No answer of S3's came, or one about a condition that the request's own first try may have broken. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof BrigadeError)) return false;
  const { code, awsCode } = error;
  if (code === 'Network' || code === 'NotAws') return true;
  return /^(PreconditionFailed|Internal.*)$/.test(awsCode ?? '');
}
