import { authorize } from '../access/authorize.ts';
import type { Principal } from '../../principal.ts';
import type { S3Context } from '../s3Context.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Checksum } from '../checksums.ts';
import type { DigestPlan } from '../digestPlan.ts';
import type { BodySource, ReceivedBody } from '../digestPlan.ts';
import { DEFAULT_DIGESTS, receiveBody } from '../digestPlan.ts';
import type { ObjectProperties } from '../store/objectProperties.ts';
import { findBucket, s3Arn } from '../s3Call.ts';
import type { Tag } from '../tags.ts';
import { MAX_OBJECT_TAGS, checkTags } from '../tags.ts';
import type { Upload } from '../store/uploads.ts';
import type { NewVersion, ObjectVersion } from '../store/versions.ts';
import type { WriteCondition } from './conditions.ts';
import type { Acl } from '../store/acl.ts';
import { checkWriteCondition } from './conditions.ts';
import type { EventRequest } from '../notifications/eventRecord.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import { checkRedirect } from './redirect.ts';
import { newVersionId } from './versionIds.ts';

export interface PutObjectInput extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  /** The bytes, or how to get them: asked for only when the object may be written. */
  readonly body: BodySource;
  /** What the client says the body's digests are; by default only ours are computed. */
  readonly digests?: DigestPlan;
  readonly condition?: WriteCondition;
  /** Undefined: the owner has full control, and nobody else anything. */
  readonly acl?: Acl;
  /** What events call it: Put unless it is a copy. */
  readonly event?: 'ObjectCreated:Put' | 'ObjectCreated:Copy';
  /** The request that events tell of. */
  readonly request?: EventRequest;
}

export interface PutObjectOutput {
  readonly eTag: string;
  readonly size: number;
  readonly checksum?: Checksum;
  readonly modified: Date;
  /** As S3 tells it: not without versioning, of a copy also while it is suspended. */
  readonly versionId?: string | undefined;
}

/**
 * Stores an object. It is visible once this returns, and either whole or not at all.
 * @throws AwsError NoSuchBucket, AccessDenied, InvalidTag, BadDigest, PreconditionFailed …
 */
export async function putObject(
  context: S3Context,
  caller: Principal,
  input: PutObjectInput,
): Promise<PutObjectOutput> {
  const staged = await stageObject(context, caller, input);
  try {
    return context.store.transaction(() => staged.commit());
  } catch (error) {
    staged.discard();
    throw error;
  }
}

/** An object whose bytes are in, and which is no object yet. */
export interface StagedObject {
  /**
   * Makes it an object; call it inside a transaction.
   * @throws AwsError NoSuchBucket, PreconditionFailed, before anything was written
   */
  readonly commit: () => PutObjectOutput;
  /** Forgets it, also after a commit that was rolled back. */
  readonly discard: () => void;
}

/**
 * Takes an object's bytes in for who may write it.
 * @throws AwsError NoSuchBucket, AccessDenied, InvalidTag, BadDigest …; nothing is left behind then
 */
export async function stageObject(
  context: S3Context,
  caller: Principal,
  input: PutObjectInput,
): Promise<StagedObject> {
  findBucket(context, input.bucket);
  authorizePut(context, caller, input);
  checkTags(input.tags ?? [], MAX_OBJECT_TAGS);
  checkRedirect(input.headers);
  const { blobs } = context.s3;
  const received = await receiveBody(blobs, input.body, input.digests ?? DEFAULT_DIGESTS);
  return {
    commit: () => commitObject(context, caller, input, received),
    discard: () => blobs.discard(received.staged),
  };
}

function commitObject(
  context: S3Context,
  caller: Principal,
  input: PutObjectInput,
  received: ReceivedBody,
): PutObjectOutput {
  const { key } = input;
  // The bucket may have gone while the body came in.
  const bucket = findBucket(context, input.bucket);
  checkWriteCondition(input.condition, key, () => context.s3.versions.latest(bucket.id, key));
  const checksum: Checksum = { ...received.kept, type: 'FULL_OBJECT' };
  const eTag = received.md5.toString('hex');
  const { size } = received.staged;
  const kept = context.s3.blobs.keep(received.staged);
  const { versionId, modified } = insertVersion(context, bucket, {
    key,
    deleteMarker: false,
    size,
    eTag,
    checksum,
    storageClass: input.storageClass ?? 'STANDARD',
    headers: input.headers ?? {},
    metadata: input.metadata ?? {},
    tags: input.tags ?? [],
    blobs: [kept],
  });
  const inserted = input.acl && context.s3.versions.latest(bucket.id, key);
  if (inserted) context.s3.acls.set(inserted, input.acl);
  recordEvent(context, {
    name: input.event ?? 'ObjectCreated:Put',
    bucket,
    key,
    versionId,
    size,
    eTag,
    time: modified,
    origin: { caller, request: input.request },
  });
  const told =
    input.event === 'ObjectCreated:Copy'
      ? bucket.versioning && versionId
      : reportedVersionId(bucket, versionId);
  return { eTag, size, checksum, modified, versionId: told };
}

/** @throws AwsError AccessDenied for callers who may not write, or not tag, the object. */
export function authorizePut(
  context: S3Context,
  caller: Principal,
  input: Pick<PutObjectInput, 'bucket' | 'key' | 'tags'>,
): void {
  const resource = s3Arn(input.bucket, input.key);
  const tags = input.tags && tagContext(input.tags);
  authorize(context, caller, 's3:PutObject', resource, tags);
  if (tags) authorize(context, caller, 's3:PutObjectTagging', resource, tags);
}

/** The condition keys of a request that carries tags. */
export function tagContext(tags: readonly Tag[]): Record<string, string | readonly string[]> {
  return {
    's3:RequestObjectTagKeys': tags.map(tag => tag.key),
    ...Object.fromEntries(tags.map(tag => [`s3:RequestObjectTag/${tag.key}`, tag.value])),
  };
}

/**
 * Adds a version to a key by the bucket's versioning; what has no version is replaced.
 * Call it inside a transaction.
 *
 * @param upload of an object uploaded in parts: S3 dates it, and places it among the key's versions, by when
 *   its upload began (S3 user guide, "System-defined object metadata" and "Concurrent multipart upload
 *   operations")
 */
export function insertVersion(
  context: Pick<S3Context, 's3' | 'clock'>,
  bucket: Bucket,
  version: Omit<NewVersion, 'bucketId' | 'seq' | 'versionId' | 'modified'>,
  upload?: Pick<Upload, 'initiated' | 'place'>,
): { readonly versionId: string; readonly modified: Date } {
  const { versions, uploads } = context.s3;
  const { id: bucketId, versioning } = bucket;
  const modified = upload?.initiated ?? context.clock.now();
  let before = versions.latest(bucketId, version.key);
  const seq = upload?.place || nextPlace(context, { bucketId, key: version.key, newest: before });
  if (before && versioning !== 'Enabled') {
    const replaced =
      before.versionId === 'null' ? before : versions.find(bucketId, version.key, 'null');
    if (replaced) removeVersion(context, replaced);
    if (replaced?.latest) before = versions.latest(bucketId, version.key);
  }
  const versionId = versioning === 'Enabled' ? newVersionId(seq) : 'null';
  versions.insert({ ...version, bucketId, seq, versionId, modified }, before);
  uploads.disturb(bucketId, version.key);
  if (versionId === 'null') uploads.overtake(bucketId, version.key, seq);
  return { versionId, modified };
}

/** The place of a version, or of an upload of one, that a request begins now: above all of its key. */
export function nextPlace(
  { s3 }: Pick<S3Context, 's3'>,
  of: {
    readonly bucketId: number;
    readonly key: string;
    readonly newest: ObjectVersion | undefined;
  },
): number {
  return Math.max(of.newest?.seq ?? 0, s3.uploads.lastPlace(of.bucketId, of.key)) + 1;
}

/** Removes a version and its bytes. Call it inside a transaction. */
export function removeVersion(context: Pick<S3Context, 's3'>, version: ObjectVersion): void {
  context.s3.versions.delete(version);
  context.s3.blobs.delete(version.blobs);
}

/**
 * What a put answers as its version: nothing without versioning, nor while it is suspended (recorded; a
 * copy then answers `null`).
 */
export function reportedVersionId({ versioning }: Bucket, versionId: string): string | undefined {
  return versioning === 'Enabled' ? versionId : undefined;
}
