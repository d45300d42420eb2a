import type { OperationName } from '../../aws/batchJobs/jobOperation.ts';

/** What stands in a new document for an operation: enough to see what is wanted, nothing that would run. */
const OPERATIONS: Readonly<Record<OperationName, object>> = {
  S3PutObjectCopy: {
    TargetResource: 'arn:aws:s3:::DESTINATION-BUCKET',
    TargetKeyPrefix: 'copies',
    StorageClass: 'STANDARD',
  },
  S3PutObjectTagging: { TagSet: [{ Key: 'key', Value: 'value' }] },
  S3DeleteObjectTagging: {},
  LambdaInvoke: {
    FunctionArn: 'arn:aws:lambda:REGION:ACCOUNT:function:NAME',
    InvocationSchemaVersion: '2.0',
    UserArguments: { name: 'value' },
  },
  S3InitiateRestoreObject: { ExpirationInDays: 7, GlacierJobTier: 'BULK' },
  S3ComputeObjectChecksum: { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
  S3UpdateObjectEncryption: {
    ObjectEncryption: { SSEKMS: { KMSKeyArn: 'arn:aws:kms:REGION:ACCOUNT:key/ID' } },
  },
  S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } },
  S3PutObjectRetention: {
    Retention: { Mode: 'GOVERNANCE', RetainUntilDate: '2030-01-01T00:00:00Z' },
  },
  S3PutObjectAcl: {
    AccessControlPolicy: { CannedAccessControlList: 'bucket-owner-full-control' },
  },
  S3ReplicateObject: {},
};

/**
 * A request to begin with, whose words in upper case are placeholders; S3 lists the objects of a
 * bucket.
 */
export function requestTemplate(name: OperationName, partition: string): object {
  const request = {
    Operation: { [name]: OPERATIONS[name] },
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: 'arn:aws:s3:::SOURCE-BUCKET',
        EnableManifestOutput: false,
        Filter: { KeyNameConstraint: { MatchAnyPrefix: ['PREFIX/'] } },
      },
    },
    Report: {
      Enabled: true,
      Bucket: 'arn:aws:s3:::REPORT-BUCKET',
      Prefix: 'reports',
      Format: 'Report_CSV_20180820',
      ReportScope: 'AllTasks',
    },
    RoleArn: 'arn:aws:iam::ACCOUNT:role/NAME',
    Priority: 10,
    ConfirmationRequired: true,
  };
  const text = JSON.stringify(request);
  return JSON.parse(text.replaceAll('arn:aws:', `arn:${partition}:`)) as object;
}
