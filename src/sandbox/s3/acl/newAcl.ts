import { AwsError } from '../../errors.ts';
import { header } from '../../request.ts';
import { authorize } from '../access/authorize.ts';
import { ownerId } from '../ownerId.ts';
import type { S3Call } from '../s3Call.ts';
import { authorizePut } from '../objects/putObject.ts';
import { findBucket, s3Arn } from '../s3Call.ts';
import type { S3Context } from '../s3Context.ts';
import type { Acl } from '../store/acl.ts';
import { isPublicAcl } from '../store/acl.ts';
import type { Tag } from '../tags.ts';
import type { ObjectOwnership } from '../store/bucketConfiguration.ts';
import { NEW_BUCKET, allowsAcls } from '../store/bucketConfiguration.ts';
import { isPrivateAcl } from './cannedAcl.ts';
import { checkAclAllowed } from './checkAcl.ts';
import { aclOfHeaders } from './readAcl.ts';

/**
 * The ACL that the headers of a PutObject give the new object, if it says anything.
 * @param tags of the new object, for conditions
 * @throws AwsError InvalidArgument, AccessControlListNotSupported, AccessDenied
 */
export function aclOfNewObject(
  context: S3Context,
  call: S3Call,
  tags?: readonly Tag[],
): Acl | undefined {
  const acl = aclOfHeaders(call, ownerId(context));
  if (!acl) return undefined;
  const bucket = findBucket(context, call.bucket);
  const isOwners = header(call.request, 'x-amz-acl') === 'bucket-owner-full-control';
  if (isOwners && !allowsAcls(bucket)) return undefined;
  checkAclAllowed(bucket, acl, call, 's3:PutObjectAcl');
  authorizePut(context, call.caller, { ...call, ...(tags && { tags }) });
  authorize(context, call.caller, 's3:PutObjectAcl', s3Arn(call.bucket, call.key));
  return isPrivateAcl(acl) ? undefined : acl;
}

/**
 * The ACL that the headers of a CreateBucket give the new bucket, if it says anything.
 * @param ownership as the headers ask for it
 * @throws AwsError InvalidArgument, InvalidBucketAclWithObjectOwnership,
 * InvalidBucketAclWithBlockPublicAccessError
 */
export function aclOfNewBucket(
  context: S3Context,
  call: S3Call,
  ownership: ObjectOwnership,
): Acl | undefined {
  const acl = aclOfHeaders(call, ownerId(context));
  if (!acl || header(call.request, 'x-amz-acl') === 'private') return undefined;
  const asked = header(call.request, 'x-amz-object-ownership') !== undefined;
  if (!asked || ownership === 'BucketOwnerEnforced') {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  if (NEW_BUCKET.publicAccessBlock?.blockPublicAcls && isPublicAcl(acl)) {
    throw new AwsError(
      'InvalidBucketAclWithBlockPublicAccessError',
      400,
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
    );
  }
  authorize(context, call.caller, 's3:PutBucketAcl', s3Arn(call.bucket));
  return isPrivateAcl(acl) ? undefined : acl;
}
