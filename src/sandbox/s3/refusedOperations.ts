/**
 * What S3 has and the sandbox has not, so that its refusal can name the operation: subresource of the
 * query → the operations by method. From the S3 service model of 2006-03-01.
 */
type Methods = Readonly<Partial<Record<'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD', string>>>;

const configuration = (name: string): Methods => ({
  GET: `GetBucket${name}`,
  PUT: `PutBucket${name}`,
  DELETE: `DeleteBucket${name}`,
});

export const REFUSED_BUCKET_OPERATIONS: Readonly<Record<string, Methods>> = {
  abac: { GET: 'GetBucketAbac', PUT: 'PutBucketAbac' },
  accelerate: configuration('AccelerateConfiguration'),
  acl: configuration('Acl'),
  analytics: configuration('AnalyticsConfiguration'),
  cors: configuration('Cors'),
  delete: { POST: 'DeleteObjects' },
  encryption: configuration('Encryption'),
  'intelligent-tiering': configuration('IntelligentTieringConfiguration'),
  inventory: configuration('InventoryConfiguration'),
  lifecycle: {
    GET: 'GetBucketLifecycleConfiguration',
    PUT: 'PutBucketLifecycleConfiguration',
    DELETE: 'DeleteBucketLifecycle',
  },
  location: { GET: 'GetBucketLocation' },
  logging: configuration('Logging'),
  metadataConfiguration: {
    GET: 'GetBucketMetadataConfiguration',
    POST: 'CreateBucketMetadataConfiguration',
    DELETE: 'DeleteBucketMetadataConfiguration',
  },
  metadataAnnotationTable: { PUT: 'UpdateBucketMetadataAnnotationTableConfiguration' },
  metadataInventoryTable: { PUT: 'UpdateBucketMetadataInventoryTableConfiguration' },
  metadataJournalTable: { PUT: 'UpdateBucketMetadataJournalTableConfiguration' },
  metadataTable: {
    GET: 'GetBucketMetadataTableConfiguration',
    POST: 'CreateBucketMetadataTableConfiguration',
    DELETE: 'DeleteBucketMetadataTableConfiguration',
  },
  metrics: configuration('MetricsConfiguration'),
  notification: {
    GET: 'GetBucketNotificationConfiguration',
    PUT: 'PutBucketNotificationConfiguration',
  },
  'object-lock': { GET: 'GetObjectLockConfiguration', PUT: 'PutObjectLockConfiguration' },
  ownershipControls: configuration('OwnershipControls'),
  policy: configuration('Policy'),
  policyStatus: { GET: 'GetBucketPolicyStatus' },
  publicAccessBlock: {
    GET: 'GetPublicAccessBlock',
    PUT: 'PutPublicAccessBlock',
    DELETE: 'DeletePublicAccessBlock',
  },
  replication: configuration('Replication'),
  requestPayment: { GET: 'GetBucketRequestPayment', PUT: 'PutBucketRequestPayment' },
  session: { GET: 'CreateSession' },
  tagging: configuration('Tagging'),
  uploads: { GET: 'ListMultipartUploads' },
  versioning: { GET: 'GetBucketVersioning', PUT: 'PutBucketVersioning' },
  versions: { GET: 'ListObjectVersions' },
  website: configuration('Website'),
};

export const REFUSED_OBJECT_OPERATIONS: Readonly<Record<string, Methods>> = {
  acl: { GET: 'GetObjectAcl', PUT: 'PutObjectAcl' },
  // ListObjectAnnotations has the same address.
  annotation: {
    GET: 'GetObjectAnnotation',
    PUT: 'PutObjectAnnotation',
    DELETE: 'DeleteObjectAnnotation',
  },
  attributes: { GET: 'GetObjectAttributes' },
  encryption: { PUT: 'UpdateObjectEncryption' },
  'legal-hold': { GET: 'GetObjectLegalHold', PUT: 'PutObjectLegalHold' },
  renameObject: { PUT: 'RenameObject' },
  restore: { POST: 'RestoreObject' },
  retention: { GET: 'GetObjectRetention', PUT: 'PutObjectRetention' },
  select: { POST: 'SelectObjectContent' },
  tagging: {
    GET: 'GetObjectTagging',
    PUT: 'PutObjectTagging',
    DELETE: 'DeleteObjectTagging',
  },
  torrent: { GET: 'GetObjectTorrent' },
  uploads: { POST: 'CreateMultipartUpload' },
  uploadId: {
    GET: 'ListParts',
    PUT: 'UploadPart',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
  },
};
