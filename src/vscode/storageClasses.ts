import { l10n } from 'vscode';
import type { StorageClass } from '@aws-sdk/client-s3';

/** A storage class that objects can be copied into. */
export interface StorageClassItem {
  /** AWS's own name of it. */
  readonly label: StorageClassName;
  readonly description: string;
}

export type StorageClassName = Extract<
  StorageClass,
  | 'STANDARD'
  | 'INTELLIGENT_TIERING'
  | 'STANDARD_IA'
  | 'ONEZONE_IA'
  | 'GLACIER_IR'
  | 'GLACIER'
  | 'DEEP_ARCHIVE'
>;

const CLASSES: readonly (readonly [StorageClassName, () => string])[] = [
  ['STANDARD', () => l10n.t('for frequent access')],
  ['INTELLIGENT_TIERING', () => l10n.t('moves by itself; a fee for each object')],
  ['STANDARD_IA', () => l10n.t('infrequent access; 30 days at least, 128 KB at least')],
  ['ONEZONE_IA', () => l10n.t('in one Availability Zone; 30 days at least, 128 KB at least')],
  ['GLACIER_IR', () => l10n.t('archived, read at once; 90 days at least, 128 KB at least')],
  ['GLACIER', () => l10n.t('archived, restored before it is read; 90 days at least')],
  ['DEEP_ARCHIVE', () => l10n.t('archived, restored within 12 hours; 180 days at least')],
];

/** The storage classes, each with its minimum storage duration (Amazon S3 user guide). */
export function storageClassItems(): StorageClassItem[] {
  return CLASSES.map(([label, description]) => ({ label, description: description() }));
}
