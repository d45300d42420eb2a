import { createHash } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { S3Context } from '../s3Context.ts';
import type { Checksum, ChecksumAlgorithm } from '../checksums.ts';
import { createHasher } from '../checksums.ts';
import { checkWriteCondition } from '../objects/conditions.ts';
import type { WriteCondition } from '../objects/conditions.ts';
import { combineCrcs } from './crcCombine.ts';
import { conditionalRequestConflict, invalidRequest, noSuchUpload } from '../errors.ts';
import type { EventOrigin } from '../notifications/eventRecord.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import { insertVersion, reportedVersionId } from '../objects/putObject.ts';
import { findBucket } from '../s3Call.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Part, Upload } from '../store/uploads.ts';
import type { NewVersion } from '../store/versions.ts';
import { chooseParts } from './listedParts.ts';
import type { ListedPart } from './listedParts.ts';

export interface CompleteUploadInput {
  readonly bucket: string;
  readonly parts: readonly ListedPart[];
  readonly condition?: WriteCondition;
  /** What the client says the whole object's checksums are, and of what type. */
  readonly expected: ExpectedChecksum;
  /** What the client says the whole object's size is, in bytes. */
  readonly expectedSize?: number;
  /** Who completes it, and by which request. */
  readonly origin: EventOrigin;
}

export interface ExpectedChecksum {
  readonly type?: string;
  /** In base64, by algorithm. */
  readonly values: ReadonlyMap<ChecksumAlgorithm, string>;
}

export interface CompletedUpload {
  readonly eTag: string;
  readonly checksum: Checksum;
  readonly versionId?: string;
}

/**
 * Makes an object of the listed parts, at once and whole; parts not listed are dropped. Where keys have one
 * version and a request of after the upload's beginning wrote or deleted it, that one prevails: the answer is
 * the same, "without you ever seeing the object" (S3 user guide, "Concurrent multipart upload operations").
 * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed …
 */
export async function completeUpload(
  context: S3Context,
  upload: Upload,
  input: CompleteUploadInput,
): Promise<CompletedUpload> {
  checkType(upload, input.expected);
  const parts = chooseParts(context.s3.uploads.parts(upload.id), upload, input.parts);
  const size = parts.reduce((sum, part) => sum + part.blob.size, 0);
  checkSize(input.expectedSize, size);
  const checksum = await checksumOf(upload, parts);
  checkExpected(upload, input.expected, checksum);
  const eTag = compositeETag(parts);
  return context.store.transaction(() => {
    const { uploads, versions } = context.s3;
    const found = uploads.find(upload.id);
    if (!found) throw noSuchUpload(upload.id);
    const bucket = findBucket(context, input.bucket);
    checkWriteCondition(input.condition, upload.key, () => versions.latest(bucket.id, upload.key));
    checkConflict(input.condition, found);
    const unseen = found.overtaken && bucket.versioning !== 'Enabled';
    const parts = takeParts(context, upload, unseen ? undefined : input.parts);
    if (unseen) return { eTag, checksum };
    const whole = { size, eTag, checksum };
    const versionId = insertObject(context, bucket, found, { ...whole, parts }, input.origin);
    return { eTag, checksum, versionId: reportedVersionId(bucket, versionId) };
  });
}

/**
 * Ends an upload and deletes the parts that are not listed: all of them where nothing is.
 * @returns the listed parts, looked up again: they may have been replaced meanwhile, by the same bytes or by
 *   others than those listed
 */
function takeParts(
  { s3: { uploads, blobs } }: S3Context,
  upload: Upload,
  listed: readonly ListedPart[] | undefined,
): Part[] {
  const uploaded = uploads.parts(upload.id);
  const current = listed ? chooseParts(uploaded, upload, listed) : [];
  const kept = new Set(current.map(part => part.blob.id));
  blobs.delete(uploaded.map(part => part.blob).filter(blob => !kept.has(blob.id)));
  uploads.delete(upload.id);
  return current;
}

/** @returns the new version's id */
function insertObject(
  context: S3Context,
  bucket: Bucket,
  upload: Upload,
  object: Pick<NewVersion, 'size' | 'eTag'> & { checksum: Checksum; parts: readonly Part[] },
  origin: EventOrigin,
): string {
  const { size, eTag, checksum, parts } = object;
  const partChecksums =
    upload.checksum.type === 'COMPOSITE' ? parts.map(part => part.checksum) : undefined;
  const { headers = {}, metadata = {}, tags = [], storageClass = 'STANDARD' } = upload.properties;
  const version = {
    ...{ key: upload.key, deleteMarker: false, size, eTag, checksum, storageClass },
    ...{ headers, metadata, tags, blobs: parts.map(part => part.blob), partChecksums },
  };
  const { versionId } = insertVersion(context, bucket, version, upload);
  const time = context.clock.now();
  context.s3.uploads.complete(upload, { versionId, eTag, time });
  recordEvent(context, {
    name: 'ObjectCreated:CompleteMultipartUpload',
    ...{ bucket, key: upload.key, versionId, size, eTag, time, origin },
  });
  return versionId;
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

/** @throws AwsError InvalidRequest when the client names another type than the upload has (recorded). */
function checkType({ checksum }: Upload, { type }: ExpectedChecksum): void {
  const mode = checksum.chosen ? checksum.type : 'null';
  if (type === undefined || type === mode) return;
  throw invalidRequest(
    `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
  );
}

/**
 * As recorded, a checksum of the full object only counts with its type, for algorithms that could also
 * be composite; and one of another algorithm is wrong whatever it is.
 */
function checkExpected(
  { checksum: { chosen, type } }: Upload,
  expected: ExpectedChecksum,
  { algorithm, value }: Checksum,
): void {
  if (expected.values.size === 0) return;
  const given = expected.values.get(algorithm);
  // Recorded: S3 looks at no other than its own where nobody has chosen one.
  if (!chosen && given === undefined) return;
  const untyped =
    chosen && type === 'FULL_OBJECT' && algorithm !== 'CRC64NVME' && expected.type === undefined;
  // Clients give a composite checksum with or without the number of parts.
  if (!untyped && (given === value || given === value.split('-')[0])) return;
  throw new AwsError(
    'BadDigest',
    400,
    `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
  );
}

/** @throws AwsError ConditionalRequestConflict when the object was written since the upload began. */
function checkConflict(condition: WriteCondition | undefined, upload: Upload): void {
  if (!upload.disturbed) return;
  if (condition?.ifMatch !== undefined) throw conditionalRequestConflict('If-Match', upload.key);
  if (condition?.ifNoneMatch === undefined) return;
  throw conditionalRequestConflict('If-None-Match', upload.key);
}

/**
 * What the completion of an upload of the same parts answered, for a client that asks again because it
 * lost the answer: AWS answers it once more. Here that is for a day, as long as the object is there.
 */
export function completedBefore(
  { s3 }: Pick<S3Context, 's3'>,
  upload: Pick<Upload, 'id' | 'key'> & {
    readonly bucket: Bucket;
    readonly parts: readonly ListedPart[];
  },
): CompletedUpload | undefined {
  const { id, bucket, key, parts } = upload;
  const completed = s3.uploads.completed(id);
  if (completed?.bucketId !== bucket.id || completed.key !== key) return undefined;
  if (compositeETag(parts) !== completed.eTag) return undefined;
  const object = s3.versions.find(bucket.id, key, completed.versionId);
  if (object?.checksum === undefined || object.eTag !== completed.eTag) return undefined;
  const { eTag, checksum, versionId } = object;
  return { eTag, checksum, versionId: reportedVersionId(bucket, versionId) };
}

function compositeETag(parts: readonly Pick<Part, 'eTag'>[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.eTag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
