import { TAG } from '../../xmlShape.ts';
import type { XmlShape } from '../../xmlShape.ts';

const TAGS: XmlShape = { 'member*': TAG };
const TEXTS: XmlShape = { 'member*': 'text' };
const MAP: XmlShape = { 'entry*': { key: 'text', value: 'text' } };

/** Elements that hold text, by their names. */
function texts(names: string): Readonly<Record<string, XmlShape>> {
  return Object.fromEntries(names.split(' ').map(name => [name, 'text']));
}

const COPY: XmlShape = {
  ...texts(
    'TargetResource TargetKeyPrefix CannedAccessControlList MetadataDirective ModifiedSinceConstraint UnModifiedSinceConstraint RedirectLocation RequesterPays StorageClass SSEAwsKmsKeyId ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate BucketKeyEnabled ChecksumAlgorithm',
  ),
  AccessControlGrants: 'anything',
  NewObjectMetadata: {
    ...texts(
      'CacheControl ContentDisposition ContentEncoding ContentLanguage ContentLength ContentMD5 ContentType HttpExpiresDate RequesterCharged SSEAlgorithm',
    ),
    UserMetadata: MAP,
  },
  NewObjectTagging: TAGS,
};

/** The operations of AWS that a job may run; inside those that are refused by name nothing is looked at. */
const OPERATION: XmlShape = {
  LambdaInvoke: { ...texts('FunctionArn InvocationSchemaVersion'), UserArguments: MAP },
  S3PutObjectCopy: COPY,
  S3PutObjectAcl: 'anything',
  S3PutObjectTagging: { TagSet: TAGS },
  S3DeleteObjectTagging: {},
  S3InitiateRestoreObject: texts('ExpirationInDays GlacierJobTier'),
  S3PutObjectLegalHold: 'anything',
  S3PutObjectRetention: 'anything',
  S3ReplicateObject: 'anything',
  S3ComputeObjectChecksum: texts('ChecksumAlgorithm ChecksumType'),
  S3UpdateObjectEncryption: 'anything',
};

const ENCRYPTION: XmlShape = {
  'SSE-S3': {},
  'SSE-KMS': texts('KmsKeyArn BucketKeyEnabled'),
  'DSSE-KMS': texts('KmsKeyArn'),
  'SSE-C': {},
  'NOT-SSE': {},
};

const GENERATOR: XmlShape = {
  ...texts('ExpectedBucketOwner SourceBucket EnableManifestOutput'),
  ManifestOutputLocation: {
    ...texts('ExpectedManifestBucketOwner Bucket ManifestPrefix ManifestFormat'),
    ManifestEncryption: { 'SSE-S3': {}, 'SSE-KMS': texts('KeyId') },
  },
  Filter: {
    ...texts('EligibleForReplication CreatedAfter CreatedBefore'),
    ...texts('ObjectSizeGreaterThanBytes ObjectSizeLessThanBytes'),
    ObjectReplicationStatuses: TEXTS,
    KeyNameConstraint: { MatchAnyPrefix: TEXTS, MatchAnySuffix: TEXTS, MatchAnySubstring: TEXTS },
    MatchAnyStorageClass: TEXTS,
    MatchAnyObjectEncryption: { 'ObjectEncryption*': ENCRYPTION },
  },
};

/** What a `<CreateJobRequest>` document holds, by AWS's service model. */
export const CREATE_JOB: XmlShape = {
  ...texts('ConfirmationRequired ClientRequestToken Description Priority RoleArn'),
  Operation: OPERATION,
  Report: texts('Bucket Format Enabled Prefix ReportScope ExpectedBucketOwner'),
  Manifest: {
    Spec: { ...texts('Format'), Fields: TEXTS },
    Location: texts('ObjectArn ObjectVersionId ETag'),
  },
  ManifestGenerator: { S3JobManifestGenerator: GENERATOR },
  Tags: TAGS,
};

/** What a `<PutJobTaggingRequest>` document holds. */
export const PUT_JOB_TAGGING: XmlShape = { Tags: TAGS };
