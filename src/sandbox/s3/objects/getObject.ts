import type { AwsError } from '../../errors.ts';
import { authorize } from '../access/authorize.ts';
import type { RequestContext } from '../../iam/authorize.ts';
import type { Principal } from '../../principal.ts';
import type { S3Context } from '../s3Context.ts';
import type { Bucket } from '../store/buckets.ts';
import { invalidArgument, methodNotAllowed, noSuchKey, noSuchVersion } from '../errors.ts';
import { openBody } from './objectBody.ts';
import { checkReadable } from '../store/restoreState.ts';
import { findBucket, s3Arn } from '../s3Call.ts';
import type { ObjectVersion } from '../store/versions.ts';
import type { Readable } from 'node:stream';
import { placeOf } from './versionIds.ts';

/** Which object, or which version of it. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

export interface FoundObject {
  readonly bucket: Bucket;
  readonly object: ObjectVersion;
}

interface FindOptions {
  /** Named by the error for a delete marker. */
  readonly method?: string;
  /** A delete marker is told of also where the current version was asked for: 405 and no 404. */
  readonly ofMarkers?: boolean;
  /** The error for a missing key names the bucket, too: GetObjectTagging's does (recorded). */
  readonly namesBucket?: boolean;
  /** Condition keys besides those of the object. */
  readonly context?: RequestContext;
}

/**
 * Finds an object that the caller may see.
 * @param action the permission without version, e.g. `s3:GetObject`, and the one with.
 * @throws AwsError NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker, or
 * AccessDenied: also in place of NoSuchKey for callers who may not list the bucket.
 */
export function findObject(
  context: S3Context,
  caller: Principal,
  address: ObjectAddress,
  action: readonly [plain: string, versioned: string],
  options: FindOptions = {},
): FoundObject {
  const bucket = findBucket(context, address.bucket);
  const { key, versionId } = address;
  checkVersionId(versionId);
  const object =
    versionId === undefined
      ? context.s3.versions.latest(bucket.id, key)
      : context.s3.versions.find(bucket.id, key, versionId);
  authorize(
    context,
    caller,
    versionId === undefined ? action[0] : action[1],
    s3Arn(address.bucket, key),
    { ...objectContext(object, versionId), ...options.context },
  );
  if (!object || object.deleteMarker) refuse(context, caller, address, object, options);
  return { bucket, object };
}

function refuse(
  context: S3Context,
  caller: Principal,
  { bucket, key, versionId }: ObjectAddress,
  marker: ObjectVersion | undefined,
  { method = 'GET', ofMarkers = false, namesBucket = false }: FindOptions,
): never {
  // A caller who may not list must not learn which keys exist.
  authorize(context, caller, 's3:ListBucket', s3Arn(bucket));
  const headers: Record<string, string> = marker
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId }
    : {};
  if (!marker)
    throw missing(namesBucket && versionId === undefined ? `${bucket}/${key}` : key, versionId);
  if (versionId === undefined && !ofMarkers) throw noSuchKey(key, headers);
  throw methodNotAllowed(method, 'DeleteMarker', {
    ...headers,
    allow: 'DELETE',
    'last-modified': marker.modified.toUTCString(),
  });
}

/** An id that was never given out is an invalid argument, as recorded from S3. */
function missing(key: string, versionId: string | undefined): AwsError {
  if (versionId === undefined) return noSuchKey(key);
  const known = versionId === 'null' || placeOf(versionId) !== undefined;
  return known ? noSuchVersion(key, versionId) : invalidVersion(versionId);
}

export function invalidVersion(versionId: string): AwsError {
  return invalidArgument('Invalid version id specified', 'versionId', versionId);
}

/** The condition keys that an existing object and the request's version give. */
export function objectContext(
  object: ObjectVersion | undefined,
  versionId: string | undefined,
): Record<string, string> {
  return {
    ...(versionId === undefined ? {} : { 's3:VersionId': versionId }),
    ...Object.fromEntries(
      (object?.tags ?? []).map(tag => [`s3:ExistingObjectTag/${tag.key}`, tag.value]),
    ),
  };
}

/** @throws AwsError InvalidArgument for what can be no version id. */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || versionId === 'null') return;
  if (versionId === '') {
    throw invalidArgument('Version id cannot be the empty string', 'versionId', versionId);
  }
  if (!/^[A-Za-z0-9._-]{32}$/.test(versionId)) {
    throw invalidVersion(versionId);
  }
}

const GET_OBJECT = ['s3:GetObject', 's3:GetObjectVersion'] as const;

/** An object's record and bytes, for those inside the sandbox. */
export function getObjectBody(
  context: S3Context,
  caller: Principal,
  address: ObjectAddress,
): { readonly object: ObjectVersion; readonly body: Buffer | Readable } {
  const { object } = findObject(context, caller, address, GET_OBJECT);
  checkReadable(object, context.clock.now());
  return { object, body: openBody(context.s3.blobs, object, undefined) };
}

/** The permissions that reading an object needs. */
export { GET_OBJECT };
