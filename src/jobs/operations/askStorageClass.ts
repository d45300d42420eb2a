import { l10n } from 'vscode';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import { storageClassItems } from '../../vscode/storageClasses.ts';

/** Asks for the storage class of copies. @throws BrigadeError `Cancelled`, BackPressed */
export async function askStorageClass(
  position: PromptPosition,
  before: S3CopyObjectOperation,
): Promise<S3CopyObjectOperation> {
  const { label: StorageClass } = await pick({
    ...position,
    placeholder: l10n.t('Storage class of the copies'),
    items: storageClassItems(),
    active: item => item.label === (before.StorageClass ?? 'STANDARD'),
  });
  return { ...before, StorageClass };
}
