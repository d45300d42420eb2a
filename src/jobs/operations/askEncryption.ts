import { l10n } from 'vscode';
import type {
  S3CopyObjectOperation,
  S3UpdateObjectEncryptionOperation,
} from '@aws-sdk/client-s3-control';
import { isKeyArn } from '../../aws/batchJobs/operations/permissions.ts';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';

/** How copies are encrypted, on one line. */
export function encryptionText(settings: S3CopyObjectOperation): string {
  switch (settings.NewObjectMetadata?.SSEAlgorithm) {
    case 'AES256':
      return l10n.t('SSE-S3');
    case 'KMS':
      return l10n.t('SSE-KMS {0}', settings.SSEAwsKmsKeyId ?? '').trim();
    default:
      return l10n.t('default encryption of the destination bucket');
  }
}

/** Asks how copies are encrypted. @throws BrigadeError `Cancelled`, BackPressed */
export async function askEncryption(
  position: PromptPosition,
  before: S3CopyObjectOperation,
): Promise<S3CopyObjectOperation> {
  const { NewObjectMetadata, SSEAwsKmsKeyId: key, BucketKeyEnabled, ...rest } = before;
  const { SSEAlgorithm, ...metadata } = NewObjectMetadata ?? {};
  const { choice } = await pick({
    ...position,
    placeholder: l10n.t('Encryption of the copies'),
    items: [
      { label: l10n.t('Bucket Default'), choice: undefined },
      {
        label: l10n.t('SSE-S3'),
        description: l10n.t('S3 managed keys'),
        choice: 'AES256' as const,
      },
      { label: l10n.t('SSE-KMS…'), description: l10n.t('a KMS key'), choice: 'KMS' as const },
    ],
    active: item => item.choice === SSEAlgorithm,
  });
  const hasMetadata = Object.keys(metadata).length > 0;
  if (choice === undefined) {
    return { ...rest, ...(hasMetadata && { NewObjectMetadata: metadata }) };
  }
  const encrypted = { ...rest, NewObjectMetadata: { ...metadata, SSEAlgorithm: choice } };
  if (choice === 'AES256') return encrypted;
  const SSEAwsKmsKeyId = await askKey(position, key);
  const asks = await askBucketKey(position, BucketKeyEnabled);
  return { ...encrypted, SSEAwsKmsKeyId, BucketKeyEnabled: asks };
}

/** Asks by which KMS key objects are encrypted. @throws BrigadeError `Cancelled`, BackPressed */
export async function askNewEncryption(
  position: PromptPosition,
  before: S3UpdateObjectEncryptionOperation | undefined,
): Promise<S3UpdateObjectEncryptionOperation> {
  const { KMSKeyArn: key, BucketKeyEnabled: enabled } = before?.ObjectEncryption?.SSEKMS ?? {};
  const KMSKeyArn = await askKey(position, key);
  const BucketKeyEnabled = await askBucketKey(position, enabled);
  return { ObjectEncryption: { SSEKMS: { KMSKeyArn, BucketKeyEnabled } } };
}

/** The role's policy can name a key by its ARN only. */
async function askKey(position: PromptPosition, value = ''): Promise<string> {
  const example = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const typed = await askText({
    ...position,
    prompt: l10n.t('ARN of the KMS key, which must be in the Region of the objects'),
    placeholder: example,
    value,
    validate: text => (isKeyArn(text.trim()) ? undefined : l10n.t('For example: {0}', example)),
  });
  return typed.trim();
}

async function askBucketKey(
  position: PromptPosition,
  before: boolean | undefined,
): Promise<boolean> {
  const { enabled } = await pick({
    ...position,
    placeholder: l10n.t('Use an S3 Bucket Key?'),
    items: [
      {
        label: l10n.t('Use Bucket Key'),
        description: l10n.t('fewer requests to KMS, so less cost'),
        enabled: true,
      },
      {
        label: l10n.t('No Bucket Key'),
        description: l10n.t('a request to KMS for each object'),
        enabled: false,
      },
    ],
    active: item => item.enabled === before,
  });
  return enabled;
}
