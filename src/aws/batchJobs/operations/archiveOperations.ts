import { settingsKind } from './operationKind.ts';
import { onObjects } from './permissions.ts';

/**
 * Amazon S3 user guide, "Restore objects with Batch Operations": each task only asks for the restore;
 * objects of S3 Glacier take days, those of S3 Intelligent-Tiering none, and one job can't have both.
 */
export const restore = settingsKind('S3InitiateRestoreObject', {
  permissions: (_, place) => [onObjects(place, ['s3:RestoreObject'])],
  requests: () => [{ api: 'RestoreObject', tier: 'other' }],
  warnings: ({ settings }) => [
    'restoreStartsOnly',
    'restoreCost',
    ...(settings.GlacierJobTier === 'BULK' ? (['restoreBulk'] as const) : []),
    'restoreOneKind',
  ],
  problem: ({ settings: { ExpirationInDays: days } }) =>
    days === undefined || (Number.isInteger(days) && days >= 1)
      ? undefined
      : { kind: 'wholeNumber', setting: 'ExpirationInDays', min: 1 },
});

/**
 * Amazon S3 user guide, "Compute checksums". The bytes are read where they are, of archived objects
 * too; the sums are in the report and nowhere else.
 */
export const computeChecksum = settingsKind('S3ComputeObjectChecksum', {
  permissions: (_, place) => [
    onObjects(place, ['s3:GetObject', 's3:GetObjectVersion', 's3:RestoreObject']),
  ],
  requests: () => [{ api: 'ComputeObjectChecksum', tier: 'other' }],
  warnings: () => ['checksumInReport', 'checksumCustomerKey'],
  problem: ({ settings: { ChecksumAlgorithm: algorithm, ChecksumType: type } }) =>
    algorithm === 'CRC64NVME' && type === 'COMPOSITE'
      ? { kind: 'compositeChecksum', algorithm }
      : undefined,
});
