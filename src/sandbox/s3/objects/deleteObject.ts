import { authorize } from '../access/authorize.ts';
import type { Principal } from '../../principal.ts';
import type { S3Context } from '../s3Context.ts';
import type { Bucket } from '../store/buckets.ts';
import { checkVersionId, invalidVersion, objectContext } from './getObject.ts';
import type { ObjectAddress } from './getObject.ts';
import type { EventOrigin, EventRequest } from '../notifications/eventRecord.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import { insertVersion, removeVersion } from './putObject.ts';
import { findBucket, s3Arn } from '../s3Call.ts';
import { checkWriteCondition } from './conditions.ts';
import type { ObjectVersion } from '../store/versions.ts';
import { placeOf } from './versionIds.ts';

export interface DeleteObjectInput extends ObjectAddress {
  /** An ETag that the current object must have. */
  readonly ifMatch?: string;
  /** The request that events tell of. */
  readonly request?: EventRequest;
  /** One of several keys: S3 then sends the event for a key that is not there, too (recorded). */
  readonly ofMany?: boolean;
}

type DeleteOrigin = EventOrigin & Pick<DeleteObjectInput, 'ofMany'>;

export interface DeleteObjectOutput {
  /** The version that was deleted, or the delete marker that was made. */
  readonly versionId?: string;
  /** Whether a delete marker was made or was what was deleted. */
  readonly deleteMarker: boolean;
}

/**
 * Deletes an object, a version of it, or puts a delete marker on it, by the bucket's versioning.
 * What does not exist counts as deleted.
 * @throws AwsError NoSuchBucket, AccessDenied, InvalidArgument, PreconditionFailed.
 */
export function deleteObject(
  context: S3Context,
  caller: Principal,
  input: DeleteObjectInput,
): DeleteObjectOutput {
  const bucket = findBucket(context, input.bucket);
  const { key, versionId } = input;
  checkVersionId(versionId);
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  const resource = s3Arn(input.bucket, key);
  authorize(context, caller, action, resource, objectContext(undefined, versionId));
  return context.store.transaction(() => {
    checkWriteCondition({ ifMatch: input.ifMatch }, key, () =>
      context.s3.versions.latest(bucket.id, key),
    );
    const origin = { caller, request: input.request, ofMany: input.ofMany };
    return versionId === undefined
      ? deleteCurrent(context, bucket, key, origin)
      : deleteVersion(context, bucket, { key, versionId }, origin);
  });
}

function deleteCurrent(
  context: S3Context,
  bucket: Bucket,
  key: string,
  origin: DeleteOrigin,
): DeleteObjectOutput {
  if (bucket.versioning === undefined) {
    const object = context.s3.versions.latest(bucket.id, key);
    if (object) remove(context, bucket, object, origin);
    else if (origin.ofMany) recordRemoval(context, bucket, { key, ...NOTHING }, origin);
    return { deleteMarker: false };
  }
  const { versionId, modified } = insertVersion(context, bucket, {
    key,
    deleteMarker: true,
    size: 0,
    eTag: '',
    storageClass: 'STANDARD',
    headers: {},
    metadata: {},
    tags: [],
    blobs: [],
  });
  recordEvent(context, {
    name: 'ObjectRemoved:DeleteMarkerCreated',
    bucket,
    key,
    versionId,
    size: 0,
    eTag: '',
    time: modified,
    origin,
  });
  return { deleteMarker: true, versionId };
}

function deleteVersion(
  context: S3Context,
  bucket: Bucket,
  { key, versionId }: { readonly key: string; readonly versionId: string },
  origin: EventOrigin,
): DeleteObjectOutput {
  const version = context.s3.versions.find(bucket.id, key, versionId);
  if (!version && versionId !== 'null' && placeOf(versionId) === undefined) {
    throw invalidVersion(versionId);
  }
  if (version) remove(context, bucket, version, origin);
  return { versionId, deleteMarker: version?.deleteMarker ?? false };
}

function remove(
  context: S3Context,
  bucket: Bucket,
  version: ObjectVersion,
  origin: EventOrigin,
): void {
  const { uploads } = context.s3;
  removeVersion(context, version);
  if (version.latest) uploads.disturb(bucket.id, version.key);
  if (bucket.versioning === undefined) uploads.overtake(bucket.id, version.key, Infinity);
  recordRemoval(context, bucket, version, origin);
}

const NOTHING = { versionId: 'null', size: 0, eTag: '' };

function recordRemoval(
  context: S3Context,
  bucket: Bucket,
  { key, versionId, size, eTag }: Pick<ObjectVersion, 'key' | 'versionId' | 'size' | 'eTag'>,
  origin: EventOrigin,
): void {
  const time = context.clock.now();
  const name = 'ObjectRemoved:Delete';
  recordEvent(context, { name, bucket, key, versionId, size, eTag, time, origin });
}
