import { addAbortSignal } from 'node:stream';
import type { Principal } from '../../principal.ts';
import { authorize } from '../access/authorize.ts';
import type { ChecksumAlgorithm, ChecksumType } from '../checksums.ts';
import { createHasher } from '../checksums.ts';
import { s3Arn } from '../s3Call.ts';
import type { S3Context } from '../s3Context.ts';
import type { ObjectVersion } from '../store/versions.ts';
import { GET_OBJECT, findObject, objectContext } from './getObject.ts';
import type { ObjectAddress } from './getObject.ts';
import type { ByteRange } from './byteRange.ts';
import { openBody } from './objectBody.ts';

export interface ChecksumRequest extends ObjectAddress {
  readonly algorithm: ChecksumAlgorithm | 'MD5';
  readonly type: ChecksumType;
  readonly signal: AbortSignal;
}

export interface ComputedChecksum {
  readonly bytes: Buffer;
  /** Of a composite checksum. */
  readonly parts: number | undefined;
  readonly eTag: string;
}

/**
 * Computes a checksum of an object's bytes, of archived ones too. Besides reading the object it needs
 * s3:RestoreObject (user guide, "Granting permissions for Batch Operations", "Compute checksum").
 * @throws AwsError NoSuchKey, AccessDenied, InternalError; the signal's AbortError
 */
export async function computeChecksum(
  context: S3Context,
  caller: Principal,
  request: ChecksumRequest,
): Promise<ComputedChecksum> {
  const { bucket, key, versionId, type } = request;
  const { object } = findObject(context, caller, { bucket, key, versionId }, GET_OBJECT);
  const conditions = objectContext(object, versionId);
  authorize(context, caller, 's3:RestoreObject', s3Arn(bucket, key), conditions);
  const { eTag } = object;
  if (type === 'FULL_OBJECT') {
    return { bytes: await digest(context, object, request, undefined), parts: undefined, eTag };
  }
  const hasher = createHasher(request.algorithm);
  for (const range of partRanges(object)) {
    hasher.update(await digest(context, object, request, range));
  }
  return { bytes: await hasher.digest(), parts: Math.max(1, object.blobs.length), eTag };
}

async function digest(
  context: S3Context,
  object: ObjectVersion,
  { algorithm, signal }: ChecksumRequest,
  range: ByteRange | undefined,
): Promise<Buffer> {
  const hasher = createHasher(algorithm);
  const body = openBody(context.s3.blobs, object, range);
  if (Buffer.isBuffer(body)) hasher.update(body);
  else for await (const chunk of addAbortSignal(signal, body)) hasher.update(chunk as Buffer);
  return hasher.digest();
}

/** The bytes of each part that the object was uploaded in; an empty object is one part. */
function partRanges({ blobs }: ObjectVersion): (ByteRange | undefined)[] {
  let start = 0;
  const ranges = blobs.map(({ size }) => {
    const range = { start, end: start + size - 1 };
    start += size;
    return range;
  });
  return start === 0 ? [undefined] : ranges;
}
