import type { Readable } from 'node:stream';
import type { Principal } from '../principal.ts';
import { authorize } from './access/authorize.ts';
import type { Bucket } from './store/buckets.ts';
import { computeChecksum } from './objects/computeChecksum.ts';
import type { ChecksumRequest, ComputedChecksum } from './objects/computeChecksum.ts';
import { stageCopy } from './objects/copyObject.ts';
import type { CopyObjectInput } from './objects/copyObject.ts';
import { getObjectBody } from './objects/getObject.ts';
import type { ObjectAddress } from './objects/getObject.ts';
import { deleteObjectTagging, putObjectTagging } from './objects/objectTagging.ts';
import type { PutObjectTaggingInput } from './objects/objectTagging.ts';
import { putObject } from './objects/putObject.ts';
import type { PutObjectInput, PutObjectOutput, StagedObject } from './objects/putObject.ts';
import { restoreObject } from './restore/restoreObject.ts';
import type { RestoreObjectInput, RestoreObjectOutput } from './restore/restoreObject.ts';
import { findBucket, s3Arn } from './s3Call.ts';
import type { S3Context } from './s3Context.ts';
import type { ListedVersionRow, ObjectVersion } from './store/versions.ts';

/** A version of an object as listings have it. */
export type ListedVersion = ListedVersionRow;

export interface OpenedObject {
  readonly object: Pick<ObjectVersion, 'eTag' | 'size'>;
  readonly body: Buffer | Readable;
}

/**
 * What other context of the sandbox do with S3, as a caller of theirs: all that they know of it. Each
 * throws S3's errors as AwsError.
 */
export interface ObjectAccess {
  /** Needs no permission. Throws NoSuchBucket. */
  bucket(name: string): Pick<Bucket, 'id' | 'name' | 'region' | 'versioning'>;
  /** Asks whether the caller may do something to a bucket as a whole. Throws AccessDenied. */
  authorize(caller: Principal, action: string, bucket: string): void;
  /** All versions from a key on, in the order of their keys; asks for no permission. */
  versions(bucketId: number, from: string, end: string | Buffer): IterableIterator<ListedVersion>;
  read(caller: Principal, address: ObjectAddress): OpenedObject;
  put(caller: Principal, input: PutObjectInput): Promise<PutObjectOutput>;
  putTags(caller: Principal, input: PutObjectTaggingInput): void;
  deleteTags(caller: Principal, address: ObjectAddress): void;
  restore(caller: Principal, input: RestoreObjectInput): RestoreObjectOutput;
  /** Brings the bytes of a copy in; committing it in a transaction makes it an object. */
  stageCopy(caller: Principal, input: CopyObjectInput): Promise<StagedObject>;
  checksum(caller: Principal, request: ChecksumRequest): Promise<ComputedChecksum>;
}

export function objectAccess(context: S3Context): ObjectAccess {
  return {
    bucket: name => findBucket(context, name),
    authorize: (caller, action, bucket) => authorize(context, caller, action, s3Arn(bucket)),
    versions: (bucketId, from, end) => context.s3.versions.all.iterate(bucketId, from, end),
    read: (caller, address) => getObjectBody(context, caller, address),
    put: (caller, input) => putObject(context, caller, input),
    putTags: (caller, input) => {
      putObjectTagging(context, caller, input);
    },
    deleteTags: (caller, address) => {
      deleteObjectTagging(context, caller, address);
    },
    restore: (caller, input) => restoreObject(context, caller, input),
    stageCopy: (caller, input) => stageCopy(context, caller, input),
    checksum: (caller, request) => computeChecksum(context, caller, request),
  };
}
