import { settingsKind } from './operationKind.ts';
import { isKeyArn, onBuckets, onKey, onObjects } from './permissions.ts';

/**
 * Amazon S3 user guide, "Replace access control list (ACL)". Where a bucket's owner owns all objects,
 * as in new buckets, ACLs are disabled and every task fails.
 */
export const putAcl = settingsKind('S3PutObjectAcl', {
  permissions: (_, place) => [onObjects(place, ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'])],
  requests: () => [{ api: 'PutObjectAcl', tier: 'put' }],
  warnings: ({ settings: { AccessControlPolicy: policy } }) => [
    'aclDisabled',
    ...(policy?.CannedAccessControlList?.startsWith('public-') ? (['publicAcl'] as const) : []),
  ],
  problem: ({ settings: { AccessControlPolicy: policy } }) => {
    const { CannedAccessControlList: canned, AccessControlList: list } = policy ?? {};
    return (canned === undefined) === (list === undefined)
      ? { kind: 'oneSetting', settings: ['CannedAccessControlList', 'AccessControlList'] }
      : undefined;
  },
});

/**
 * Amazon S3 user guide, "Update object encryption", and API reference, "UpdateObjectEncryption", which
 * lists what it has to be permitted. Objects keep their bytes, storage class and dates.
 */
export const updateEncryption = settingsKind('S3UpdateObjectEncryption', {
  permissions: ({ settings }, place) => [
    onObjects(place, ['s3:PutObject', 's3:UpdateObjectEncryption']),
    ...onKey(settings.ObjectEncryption?.SSEKMS?.KMSKeyArn, [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'kms:ReEncrypt*',
    ]),
  ],
  requests: () => [{ api: 'UpdateObjectEncryption', tier: 'put' }],
  warnings: () => ['encryptionUnsupported', 'encryptionKeyAccess'],
  problem: ({ settings }) =>
    isKeyArn(settings.ObjectEncryption?.SSEKMS?.KMSKeyArn ?? '')
      ? undefined
      : { kind: 'keyArn', setting: 'ObjectEncryption.SSEKMS.KMSKeyArn' },
});

/** Amazon S3 user guide, "Replicating existing objects with Batch Replication". */
export const replicate = settingsKind('S3ReplicateObject', {
  permissions: (_, place) => [
    onObjects(place, ['s3:InitiateReplication']),
    onBuckets(place, ['s3:GetReplicationConfiguration'], 'readReplication'),
  ],
  requests: () => [{ api: 'ReplicateObject', tier: 'put' }],
  warnings: () => ['needsReplication'],
  problem: () => undefined,
});
