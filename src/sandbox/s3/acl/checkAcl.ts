import { AwsError } from '../../errors.ts';
import type { S3Call } from '../s3Call.ts';
import { s3Arn } from '../s3Call.ts';
import type { Acl } from '../store/acl.ts';
import { isPublicAcl } from '../store/acl.ts';
import type { BucketConfiguration } from '../store/bucketConfiguration.ts';
import { allowsAcls } from '../store/bucketConfiguration.ts';

/**
 * Lets an ACL be put where the bucket has ACLs, and its public access block lets a public one be.
 * @param action the permission that an ACL of this kind needs, e.g. `s3:PutBucketAcl`
 * @throws AwsError AccessControlListNotSupported, AccessDenied
 */
export function checkAclAllowed(
  bucket: BucketConfiguration,
  acl: Acl,
  { caller, bucket: name, key }: Pick<S3Call, 'caller' | 'bucket' | 'key'>,
  action: string,
): void {
  if (!allowsAcls(bucket)) {
    throw new AwsError('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
  }
  if (!bucket.publicAccessBlock?.blockPublicAcls || !isPublicAcl(acl)) return;
  throw new AwsError(
    'AccessDenied',
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${s3Arn(name, key === '' ? undefined : key)}" because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting.`,
  );
}
