import { randomBytes } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { authorize } from '../access/authorize.ts';
import type { Principal } from '../../principal.ts';
import type { S3Context } from '../s3Context.ts';
import { invalidArgument, noSuchUpload } from '../errors.ts';
import type { BodySource, DigestPlan, ReceivedBody } from '../digestPlan.ts';
import { receiveBody } from '../digestPlan.ts';
import { invalidRequest } from '../errors.ts';
import { authorizePut, nextPlace } from '../objects/putObject.ts';
import { checkRedirect } from '../objects/redirect.ts';
import type { ObjectProperties } from '../store/objectProperties.ts';
import { findBucket, s3Arn } from '../s3Call.ts';
import { MAX_OBJECT_TAGS, checkTags } from '../tags.ts';
import type { Part, Upload, UploadChecksum } from '../store/uploads.ts';

const MAX_PARTS = 10_000;

export interface UploadAddress {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/**
 * Begins a multipart upload; nothing of it is visible before it is completed.
 * @throws AwsError NoSuchBucket, InvalidTag, AccessDenied: always for who signs nothing.
 */
export function createUpload(
  context: S3Context,
  caller: Principal,
  input: ObjectProperties & {
    readonly bucket: string;
    readonly key: string;
    readonly checksum: UploadChecksum;
  },
): Upload {
  const { bucket: name, key, checksum, ...properties } = input;
  const bucket = findBucket(context, name);
  authorizePut(context, caller, input);
  if (caller.kind === 'anonymous') {
    // As users report it (awsdocs/amazon-s3-userguide#91), whatever a policy allows.
    const message = 'Anonymous users cannot initiate multipart uploads.  Please authenticate.';
    throw new AwsError('AccessDenied', 403, message);
  }
  checkTags(properties.tags ?? [], MAX_OBJECT_TAGS);
  checkRedirect(properties.headers);
  const newest = context.s3.versions.latest(bucket.id, key);
  const upload: Upload = {
    id: randomBytes(48).toString('base64url'),
    bucketId: bucket.id,
    key,
    initiated: context.clock.now(),
    initiator: caller.arn,
    disturbed: false,
    place: nextPlace(context, { bucketId: bucket.id, key, newest }),
    overtaken: false,
    properties,
    checksum,
  };
  context.s3.uploads.create(upload);
  return upload;
}

/**
 * The upload that the caller may act on.
 * @throws AwsError NoSuchUpload, NoSuchBucket, AccessDenied.
 */
export function findUpload(
  context: S3Context,
  caller: Principal,
  { bucket: name, key, uploadId }: UploadAddress,
  action: string,
): Upload {
  const bucket = findBucket(context, name);
  authorize(context, caller, action, s3Arn(name, key));
  const upload = context.s3.uploads.find(uploadId);
  if (upload?.bucketId !== bucket.id || upload.key !== key) throw noSuchUpload(uploadId);
  return upload;
}

/** @throws AwsError InvalidArgument */
export function checkPartNumber(text: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_PARTS) return number;
  throw invalidArgument(
    `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    'partNumber',
    text,
  );
}

/**
 * Stores a part, in place of one of the same number.
 * @param digests what the client says of the body; the checksum kept is the upload's.
 */
export async function uploadPart(
  context: S3Context,
  upload: Upload,
  number: number,
  body: BodySource,
  digests: DigestPlan,
): Promise<Part> {
  const { algorithm, chosen } = upload.checksum;
  if (chosen && digests.expected && digests.algorithm !== algorithm) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${digests.algorithm.toLowerCase()}`,
    );
  }
  const { blobs } = context.s3;
  const plan = digests.expected ? { ...digests, kept: algorithm } : { ...digests, algorithm };
  const received = await receiveBody(blobs, body, plan);
  try {
    return context.store.transaction(() => keepPart(context, upload, number, received));
  } catch (error) {
    blobs.discard(received.staged);
    throw error;
  }
}

function keepPart(
  context: S3Context,
  upload: Upload,
  number: number,
  received: ReceivedBody,
): Part {
  const { uploads, blobs } = context.s3;
  // It may have been completed or aborted while the body came in.
  if (!uploads.find(upload.id)) throw noSuchUpload(upload.id);
  const replaced = uploads.parts(upload.id).find(part => part.number === number);
  if (replaced) blobs.delete([replaced.blob]);
  const part: Part = {
    number,
    eTag: received.md5.toString('hex'),
    modified: context.clock.now(),
    checksum: received.kept.value,
    blob: blobs.keep(received.staged),
  };
  uploads.putPart(upload.id, part);
  return part;
}

/** Ends an upload and forgets its parts. */
export function abortUpload(context: S3Context, upload: Upload): void {
  context.store.transaction(() => {
    context.s3.blobs.delete(context.s3.uploads.parts(upload.id).map(part => part.blob));
    context.s3.uploads.delete(upload.id);
  });
}
