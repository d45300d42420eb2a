import { authorize } from './access/authorize.ts';
import type { Bucket } from './store/buckets.ts';
import type { S3Call, S3Operation } from './s3Call.ts';
import { findBucket, s3Arn } from './s3Call.ts';

/**
 * The bucket of a call, if its caller may do this to it, or to an object in it.
 * @throws AwsError NoSuchBucket, AccessDenied.
 */
export function permitted(
  context: Parameters<S3Operation>[0],
  call: S3Call,
  action: string,
  key?: string,
): Bucket {
  const bucket = findBucket(context, call.bucket);
  authorize(context, call.caller, action, s3Arn(call.bucket, key));
  return bucket;
}
