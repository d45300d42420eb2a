import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { tagProblem } from '../../objects/tagRules.ts';
import type { Problem } from '../../problems.ts';
import { below } from '../../roles/policyStatement.ts';
import { parseS3Arn } from '../../s3Uri.ts';
import { MAX_KEY_FILTER_LENGTH } from '../jobRules.ts';
import { settingsKind, type OperationWarning } from './operationKind.ts';
import { onKey, onObjects } from './permissions.ts';

/** The bucket a copy job writes to; undefined where its ARN is none of a bucket. */
export function copyTarget({ TargetResource = '' }: S3CopyObjectOperation): string | undefined {
  const address = parseS3Arn(TargetResource);
  return address !== undefined && address.key === undefined ? address.bucket : undefined;
}

/**
 * Amazon S3 user guide, "Copy objects" and "Granting permissions for Batch Operations". Tags are read
 * of the source unless others are given; what is not asked for is not permitted.
 */
export const copy = settingsKind('S3PutObjectCopy', {
  permissions: ({ settings }, place) => {
    const bucket = copyTarget(settings);
    const destination = bucket ?? '';
    const resources = [below(place.partition, destination, targetPrefix(settings))];
    return [
      onObjects(place, readActions(settings), 'readSource'),
      { purpose: 'operate', actions: writeActions(settings), resources },
      ...onKey(settings.SSEAwsKmsKeyId, ['kms:GenerateDataKey', 'kms:Decrypt']),
    ];
  },
  requests: () => [{ api: 'CopyObject', tier: 'put' }],
  warnings: ({ settings }) => copyWarnings(settings),
  problem: ({ settings }) => copyProblem(settings),
});

/** S3 puts a slash between the prefix and the key; one at its end makes no second (sandbox and AWS). */
function targetPrefix({ TargetKeyPrefix: prefix = '' }: S3CopyObjectOperation): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function readActions({ NewObjectTagging: tags }: S3CopyObjectOperation): string[] {
  const copied = tags === undefined ? ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'] : [];
  return ['s3:GetObject', 's3:GetObjectVersion', ...copied];
}

function writeActions(settings: S3CopyObjectOperation): string[] {
  const { CannedAccessControlList: canned, AccessControlGrants: grants = [] } = settings;
  return [
    's3:PutObject',
    // For an empty set too: it is written in place of the source's.
    's3:PutObjectTagging',
    ...(canned !== undefined || grants.length > 0 ? ['s3:PutObjectAcl'] : []),
    ...(settings.ObjectLockMode === undefined ? [] : ['s3:PutObjectRetention']),
    ...(settings.ObjectLockLegalHoldStatus === undefined ? [] : ['s3:PutObjectLegalHold']),
  ];
}

function copyWarnings(settings: S3CopyObjectOperation): OperationWarning[] {
  const { StorageClass: storage, ObjectLockMode: lock } = settings;
  const locks = lock !== undefined || settings.ObjectLockLegalHoldStatus !== undefined;
  const acl = settings.CannedAccessControlList;
  const hasAcl = acl !== undefined || (settings.AccessControlGrants ?? []).length > 0;
  const encrypts = settings.NewObjectMetadata?.SSEAlgorithm ?? settings.SSEAwsKmsKeyId;
  return [
    'copyLimit',
    'copyArchived',
    'copyOverwrites',
    ...(encrypts === undefined ? (['copyEncryption'] as const) : []),
    ...(settings.MetadataDirective === 'REPLACE' ? (['copyMetadata'] as const) : []),
    ...(storage === undefined || storage === 'STANDARD' ? [] : (['storageClassCost'] as const)),
    ...(locks ? (['needsObjectLock'] as const) : []),
    ...(lock === 'COMPLIANCE' ? (['complianceForever'] as const) : []),
    ...(hasAcl ? (['aclDisabled'] as const) : []),
    ...(acl?.startsWith('public-') ? (['publicAcl'] as const) : []),
  ];
}

/** Limits of the S3 Control service model, S3CopyObjectOperation. */
function copyProblem(settings: S3CopyObjectOperation): Problem | undefined {
  const { NewObjectTagging: given = [], TargetKeyPrefix: prefix } = settings;
  if (!isTarget(settings)) return { kind: 'bucketArn', setting: 'TargetResource' };
  if (prefix !== undefined && (prefix === '' || prefix.length > MAX_KEY_FILTER_LENGTH)) {
    return { kind: 'settingLength', setting: 'TargetKeyPrefix', max: MAX_KEY_FILTER_LENGTH };
  }
  if (
    (settings.ObjectLockMode === undefined) !==
    (settings.ObjectLockRetainUntilDate === undefined)
  ) {
    return { kind: 'bothSettings', settings: ['ObjectLockMode', 'ObjectLockRetainUntilDate'] };
  }
  return tagProblem(given.map(({ Key: key = '', Value: value = '' }) => ({ key, value })));
}

/** A general purpose bucket, a directory bucket, or an access point. */
function isTarget(settings: S3CopyObjectOperation): boolean {
  const { TargetResource = '' } = settings;
  return (
    copyTarget(settings) !== undefined ||
    /^arn:[^:]+:s3(express)?:[^:]+:\d{12}:.+/.test(TargetResource)
  );
}
