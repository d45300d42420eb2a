import { JobOperation$ } from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import type { JobOperation } from '../../../src/aws/batchJobs/jobOperation.ts';
import {
  OPERATION_NAMES,
  operationName,
  operationOf,
  operationProblem,
  requestsOf,
  roleOperation,
  sdkOperation,
  warningsOf,
} from '../../../src/aws/batchJobs/operations/operations.ts';
import type { Problem } from '../../../src/aws/problems.ts';
import { batchRolePolicy } from '../../../src/aws/roles/rolePolicy.ts';

import { problemText } from '../../../src/vscode/problemTexts.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const DATE = new Date('2031-01-30T00:00:00Z');

/** One of each, with much of what it may be told. */
const EACH: Readonly<Record<JobOperation['name'], JobOperation>> = {
  S3PutObjectTagging: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
  S3DeleteObjectTagging: { name: 'S3DeleteObjectTagging' },
  LambdaInvoke: {
    name: 'LambdaInvoke',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    schemaVersion: '2.0',
    userArguments: { width: '100' },
  },
  S3PutObjectCopy: {
    name: 'S3PutObjectCopy',
    settings: {
      TargetResource: 'arn:aws:s3:::archive',
      TargetKeyPrefix: '2026',
      StorageClass: 'GLACIER',
      MetadataDirective: 'REPLACE',
      NewObjectMetadata: { ContentType: 'image/png', SSEAlgorithm: 'KMS' },
      NewObjectTagging: [{ Key: 'a', Value: 'b' }],
      SSEAwsKmsKeyId: KEY,
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: DATE,
      CannedAccessControlList: 'public-read',
    },
  },
  S3PutObjectAcl: {
    name: 'S3PutObjectAcl',
    settings: { AccessControlPolicy: { CannedAccessControlList: 'bucket-owner-full-control' } },
  },
  S3InitiateRestoreObject: {
    name: 'S3InitiateRestoreObject',
    settings: { ExpirationInDays: 3, GlacierJobTier: 'BULK' },
  },
  S3PutObjectLegalHold: {
    name: 'S3PutObjectLegalHold',
    settings: { LegalHold: { Status: 'ON' } },
  },
  S3PutObjectRetention: {
    name: 'S3PutObjectRetention',
    settings: {
      BypassGovernanceRetention: true,
      Retention: { Mode: 'GOVERNANCE', RetainUntilDate: DATE },
    },
  },
  S3ReplicateObject: { name: 'S3ReplicateObject', settings: {} },
  S3ComputeObjectChecksum: {
    name: 'S3ComputeObjectChecksum',
    settings: { ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' },
  },
  S3UpdateObjectEncryption: {
    name: 'S3UpdateObjectEncryption',
    settings: { ObjectEncryption: { SSEKMS: { KMSKeyArn: KEY, BucketKeyEnabled: true } } },
  },
};

function actions(operation: JobOperation): string[] {
  const place = { partition: 'aws', targets: [{ bucket: 'images', prefix: 'in/' }] };
  const { Statement } = batchRolePolicy({
    partition: 'aws',
    operation: roleOperation(operation, place),
    manifest: { bucket: 'assets', key: 'manifest.csv' },
  });
  return Statement.filter(({ Sid }) => Sid !== 'Manifest' && Sid !== 'Location').map(
    ({ Action, Resource }) => `${[Action].flat().join(' ')} on ${[Resource].flat().join(' ')}`,
  );
}

describe('the operations of CreateJob', () => {
  it('are all that the SDK knows', () => {
    const [, , , , members] = JobOperation$;
    expect([...OPERATION_NAMES].sort()).toEqual([...members].sort());
  });

  it.each(OPERATION_NAMES)('%s loses nothing on its way to AWS and back', name => {
    const sdk = sdkOperation(EACH[name]);
    expect(operationName(sdk)).toBe(name);
    expect(operationOf(sdk)).toEqual(EACH[name]);
    expect(operationProblem(EACH[name])).toBeUndefined();
    expect(requestsOf(EACH[name])).toHaveLength(1);
  });

  it('know nothing of what AWS may have in years to come', () => {
    expect(operationOf({ S3Future: {} } as never)).toBeUndefined();
    expect(operationOf({})).toBeUndefined();
    expect(operationOf(undefined)).toBeUndefined();
  });

  it('need of a role what they do and no more', () => {
    const found = 's3:ListBucket on arn:aws:s3:::images';
    const objects = 'arn:aws:s3:::images/in/*';
    expect(Object.fromEntries(OPERATION_NAMES.map(name => [name, actions(EACH[name])]))).toEqual({
      S3PutObjectCopy: [
        `s3:GetObject s3:GetObjectVersion on ${objects}`,
        's3:PutObject s3:PutObjectTagging s3:PutObjectAcl s3:PutObjectRetention on arn:aws:s3:::archive/2026/*',
        `kms:GenerateDataKey kms:Decrypt on ${KEY}`,
        found,
      ],
      S3PutObjectTagging: [`s3:PutObjectTagging s3:PutObjectVersionTagging on ${objects}`, found],
      S3DeleteObjectTagging: [
        `s3:DeleteObjectTagging s3:DeleteObjectVersionTagging on ${objects}`,
        found,
      ],
      LambdaInvoke: [
        'lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:f arn:aws:lambda:eu-west-1:123456789012:function:f:*',
      ],
      S3InitiateRestoreObject: [`s3:RestoreObject on ${objects}`, found],
      S3ComputeObjectChecksum: [
        `s3:GetObject s3:GetObjectVersion s3:RestoreObject on ${objects}`,
        found,
      ],
      S3UpdateObjectEncryption: [
        `s3:PutObject s3:UpdateObjectEncryption on ${objects}`,
        `kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:ReEncrypt* on ${KEY}`,
        found,
      ],
      S3PutObjectLegalHold: [
        's3:GetBucketObjectLockConfiguration on arn:aws:s3:::images',
        `s3:PutObjectLegalHold on ${objects}`,
        found,
      ],
      S3PutObjectRetention: [
        's3:GetBucketObjectLockConfiguration on arn:aws:s3:::images',
        `s3:PutObjectRetention s3:BypassGovernanceRetention on ${objects}`,
        found,
      ],
      S3PutObjectAcl: [`s3:PutObjectAcl s3:PutObjectVersionAcl on ${objects}`, found],
      S3ReplicateObject: [
        `s3:InitiateReplication on ${objects}`,
        's3:GetReplicationConfiguration on arn:aws:s3:::images',
        found,
      ],
    });
  });

  it('read the tags of what they copy unless others are given', () => {
    const settings = { TargetResource: 'arn:aws:s3:::archive' };
    expect(actions({ name: 'S3PutObjectCopy', settings })).toEqual([
      's3:GetObject s3:GetObjectVersion s3:GetObjectTagging s3:GetObjectVersionTagging on arn:aws:s3:::images/in/*',
      's3:PutObject s3:PutObjectTagging on arn:aws:s3:::archive/*',
      's3:ListBucket on arn:aws:s3:::images',
    ]);
    expect(
      actions({ name: 'S3PutObjectCopy', settings: { ...settings, NewObjectTagging: [] } }),
    ).toEqual([
      's3:GetObject s3:GetObjectVersion on arn:aws:s3:::images/in/*',
      's3:PutObject s3:PutObjectTagging on arn:aws:s3:::archive/*',
      's3:ListBucket on arn:aws:s3:::images',
    ]);
  });

  it('warn of what can’t be undone, is refused or paid for', () => {
    const { S3PutObjectCopy, S3PutObjectRetention, S3InitiateRestoreObject } = EACH;
    expect(warningsOf(S3PutObjectCopy)).toEqual([
      'copyLimit',
      'copyArchived',
      'copyOverwrites',
      'copyMetadata',
      'storageClassCost',
      'needsObjectLock',
      'complianceForever',
      'aclDisabled',
      'publicAcl',
    ]);
    expect(warningsOf(S3PutObjectRetention)).toEqual(['needsObjectLock', 'bypassesGovernance']);
    expect(warningsOf(S3InitiateRestoreObject)).toContain('restoreBulk');
  });

  const b = 'arn:aws:s3:::b';
  const f = 'arn:aws:lambda:us-east-1:111122223333:function:f';
  const invoke = { name: 'LambdaInvoke', functionArn: f, schemaVersion: '2.0' } as const;
  const wrong: readonly (readonly [JobOperation, Problem])[] = [
    [
      { name: 'S3PutObjectCopy', settings: {} },
      { kind: 'bucketArn', setting: 'TargetResource' },
    ],
    [
      { name: 'S3PutObjectCopy', settings: { TargetResource: `${b}/key` } },
      { kind: 'bucketArn', setting: 'TargetResource' },
    ],
    [
      { name: 'S3PutObjectCopy', settings: { TargetResource: b, TargetKeyPrefix: '' } },
      { kind: 'settingLength', setting: 'TargetKeyPrefix', max: 1024 },
    ],
    [
      { name: 'S3PutObjectCopy', settings: { TargetResource: b, ObjectLockMode: 'COMPLIANCE' } },
      { kind: 'bothSettings', settings: ['ObjectLockMode', 'ObjectLockRetainUntilDate'] },
    ],
    [
      {
        name: 'S3PutObjectCopy',
        settings: { TargetResource: b, NewObjectTagging: [{ Key: 'aws:k', Value: '' }] },
      },
      {
        kind: 'tags',
        problem: { index: 0, field: 'key', problem: 'reserved' },
        key: 'aws:k',
      },
    ],
    [
      { name: 'S3InitiateRestoreObject', settings: { ExpirationInDays: 0 } },
      { kind: 'wholeNumber', setting: 'ExpirationInDays', min: 1 },
    ],
    [
      { name: 'S3PutObjectRetention', settings: { Retention: { Mode: 'GOVERNANCE' } } },
      { kind: 'bothSettings', settings: ['Mode', 'RetainUntilDate'] },
    ],
    [
      { name: 'S3PutObjectRetention', settings: { Retention: undefined } },
      { kind: 'settingMissing', setting: 'Retention' },
    ],
    [
      { name: 'S3PutObjectLegalHold', settings: { LegalHold: undefined } },
      { kind: 'settingMissing', setting: 'LegalHold.Status' },
    ],
    [
      { name: 'S3PutObjectAcl', settings: {} },
      { kind: 'oneSetting', settings: ['CannedAccessControlList', 'AccessControlList'] },
    ],
    [
      { name: 'S3UpdateObjectEncryption', settings: {} },
      { kind: 'keyArn', setting: 'ObjectEncryption.SSEKMS.KMSKeyArn' },
    ],
    [
      {
        name: 'S3ComputeObjectChecksum',
        settings: { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
      },
      { kind: 'compositeChecksum', algorithm: 'CRC64NVME' },
    ],
    [{ ...invoke, functionArn: b }, { kind: 'functionArn' }],
    [
      { ...invoke, schemaVersion: '1.0', userArguments: { a: '1' } },
      { kind: 'userArgumentsSchema' },
    ],
    [
      {
        ...invoke,
        userArguments: Object.fromEntries(Array.from('abcdefghijk').map(name => [name, '1'])),
      },
      { kind: 'manyUserArguments', max: 10 },
    ],
    [
      { ...invoke, userArguments: { a: '' } },
      { kind: 'userArgument', maxName: 64, maxValue: 1024 },
    ],
    [
      { name: 'S3PutObjectTagging', tags: [{ key: '', value: '' }] },
      { kind: 'tags', problem: { index: 0, field: 'key', problem: 'empty' }, key: '' },
    ],
  ];
  it.each(wrong)('refuse what AWS would refuse: %j', (operation, problem) => {
    expect(operationProblem(operation)).toEqual(problem);
    expect(problemText(problem)).toMatch(/^[A-Z].*\.$/);
  });
});
