import { l10n } from 'vscode';
import type { UnfinishedUpload } from '../../aws/objects/unfinishedUploads.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import type { Block, Cell, PageAction, PageModel } from '../../vscode/page/protocol.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';

/** So many are shown; all of them are counted, and can be aborted. */
export const MAX_SHOWN = 500;

/** An unfinished upload with what is known of it here. */
export interface UploadEntry {
  readonly upload: UnfinishedUpload;
  /** Some window uploads it just now. */
  readonly isWorking: boolean;
  /** The task of the worker that continues it. */
  readonly task?: string;
  /** When it was begun, or its newest part came; as far as that was asked for. */
  readonly activeAt?: Date;
  /** The URI of the local file it can be resumed from. */
  readonly source?: string;
  /** Bytes of its parts; absent until they were asked for, or where they can't be. */
  readonly bytes?: number;
}

export interface UnfinishedState {
  readonly bucket: string;
  /** Whose bucket it is. */
  readonly owner: string;
  readonly readAt: Date;
  readonly entries: readonly UploadEntry[];
  /** Sizes are still being asked for. */
  readonly isMeasuring: boolean;
}

/** The page of a bucket's unfinished uploads. */
export function unfinishedModel(state: UnfinishedState): PageModel {
  const { bucket, owner, readAt, entries } = state;
  return {
    title: l10n.t('Incomplete Multipart Uploads in {0}', bucket),
    subtitle: l10n.t('{0} · as of {1}', owner, formatDate(readAt)),
    blocks: [
      { kind: 'text', text: summary(state), isLive: true },
      { kind: 'actions', actions: actions(state) },
      ...(entries.length > 0 ? [table(state)] : []),
      ...(entries.length > MAX_SHOWN ? [cutNote(entries.length)] : []),
      ...(entries.length > 0 ? [aboutLifecycle()] : []),
    ],
  };
}

function summary({ entries, isMeasuring }: UnfinishedState): string {
  if (entries.length === 0) {
    return l10n.t(
      'No incomplete multipart uploads. Every multipart upload was completed or aborted.',
    );
  }
  const bytes = formatSize(entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0));
  const known = entries.every(entry => entry.bytes !== undefined);
  const count =
    entries.length === 1
      ? l10n.t('1 incomplete multipart upload')
      : l10n.t('{0} incomplete multipart uploads', formatCount(entries.length));
  if (known)
    return l10n.t('{0}: {1} that you pay for but that bucket listings don’t show.', count, bytes);
  return isMeasuring
    ? l10n.t('{0}: {1} so far; more sizes are being read.', count, bytes)
    : l10n.t(
        '{0}: at least {1} that you pay for but that bucket listings don’t show.',
        count,
        bytes,
      );
}

function actions({ entries }: UnfinishedState): PageAction[] {
  const idle = entries.filter(({ isWorking }) => !isWorking).length;
  return [
    ...(entries.length > 1
      ? [{ id: 'abortSeveral', label: l10n.t('Select Uploads to Abort…') }]
      : []),
    ...(idle > 0 && entries.length > 1
      ? [
          {
            id: 'abortAll',
            label: l10n.t('Abort All {0}…', formatCount(idle)),
            tooltip: notWorking(),
          },
        ]
      : []),
    { id: 'refresh', label: l10n.t('Refresh') },
  ];
}

function notWorking(): string {
  return l10n.t('All except those being uploaded now');
}

function table({ entries, readAt }: UnfinishedState): Block {
  return {
    kind: 'table',
    label: l10n.t('Incomplete multipart uploads'),
    columns: [
      { title: l10n.t('Key') },
      { title: l10n.t('Size'), isNumber: true },
      { title: l10n.t('Started') },
      { title: l10n.t('Initiated By') },
      { title: l10n.t('Storage Class') },
      { title: l10n.t('State') },
      { title: l10n.t('Resume') },
      { title: l10n.t('Abort') },
    ],
    rows: entries.slice(0, MAX_SHOWN).map(entry => row(entry, readAt)),
  };
}

/** Nobody here knows of it, and it was worked on within so many milliseconds: somebody else may do so now. */
const QUIET_MS = 60 * 60 * 1000;

/** Whether a program that is not known here may be uploading it. */
export function mayBeWorking(
  { isWorking, source, task, activeAt }: UploadEntry,
  now: Date,
): boolean {
  if (isWorking || source !== undefined || task !== undefined || !activeAt) return false;
  return now.getTime() - activeAt.getTime() < QUIET_MS;
}

function stateOf(entry: UploadEntry, readAt: Date): string {
  if (entry.isWorking) return l10n.t('Being uploaded now');
  return mayBeWorking(entry, readAt)
    ? l10n.t('Active elsewhere within the last hour')
    : l10n.t('Interrupted');
}

function row(entry: UploadEntry, readAt: Date): Cell[] {
  const { upload, isWorking, source, task, bytes } = entry;
  const { key, uploadId, initiated, initiator = '', storageClass = '' } = upload;
  return [
    visible(key),
    bytes === undefined ? '…' : formatSize(bytes),
    initiated ? formatDate(initiated) : '',
    visible(initiator),
    storageClass,
    stateOf(entry, readAt),
    isWorking || (source === undefined && task === undefined)
      ? isWorking
        ? ''
        : l10n.t('Local file unknown')
      : { text: l10n.t('Resume'), action: `resume ${uploadId}` },
    { text: l10n.t('Abort…'), action: `abort ${uploadId}` },
  ];
}

function cutNote(count: number): Block {
  return {
    kind: 'text',
    tone: 'muted',
    text: l10n.t('The first {0} of {1} are shown.', formatCount(MAX_SHOWN), formatCount(count)),
  };
}

function aboutLifecycle(): Block {
  return {
    kind: 'text',
    tone: 'muted',
    text: l10n.t(
      'To resume, the local file is needed. It is known for uploads that Bucket Brigade started on this computer. A lifecycle rule (AbortIncompleteMultipartUpload) can delete incomplete uploads automatically.',
    ),
  };
}
