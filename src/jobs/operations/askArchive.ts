import { l10n } from 'vscode';
import type {
  ComputeObjectChecksumAlgorithm,
  S3ComputeObjectChecksumOperation,
  S3InitiateRestoreObjectOperation,
} from '@aws-sdk/client-s3-control';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';

/** Asks how objects are restored. @throws BrigadeError `Cancelled`, BackPressed */
export async function askRestore(
  position: PromptPosition,
  before: S3InitiateRestoreObjectOperation | undefined,
): Promise<S3InitiateRestoreObjectOperation> {
  const days = await askText({
    ...position,
    prompt: l10n.t(
      'Number of days that restored copies are available. Leave empty for S3 Intelligent-Tiering.',
    ),
    placeholder: l10n.t('For example: {0}', '7'),
    value: before ? String(before.ExpirationInDays ?? '') : '7',
    validate: typed =>
      typed.trim() === '' || /^[1-9]\d{0,4}$/.test(typed.trim())
        ? undefined
        : l10n.t('A whole number, 1 or greater.'),
  });
  const { tier } = await pick({
    ...position,
    placeholder: l10n.t('Retrieval tier'),
    items: [
      {
        label: l10n.t('Bulk'),
        description: l10n.t('the cheapest: 5 to 12 hours, up to 48 from Deep Archive'),
        tier: 'BULK' as const,
      },
      {
        label: l10n.t('Standard'),
        description: l10n.t(
          '3 to 5 hours, 12 from Deep Archive; S3 Batch Operations starts sooner',
        ),
        tier: 'STANDARD' as const,
      },
    ],
    active: item => item.tier === before?.GlacierJobTier,
  });
  return {
    ...(days.trim() !== '' && { ExpirationInDays: Number(days.trim()) }),
    GlacierJobTier: tier,
  };
}

const ALGORITHMS: readonly ComputeObjectChecksumAlgorithm[] = [
  'SHA256',
  'CRC64NVME',
  'CRC32C',
  'CRC32',
  'SHA1',
  'MD5',
  'SHA512',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
];

/** Asks which checksums are computed. @throws BrigadeError `Cancelled`, BackPressed */
export async function askChecksum(
  position: PromptPosition,
  before: S3ComputeObjectChecksumOperation | undefined,
): Promise<S3ComputeObjectChecksumOperation> {
  const { label: ChecksumAlgorithm } = await pick({
    ...position,
    placeholder: l10n.t('Checksum algorithm'),
    items: ALGORITHMS.map(label => ({ label })),
    active: item => item.label === (before?.ChecksumAlgorithm ?? 'SHA256'),
  });
  if (ChecksumAlgorithm === 'CRC64NVME') return { ChecksumAlgorithm, ChecksumType: 'FULL_OBJECT' };
  const { type } = await pick({
    ...position,
    placeholder: l10n.t('Select the checksum type'),
    items: [
      {
        label: l10n.t('Full Object'),
        description: l10n.t('of the whole object, as local tools compute it'),
        type: 'FULL_OBJECT' as const,
      },
      {
        label: l10n.t('Composite'),
        description: l10n.t('of the checksums of the parts, as S3 stores it for multipart uploads'),
        type: 'COMPOSITE' as const,
      },
    ],
    active: item => item.type === before?.ChecksumType,
  });
  return { ChecksumAlgorithm, ChecksumType: type };
}
