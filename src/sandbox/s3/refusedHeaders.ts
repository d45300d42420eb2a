import { AwsError, notImplemented } from '../errors.ts';
import { header } from '../request.ts';
import type { S3Context } from './s3Context.ts';
import { isPrivateAcl } from './acl/cannedAcl.ts';
import { checkAclAllowed } from './acl/checkAcl.ts';
import { aclOfHeaders } from './acl/readAcl.ts';
import { ownerId } from './ownerId.ts';
import { headerNotImplemented, invalidRequest } from './errors.ts';
import { authorize } from './access/authorize.ts';
import type { S3Call } from './s3Call.ts';
import { s3Arn } from './s3Call.ts';
import { allowsAcls } from './store/bucketConfiguration.ts';
import { checkClientKeys } from './clientKey.ts';

/** Asks for something that keys of KMS, devices of MFA or annotations give. */
const NOT_HERE = [
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-context',
  // No bucket asks for a device of MFA, and none would be asked whether it is right.
  'x-amz-mfa',
  'x-amz-object-annotation-directive',
];
/** For directory buckets; any other refuses them in these words (recorded). */
const FOR_DIRECTORY_BUCKETS = [
  'x-amz-write-offset-bytes',
  'x-amz-if-match-last-modified-time',
  'x-amz-if-match-size',
  'x-amz-if-match-initiated-time',
];
const LOCKS = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-event-hold',
  'x-amz-object-lock-event-hold-duration-days',
  'x-amz-object-lock-event-hold-duration-years',
];
const BYPASS = 'x-amz-bypass-governance-retention';
const NAMESPACE = 'x-amz-bucket-namespace';
const ENCRYPTION = 'x-amz-server-side-encryption';

/**
 * Refuses what a request's headers ask for and the sandbox would not do: S3 would do it or refuse it,
 * and an answer of success would be believed. No bucket has Object Lock; all are encrypted with S3's own
 * keys; ACLs say nothing where there is one account, but where they let everybody in.
 * @param name the operation, for the error
 * @throws AwsError NotImplemented, or what S3 answers.
 */
export function checkHeaders(context: S3Context, call: S3Call, name: string): void {
  checkOwner(context, call);
  if (name === 'PutObject' || name === 'UploadPart') checkLength(call);
  checkEncryption(call, name);
  const ignored = NOT_HERE.find(each => header(call.request, each) !== undefined);
  if (ignored !== undefined) throw notImplemented(`${name} with ${ignored}`);
  const ofOthers = FOR_DIRECTORY_BUCKETS.find(each => header(call.request, each) !== undefined);
  if (ofOthers !== undefined) throw headerNotImplemented(ofOthers);
  if (LOCKS.some(each => header(call.request, each) !== undefined)) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  if (header(call.request, BYPASS) !== undefined) throw withoutLock();
  if (name === 'CreateBucket') checkNewBucket(call);
  else checkAcl(context, call, name);
}

/** Said whatever the value is (recorded). */
function withoutLock(): AwsError {
  return new AwsError(
    'InvalidArgument',
    400,
    `${BYPASS} is only applicable to Object Lock enabled buckets.`,
    { ArgumentName: BYPASS },
  );
}

function checkOwner({ accountId, s3 }: S3Context, call: S3Call): void {
  if (s3.buckets.find(call.bucket) === undefined) return;
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    const owner = header(call.request, name);
    if (owner === undefined || owner === accountId) continue;
    if (/^\d{12}$/.test(owner)) throw new AwsError('AccessDenied', 403, 'Access Denied');
    throw new AwsError(
      'InvalidBucketOwnerAWSAccountID',
      400,
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
    );
  }
}

/** S3 must know the length of what it stores before it comes. */
function checkLength({ request }: S3Call): void {
  if (request.body.length !== undefined) return;
  if (header(request, 'transfer-encoding') !== undefined) {
    throw headerNotImplemented('Transfer-Encoding');
  }
  throw new AwsError(
    'MissingContentLength',
    411,
    'You must provide the Content-Length HTTP header.',
  );
}

function checkEncryption(call: S3Call, name: string): void {
  checkClientKeys(call, name);
  const method = header(call.request, ENCRYPTION);
  if (method === undefined || method === 'AES256') return;
  if (method.startsWith('aws:')) throw notImplemented(`${name} with ${ENCRYPTION}: ${method}`);
  throw new AwsError(
    'InvalidEncryptionAlgorithmError',
    400,
    'The encryption request you specified is not valid. The valid value is AES256.',
  );
}

function checkNewBucket(call: S3Call): void {
  if (header(call.request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') {
    throw notImplemented('CreateBucket with x-amz-bucket-object-lock-enabled');
  }
  if ((header(call.request, NAMESPACE) ?? 'global') !== 'global') {
    throw notImplemented(`CreateBucket with ${NAMESPACE}`);
  }
}

/** These read their ACL themselves. */
const WITH_ACL: ReadonlySet<string> = new Set(['PutBucketAcl', 'PutObjectAcl', 'PutObject']);

/** Whoever gives an ACL to what these write needs a permission for that, whatever the ACL says. */
const WRITES: ReadonlySet<string> = new Set(['CopyObject', 'CreateMultipartUpload']);

/** ACLs that change nothing are let through, as is the one that buckets without ACLs take. */
function checkAcl(context: S3Context, call: S3Call, name: string): void {
  if (WITH_ACL.has(name)) return;
  const acl = aclOfHeaders(call, ownerId(context));
  if (!acl) return;
  const canned = header(call.request, 'x-amz-acl');
  const bucket = context.s3.buckets.find(call.bucket);
  if (bucket && allowsAcls(bucket) && WRITES.has(name)) {
    authorize(context, call.caller, 's3:PutObjectAcl', s3Arn(call.bucket, call.key));
  }
  if (canned === 'bucket-owner-full-control') return;
  if (bucket) checkAclAllowed(bucket, acl, call, 's3:PutObjectAcl');
  if (!isPrivateAcl(acl)) throw notImplemented(`${name} with x-amz-${canned ? 'acl' : 'grant'}`);
}
