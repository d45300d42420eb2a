import { settingsKind } from './operationKind.ts';
import { onBuckets, onObjects } from './permissions.ts';

const LOCK_CONFIGURATION = ['s3:GetBucketObjectLockConfiguration'];

/** Amazon S3 user guide, "S3 Object Lock legal hold" and "Granting permissions for Batch Operations". */
export const legalHold = settingsKind('S3PutObjectLegalHold', {
  permissions: (_, place) => [
    onBuckets(place, LOCK_CONFIGURATION, 'readLock'),
    onObjects(place, ['s3:PutObjectLegalHold']),
  ],
  requests: () => [{ api: 'PutObjectLegalHold', tier: 'put' }],
  warnings: ({ settings }) => [
    'needsObjectLock',
    ...(settings.LegalHold?.Status === 'ON' ? (['legalHold'] as const) : []),
  ],
  problem: ({ settings }) =>
    settings.LegalHold?.Status === undefined
      ? { kind: 'settingMissing', setting: 'LegalHold.Status' }
      : undefined,
});

/** Amazon S3 user guide, "S3 Object Lock retention": without a mode and a date it removes retention. */
export const retention = settingsKind('S3PutObjectRetention', {
  permissions: ({ settings }, place) => [
    onBuckets(place, LOCK_CONFIGURATION, 'readLock'),
    onObjects(place, [
      's3:PutObjectRetention',
      ...(settings.BypassGovernanceRetention ? ['s3:BypassGovernanceRetention'] : []),
    ]),
  ],
  requests: () => [{ api: 'PutObjectRetention', tier: 'put' }],
  warnings: ({ settings: { Retention: kept, BypassGovernanceRetention: bypass } }) => [
    'needsObjectLock',
    ...(kept?.Mode === 'COMPLIANCE' ? (['complianceForever'] as const) : []),
    ...(kept?.Mode === undefined ? (['removesRetention'] as const) : []),
    ...(bypass ? (['bypassesGovernance'] as const) : []),
  ],
  problem: ({ settings: { Retention: kept } }) => {
    if (kept === undefined) return { kind: 'settingMissing', setting: 'Retention' };
    return (kept.Mode === undefined) === (kept.RetainUntilDate === undefined)
      ? undefined
      : { kind: 'bothSettings', settings: ['Mode', 'RetainUntilDate'] };
  },
});
