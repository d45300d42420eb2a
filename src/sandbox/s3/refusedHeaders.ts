import { AwsError, notImplemented } from '../errors.ts';
import { header } from '../request.ts';
import type { S3Context } from './s3Context.ts';
import { allowsAcls } from './store/bucketConfiguration.ts';
import { headerNotImplemented, invalidArgument, invalidRequest } from './errors.ts';
import type { S3Call } from './s3Call.ts';
import { checkClientKeys } from './clientKey.ts';

/** Asks for something that only keys of KMS give. */
const NOT_HERE = [
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-context',
];
/** For directory buckets; any other refuses them in these words (recorded). */
const FOR_DIRECTORY_BUCKETS = [
  'x-amz-write-offset-bytes',
  'x-amz-if-match-last-modified-time',
  'x-amz-if-match-size',
];
const LOCKS = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
];
const BYPASS = 'x-amz-bypass-governance-retention';
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
  const acl = header(call.request, 'x-amz-acl');
  if (acl !== undefined) checkCannedAcl(acl);
  const granted = (acl ?? 'private') !== 'private' || hasGrant(call);
  if (!granted) return;
  const ownership = header(call.request, 'x-amz-object-ownership') ?? 'BucketOwnerEnforced';
  if (ownership === 'BucketOwnerEnforced') {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  throw notImplemented(`CreateBucket with ${acl === undefined ? 'x-amz-grant-' : 'x-amz-acl'}`);
}

/** ACLs that say no more than that the owner has full control, as long as there is one account. */
const OWNERS_OWN = new Set(['private', 'bucket-owner-full-control', 'bucket-owner-read']);

function checkAcl({ s3 }: S3Context, call: S3Call, name: string): void {
  const acl = header(call.request, 'x-amz-acl');
  const granted = hasGrant(call);
  if (acl === undefined && !granted) return;
  const bucket = s3.buckets.find(call.bucket);
  if (bucket && !allowsAcls(bucket)) {
    if (acl === 'bucket-owner-full-control' && !granted) return;
    throw new AwsError('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
  }
  if (acl !== undefined) checkCannedAcl(acl);
  if (granted) throw notImplemented(`${name} with x-amz-grant-`);
  if (acl !== undefined && !OWNERS_OWN.has(acl)) {
    throw notImplemented(`${name} with x-amz-acl: ${acl}`);
  }
}

const CANNED_ACLS = new Set([
  ...OWNERS_OWN,
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'log-delivery-write',
]);

/** AWS says no more than which argument it was (recorded). */
function checkCannedAcl(acl: string): void {
  if (!CANNED_ACLS.has(acl)) throw invalidArgument('', 'x-amz-acl', acl);
}

function hasGrant({ request }: S3Call): boolean {
  return Object.keys(request.headers).some(name => name.startsWith('x-amz-grant-'));
}
