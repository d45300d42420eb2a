import { ThemeIcon, l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { copyTarget } from '../../aws/batchJobs/operations/copy.ts';
import { bucketArn, formatS3Uri } from '../../aws/s3Uri.ts';
import { formatTagText } from '../../aws/objects/tagText.ts';
import type { Session } from '../../services.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { askEncryption, encryptionText } from './askEncryption.ts';
import { askCopyLock, lockText } from './askLock.ts';
import { askMetadata, metadataText } from './askMetadata.ts';
import { askStorageClass } from './askStorageClass.ts';
import { askCopyTags } from './askTags.ts';

type Settings = S3CopyObjectOperation;

interface CopyItem extends QuickPickItem {
  /** Absent: what was chosen is enough. */
  readonly change?: (position: PromptPosition, before: Settings) => Promise<Settings>;
}

/**
 * Asks where objects are copied to, and shows what else can be said of the copies: each can be chosen,
 * and what is not keeps what a copy has without it.
 *
 * @param before what a job had that is cloned: what is not asked about here stays as it is
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askCopy(
  position: PromptPosition,
  session: Session,
  before: Settings | undefined,
): Promise<Settings> {
  let settings = before ?? (await askDestination(position, session, {}));
  for (;;) {
    const { change } = await pick<CopyItem>({
      ...position,
      placeholder: l10n.t('Copy to {0}: select what to change', destinationText(settings)),
      items: items(session, settings),
    });
    if (change === undefined) return settings;
    try {
      settings = await change({ ...position, canGoBack: true }, settings);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function items(session: Session, settings: Settings): CopyItem[] {
  const { StorageClass: storage = '', NewObjectTagging: tags } = settings;
  const option = (
    icon: string,
    label: string,
    description: string,
    change: NonNullable<CopyItem['change']>,
  ): CopyItem => ({ label, description, iconPath: new ThemeIcon(icon), change });
  return [
    { label: l10n.t('Continue'), iconPath: new ThemeIcon('arrow-right') },
    { label: l10n.t('Copies'), kind: QuickPickItemKind.Separator },
    option('folder-opened', l10n.t('Destination'), destinationText(settings), (position, now) =>
      askDestination(position, session, now),
    ),
    option(
      'database',
      l10n.t('Storage Class'),
      storage === '' ? l10n.t('STANDARD') : storage,
      askStorageClass,
    ),
    option('key', l10n.t('Encryption'), encryptionText(settings), askEncryption),
    option('note', l10n.t('Metadata'), metadataText(settings), askMetadata),
    option(
      'tag',
      l10n.t('Tags'),
      tags === undefined ? l10n.t('same as the source') : tagsText(tags),
      askCopyTags,
    ),
    option('lock', l10n.t('Object Lock'), lockText(settings), askCopyLock),
  ];
}

function tagsText(tags: NonNullable<Settings['NewObjectTagging']>): string {
  if (tags.length === 0) return l10n.t('none');
  return formatTagText(tags.map(({ Key: key = '', Value: value = '' }) => ({ key, value })));
}

function destinationText(settings: Settings): string {
  const bucket = copyTarget(settings);
  const { TargetKeyPrefix: prefix = '', TargetResource = '' } = settings;
  return bucket === undefined
    ? TargetResource
    : formatS3Uri({ bucket, key: prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/` });
}

async function askDestination(
  position: PromptPosition,
  { clients }: Session,
  before: Settings,
): Promise<Settings> {
  const bucket = copyTarget(before);
  const { TargetKeyPrefix: prefix, ...rest } = before;
  const chosen = await pickS3Location(clients, {
    ...position,
    kind: 'folder',
    question: l10n.t('Destination of the copies'),
    ...(bucket !== undefined && { from: { bucket, ...(prefix && { key: `${prefix}/` }) } }),
  });
  const key = chosen.key?.replace(/\/$/, '') ?? '';
  return {
    ...rest,
    TargetResource: bucketArn(clients.partition, chosen.bucket),
    // S3 puts the slash between the prefix and the key itself.
    ...(key !== '' && { TargetKeyPrefix: key }),
  };
}
