import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { S3Context } from './s3Context.ts';
import type { Checksum } from './checksums.ts';
import { checksumHeader, createHasher } from './checksums.ts';
import { checkWriteCondition } from './conditions.ts';
import type { WriteCondition } from './conditions.ts';
import { combineCrcs } from './crcCombine.ts';
import { invalidRequest, noSuchUpload } from './errors.ts';
import type { EventOrigin } from './notifications/eventRecord.ts';
import { recordEvent } from './notifications/recordEvent.ts';
import { insertVersion, toldVersion } from './putObject.ts';
import { findBucket } from './s3Call.ts';
import type { Part, Upload } from './store/uploads.ts';

const MIN_PART_SIZE = 5 * 1024 * 1024;

/** A part as the client lists it. */
export interface ListedPart {
  readonly number: number;
  /** Without quotes. */
  readonly eTag: string;
  /** Base64, of the upload's algorithm. */
  readonly checksum?: string;
}

export interface CompleteUploadInput {
  readonly bucket: string;
  readonly parts: readonly ListedPart[];
  readonly condition?: WriteCondition;
  /** What the client says the whole object's checksum is. */
  readonly expectedChecksum?: string;
  /** What the client says the whole object's size is, in bytes. */
  readonly expectedSize?: number;
  /** Who completes it, and by which request. */
  readonly origin: EventOrigin;
}

export interface CompletedUpload {
  readonly eTag: string;
  readonly checksum: Checksum;
  readonly versionId?: string;
}

/**
 * Makes an object of the listed parts, at once and whole; parts not listed are dropped.
 * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed …
 */
export async function completeUpload(
  context: S3Context,
  upload: Upload,
  input: CompleteUploadInput,
): Promise<CompletedUpload> {
  const parts = chooseParts(context.s3.uploads.parts(upload.id), upload, input.parts);
  const size = parts.reduce((sum, part) => sum + part.blob.size, 0);
  checkSize(input.expectedSize, size);
  const checksum = await checksumOf(upload, parts);
  checkExpected(input.expectedChecksum, checksum);
  const eTag = compositeETag(parts);
  return context.store.transaction(() => {
    const { uploads, versions, blobs } = context.s3;
    if (!uploads.find(upload.id)) throw noSuchUpload(upload.id);
    const bucket = findBucket(context, input.bucket);
    checkWriteCondition(input.condition, upload.key, () => versions.latest(bucket.id, upload.key));
    // Parts may have been replaced meanwhile: by the same bytes, or by others than those listed.
    const uploaded = uploads.parts(upload.id);
    const current = chooseParts(uploaded, upload, input.parts);
    const kept = new Set(current.map(part => part.blob.id));
    const all = uploaded.map(part => part.blob);
    blobs.delete(all.filter(blob => !kept.has(blob.id)));
    uploads.delete(upload.id);
    const { headers = {}, metadata = {}, tags = [], storageClass = 'STANDARD' } = upload.properties;
    const { versionId, modified: time } = insertVersion(context, bucket, {
      key: upload.key,
      deleteMarker: false,
      size,
      eTag,
      checksum,
      storageClass,
      headers,
      metadata,
      tags,
      blobs: current.map(part => part.blob),
    });
    recordEvent(context, {
      name: 'ObjectCreated:CompleteMultipartUpload',
      bucket,
      key: upload.key,
      versionId,
      size,
      eTag,
      time,
      origin: input.origin,
    });
    return { eTag, checksum, versionId: toldVersion(bucket, versionId) };
  });
}

function chooseParts(
  uploaded: readonly Part[],
  upload: Upload,
  listed: readonly ListedPart[],
): Part[] {
  checkOrder(listed);
  const byNumber = new Map(uploaded.map(part => [part.number, part]));
  const parts = listed.map(wanted => {
    const part = byNumber.get(wanted.number);
    if (!part || !fits(part, wanted)) throw invalidPart(upload, wanted);
    checkPartChecksum(upload, wanted);
    return part;
  });
  const small = parts.slice(0, -1).find(part => part.blob.size < MIN_PART_SIZE);
  if (small) throw tooSmall(small);
  return parts;
}

function checkOrder(listed: readonly ListedPart[]): void {
  const ascending = listed.every(
    (part, index) => index === 0 || part.number > (listed[index - 1]?.number ?? 0),
  );
  if (ascending) return;
  throw new AwsError(
    'InvalidPartOrder',
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
  );
}

function fits(part: Part, wanted: ListedPart): boolean {
  if (part.eTag !== wanted.eTag) return false;
  return wanted.checksum === undefined || part.checksum === wanted.checksum;
}

function checkPartChecksum(upload: Upload, wanted: ListedPart): void {
  const { chosen, type, algorithm } = upload.checksum;
  if (!chosen || type !== 'COMPOSITE' || wanted.checksum !== undefined) return;
  throw invalidRequest(
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${wanted.number} in the request.`,
  );
}

function invalidPart(upload: Upload, wanted: ListedPart): AwsError {
  return new AwsError(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.id, PartNumber: String(wanted.number), ETag: wanted.eTag },
  );
}

function tooSmall(part: Part): AwsError {
  return new AwsError(
    'EntityTooSmall',
    400,
    'Your proposed upload is smaller than the minimum allowed size',
    {
      ProposedSize: String(part.blob.size),
      MinSizeAllowed: String(MIN_PART_SIZE),
      PartNumber: String(part.number),
      ETag: part.eTag,
    },
  );
}

function checkSize(expected: number | undefined, size: number): void {
  if (expected === undefined || expected === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
  );
}

async function checksumOf(upload: Upload, parts: readonly Part[]): Promise<Checksum> {
  const { algorithm, type } = upload.checksum;
  if (type === 'FULL_OBJECT') {
    const pieces = parts.map(part => ({ checksum: part.checksum, size: part.blob.size }));
    return { algorithm, type, value: combineCrcs(algorithm, pieces) };
  }
  const hasher = createHasher(algorithm);
  for (const part of parts) hasher.update(Buffer.from(part.checksum, 'base64'));
  const digest = (await hasher.digest()).toString('base64');
  return { algorithm, type, value: `${digest}-${parts.length}` };
}

function checkExpected(expected: string | undefined, { algorithm, value }: Checksum): void {
  // Clients give a composite checksum with or without the number of parts.
  if (expected === undefined || expected === value || expected === value.split('-')[0]) return;
  throw new AwsError(
    'BadDigest',
    400,
    `The ${checksumHeader(algorithm)} you specified did not match what we received.`,
  );
}

function compositeETag(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.eTag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
