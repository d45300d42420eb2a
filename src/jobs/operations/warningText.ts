import { l10n } from 'vscode';
import type { OperationWarning } from '../../aws/batchJobs/operations/operationKind.ts';

/** What a person should know before a job is created, in a sentence that fits a row of a list. */
export function warningText(warning: OperationWarning): string {
  return WARNINGS[warning]();
}

const WARNINGS: Readonly<Record<OperationWarning, () => string>> = {
  replacesAllTags: () => l10n.t('Existing tags are lost, and the job can’t be undone.'),
  removesAllTags: () => l10n.t('Existing tags are lost, and the job can’t be undone.'),
  copyLimit: () => l10n.t('Objects larger than 5 GB can’t be copied by a job; their tasks fail.'),
  copyArchived: () => l10n.t('Objects in S3 Glacier or Deep Archive must be restored first.'),
  copyOverwrites: () =>
    l10n.t('Overwrites objects of the same key, unless the bucket is versioned.'),
  copyEncryption: () =>
    l10n.t('Copies get the destination’s default encryption, not the source’s.'),
  copyMetadata: () => l10n.t('The new metadata replaces all that the source has.'),
  storageClassCost: () =>
    l10n.t('Minimum storage duration, object size and retrieval fees may apply.'),
  needsObjectLock: () => l10n.t('The bucket must have Object Lock turned on, or every task fails.'),
  complianceForever: () =>
    l10n.t('Not even the root user can shorten the retention or delete the objects.'),
  removesRetention: () => l10n.t('The retention of the objects is removed.'),
  bypassesGovernance: () =>
    l10n.t('Changes governance mode too, which the role must be allowed to bypass.'),
  legalHold: () => l10n.t('The objects can’t be deleted until the legal hold is turned off.'),
  aclDisabled: () =>
    l10n.t('Every task fails where ACLs are disabled, the default in new buckets.'),
  publicAcl: () => l10n.t('Anyone can read the objects, unless Block Public Access prevents it.'),
  restoreStartsOnly: () =>
    l10n.t('Tasks only request the restore; objects can be read hours later.'),
  restoreCost: () =>
    l10n.t('Billed per request and GB; restored copies are billed as S3 Standard.'),
  restoreBulk: () => l10n.t('Bulk takes 5 to 12 hours, up to 48 from S3 Glacier Deep Archive.'),
  restoreOneKind: () =>
    l10n.t(
      'S3 Glacier needs a number of days, S3 Intelligent-Tiering must have none: one job can’t do both.',
    ),
  checksumInReport: () =>
    l10n.t('The checksums are in the report only; the objects aren’t changed.'),
  checksumCustomerKey: () => l10n.t('Tasks fail for objects with customer-provided keys (SSE-C).'),
  encryptionUnsupported: () =>
    l10n.t('Tasks fail for objects that are unencrypted, SSE-C or DSSE-KMS.'),
  encryptionKeyAccess: () =>
    l10n.t('Users without access to the KMS key can no longer read the objects.'),
  needsReplication: () =>
    l10n.t('Only what a replication rule of the bucket matches is replicated.'),
};
