import { l10n } from 'vscode';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';

/** AWS's name of an operation, as the console shows it; one that is not known as it came. */
export function operationLabel(operation: string): string {
  return operation in LABELS ? LABELS[operation as JobOperation['name']]() : operation;
}

const LABELS: Readonly<Record<JobOperation['name'], () => string>> = {
  S3PutObjectCopy: () => l10n.t('Copy'),
  S3PutObjectTagging: () => l10n.t('Replace all object tags'),
  S3DeleteObjectTagging: () => l10n.t('Delete all object tags'),
  LambdaInvoke: () => l10n.t('Invoke Lambda function'),
  S3InitiateRestoreObject: () => l10n.t('Restore'),
  S3ComputeObjectChecksum: () => l10n.t('Compute checksum'),
  S3UpdateObjectEncryption: () => l10n.t('Update object encryption'),
  S3PutObjectLegalHold: () => l10n.t('Object Lock legal hold'),
  S3PutObjectRetention: () => l10n.t('Object Lock retention'),
  S3PutObjectAcl: () => l10n.t('Replace access control list (ACL)'),
  S3ReplicateObject: () => l10n.t('Replicate'),
};

/** The codicon of an operation. */
export function operationIcon({ name }: { readonly name: JobOperation['name'] }): string {
  return ICONS[name];
}

const ICONS: Readonly<Record<JobOperation['name'], string>> = {
  S3PutObjectCopy: 'copy',
  S3PutObjectTagging: 'tag',
  S3DeleteObjectTagging: 'clear-all',
  LambdaInvoke: 'symbol-function',
  S3InitiateRestoreObject: 'history',
  S3ComputeObjectChecksum: 'verified',
  S3UpdateObjectEncryption: 'key',
  S3PutObjectLegalHold: 'law',
  S3PutObjectRetention: 'lock',
  S3PutObjectAcl: 'organization',
  S3ReplicateObject: 'mirror',
};
