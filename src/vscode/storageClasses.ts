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
  ['STANDARD', () => l10n.t('frequent access')],
  ['INTELLIGENT_TIERING', () => l10n.t('moves automatically; monitoring fee per object')],
  ['STANDARD_IA', () => l10n.t('infrequent access; minimum 30 days, 128 KB')],
  ['ONEZONE_IA', () => l10n.t('one Availability Zone; minimum 30 days, 128 KB')],
  ['GLACIER_IR', () => l10n.t('archive with instant access; minimum 90 days, 128 KB')],
  ['GLACIER', () => l10n.t('archive, restore before reading; minimum 90 days')],
  ['DEEP_ARCHIVE', () => l10n.t('archive, restored within 12 hours; minimum 180 days')],
];

/** The storage classes, each with its minimum storage duration (Amazon S3 user guide). */
export function storageClassItems(): StorageClassItem[] {
  return CLASSES.map(([label, description]) => ({ label, description: description() }));
}
