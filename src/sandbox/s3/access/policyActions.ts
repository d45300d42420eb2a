/**
 * The actions that a bucket policy may name, and what each is done to (Service Authorization Reference,
 * "Actions, resources, and condition keys for Amazon S3").
 */
const BUCKET_ACTIONS = `CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket
  DeleteBucketMetadataTableConfiguration DeleteBucketPolicy DeleteBucketWebsite
  GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS
  GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
  GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
  GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning
  GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
  GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
  GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions
  ListTagsForResource PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac PutBucketAcl
  PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration
  PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment
  PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
  PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration
  PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
  UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration`;

const OBJECT_ACTIONS = `AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging
  DeleteObjectVersion DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes
  GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion
  GetObjectVersionAcl GetObjectVersionAttributes GetObjectVersionForReplication
  GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication ListMultipartUploadParts
  ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention
  PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject
  ReplicateTags RestoreObject UpdateObjectEncryption`;

/** Of an account: there are such actions, and they are never done to a bucket or an object. */
const ACCOUNT_ACTIONS = `CreateAccessPoint CreateJob CreateStorageLensGroup DeleteJobTagging DescribeJob
  GetAccessPoint GetAccountPublicAccessBlock GetJobTagging ListAccessPoints ListAllMyBuckets ListJobs
  ListStorageLensConfigurations PutAccountPublicAccessBlock PutJobTagging UpdateJobPriority
  UpdateJobStatus`;

export type ActionTarget = 'bucket' | 'object' | 'account';

const named = (names: string, target: ActionTarget): [string, ActionTarget][] =>
  names.split(/\s+/).map(name => [`s3:${name}`.toLowerCase(), target]);

/** What an action is done to, by its name in lower case. */
export const ACTION_TARGETS: ReadonlyMap<string, ActionTarget> = new Map([
  ...named(BUCKET_ACTIONS, 'bucket'),
  ...named(OBJECT_ACTIONS, 'object'),
  ...named(ACCOUNT_ACTIONS, 'account'),
]);

/** Lists to which these keys of a condition belong (user guide, "Condition keys for Amazon S3"). */
const LISTS = ['s3:listbucket', 's3:listbucketversions', 's3:listbucketmultipartuploads'];
const KEYS_OF_LISTS: ReadonlySet<string> = new Set(['s3:prefix', 's3:delimiter', 's3:max-keys']);

/** Condition keys of S3 that a bucket policy may name, but for those with a tag's key behind them. */
const S3_KEYS: ReadonlySet<string> = new Set(
  `s3:AccessGrantsInstanceArn s3:AccessPointNetworkOrigin s3:authType s3:BucketKeyEnabled
  s3:BucketTagKeys s3:DataAccessPointAccount s3:DataAccessPointArn s3:delimiter s3:if-match
  s3:if-none-match s3:InventoryAccessibleOptionalFields s3:LocationConstraint s3:locationconstraint
  s3:max-keys s3:object-lock-legal-hold s3:object-lock-mode s3:object-lock-remaining-retention-days
  s3:object-lock-retain-until-date s3:ObjectCreationOperation s3:prefix s3:RequestObjectTagKeys
  s3:ResourceAccount s3:signatureAge s3:signatureversion s3:TlsVersion s3:VersionId s3:x-amz-acl
  s3:x-amz-content-sha256 s3:x-amz-copy-source s3:x-amz-grant-full-control s3:x-amz-grant-read
  s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp s3:x-amz-metadata-directive
  s3:x-amz-object-ownership s3:x-amz-server-side-encryption
  s3:x-amz-server-side-encryption-aws-kms-key-id
  s3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class
  s3:x-amz-website-redirect-location`
    .split(/\s+/)
    .map(key => key.toLowerCase()),
);

/** Whether there is such a condition key. @param key in lower case */
export function isConditionKey(key: string): boolean {
  return (
    /^aws:[a-z0-9-]+(\/.+)?$/.test(key) ||
    S3_KEYS.has(key) ||
    /^s3:(existingobjecttag|requestobjecttag|buckettag)\/.+$/.test(key)
  );
}

/** Whether a condition on this key says something about at least one of these actions. */
export function keyApplies(key: string, actions: readonly string[]): boolean {
  return !KEYS_OF_LISTS.has(key) || actions.some(action => LISTS.includes(action));
}
