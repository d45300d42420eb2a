import { l10n } from 'vscode';
import type { Check, CheckId, Purpose } from '../../aws/preflight/check.ts';

/** What was looked at, in a few words. */
export function checkTitle({ id, reason }: Check): string {
  const isPermission =
    reason.kind === 'allowed' ||
    reason.kind === 'notAllowed' ||
    reason.kind === 'permissionUnknown';
  return isPermission ? PURPOSES[reason.purpose]() : TITLES[id]();
}

const TITLES: Readonly<Record<CheckId, () => string>> = {
  request: () => l10n.t('Request'),
  operation: () => l10n.t('Operation'),
  manifest: () => l10n.t('Manifest'),
  manifestETag: () => l10n.t('ETag of the manifest'),
  manifestRows: () => l10n.t('Rows of the manifest'),
  manifestEncryption: () => l10n.t('Encryption of the manifest'),
  manifestDuplicates: () => l10n.t('Duplicate rows'),
  objects: () => l10n.t('Objects exist'),
  versions: () => l10n.t('Versions'),
  settings: () => l10n.t('Settings of the bucket'),
  regions: () => l10n.t('Region'),
  roleTrust: () => l10n.t('Role trusts S3 Batch Operations'),
  rolePermissions: () => l10n.t('Permissions of the role'),
  keys: () => l10n.t('KMS key'),
  caller: () => l10n.t('Your permissions'),
  function: () => l10n.t('Function'),
  report: () => l10n.t('Completion report'),
  events: () => l10n.t('Event notifications'),
};

const PURPOSES: Readonly<Record<Purpose, () => string>> = {
  tag: () => l10n.t('Role can tag the objects'),
  operate: () => l10n.t('Role can perform the operation'),
  readSource: () => l10n.t('Role can read the objects'),
  readLock: () => l10n.t('Role can read Object Lock settings'),
  readReplication: () => l10n.t('Role can read replication rules'),
  useKey: () => l10n.t('Role can use the KMS key'),
  detectMissing: () => l10n.t('Role can list the bucket'),
  invoke: () => l10n.t('Role can invoke the function'),
  generateManifest: () => l10n.t('Role can find the objects'),
  writeManifest: () => l10n.t('Role can write the manifest'),
  readManifest: () => l10n.t('Role can read the manifest'),
  writeReport: () => l10n.t('Role can write the report'),
  locateBuckets: () => l10n.t('Role can locate the buckets'),
};
