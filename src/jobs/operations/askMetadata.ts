import { l10n } from 'vscode';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { formatMetadata, parseMetadata, untouched } from './metadataLine.ts';

/** What happens to the metadata of what is copied, on one line. */
export function metadataText(settings: S3CopyObjectOperation): string {
  return settings.MetadataDirective === 'REPLACE'
    ? formatMetadata(settings.NewObjectMetadata ?? {}) || l10n.t('none')
    : l10n.t('same as the source');
}

/**
 * Asks for the metadata of copies: that of the source, or other. There is no way to add to what each
 * object has: S3 replaces all of it.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askMetadata(
  position: PromptPosition,
  before: S3CopyObjectOperation,
): Promise<S3CopyObjectOperation> {
  const { NewObjectMetadata = {}, MetadataDirective, ...rest } = before;
  const { SSEAlgorithm } = NewObjectMetadata;
  const encryption = SSEAlgorithm && { SSEAlgorithm };
  const { replaces } = await pick({
    ...position,
    placeholder: l10n.t('Metadata of the copies'),
    items: [
      { label: l10n.t('Copy from Source'), replaces: false },
      {
        label: l10n.t('Replace…'),
        description: l10n.t('the source’s metadata isn’t copied'),
        replaces: true,
      },
    ],
    active: item => item.replaces === (MetadataDirective === 'REPLACE'),
  });
  if (!replaces) {
    return { ...rest, ...(encryption && { NewObjectMetadata: encryption }) };
  }
  const text = await askText({
    ...position,
    prompt: l10n.t('Headers and metadata of all copies: name=value, separated by semicolons'),
    placeholder: l10n.t('For example: Content-Type=image/png; Cache-Control=no-cache; project=x'),
    value: formatMetadata(NewObjectMetadata),
    validate: typed =>
      parseMetadata(typed)
        ? undefined
        : l10n.t('Enter name=value. A name can have letters, digits and -.'),
  });
  const kept = untouched(NewObjectMetadata);
  const metadata = { ...kept, ...parseMetadata(text), ...encryption };
  return { ...rest, MetadataDirective: 'REPLACE', NewObjectMetadata: metadata };
}
