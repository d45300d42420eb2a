import { l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type {
  SkipReason,
  SyncComparison,
  SyncCount,
  SyncPlace,
  SyncSummary,
} from '../../aws/sync/syncPlan.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import type { Block, PageAction, PageModel } from '../../vscode/page/protocol.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';

export interface SyncState {
  readonly place: SyncPlace;
  /** Whose bucket it is. */
  readonly owner: string;
  readonly comparedAt: Date;
  readonly comparison: SyncComparison;
  /** Deletes at the target what the source does not have. */
  readonly isDeleting: boolean;
  readonly summary: SyncSummary;
  /** Once it was run, what came of it is in the Transfers view. */
  readonly isRun: boolean;
}

/** The page of a sync: what it would do, before it does it. */
export function syncModel(state: SyncState): PageModel {
  const { owner, comparedAt, summary, place } = state;
  return {
    title: syncTitle(place),
    subtitle: l10n.t('{0} · compared {1}', owner, formatDate(comparedAt)),
    blocks: [
      { kind: 'text', text: whatItDoes(state), isLive: true },
      counts(state),
      { kind: 'actions', actions: actions(state) },
      ...names(l10n.t('New'), summary.created),
      ...names(l10n.t('Changed, to be overwritten'), summary.changed),
      ...names(deletedTitle(state), summary.deleted),
      ...skippedNames(summary),
      { kind: 'text', tone: 'muted', text: rule(state) },
    ],
  };
}

/** `Sync /home/me/site to s3://bucket/site/`. */
export function syncTitle({ direction, bucket, prefix, folder }: SyncPlace): string {
  const [local, remote] = [visible(folder), visible(formatS3Uri({ bucket, key: prefix }))];
  return direction === 'up'
    ? l10n.t('Sync {0} to {1}', local, remote)
    : l10n.t('Sync {0} to {1}', remote, local);
}

function whatItDoes({ summary, isDeleting, isRun }: SyncState): string {
  if (isRun) {
    return l10n.t(
      'Sync started. The Transfers view shows its progress. Compare again to see what is left.',
    );
  }
  const copied = summary.created.count + summary.changed.count;
  const deleted = isDeleting ? summary.deleted.count : 0;
  if (copied + deleted === 0) return l10n.t('Nothing to do: the destination is up to date.');
  const bytes = formatSize(summary.created.bytes + summary.changed.bytes);
  return deleted > 0
    ? copiesAndDeletes(copied, bytes, formatCount(deleted))
    : copiesOnly(copied, bytes);
}

function copiesAndDeletes(copied: number, bytes: string, deleted: string): string {
  return copied === 1
    ? l10n.t(
        'Nothing has been changed yet. Sync Now copies 1 file ({0}) and deletes {1}.',
        bytes,
        deleted,
      )
    : l10n.t(
        'Nothing has been changed yet. Sync Now copies {0} files ({1}) and deletes {2}.',
        ...[formatCount(copied), bytes, deleted],
      );
}

function copiesOnly(copied: number, bytes: string): string {
  return copied === 1
    ? l10n.t('Nothing has been changed yet. Sync Now copies 1 file ({0}) and deletes none.', bytes)
    : l10n.t(
        'Nothing has been changed yet. Sync Now copies {0} files ({1}) and deletes none.',
        ...[formatCount(copied), bytes],
      );
}

/** What is asked before a sync that overwrites or deletes. */
export function syncQuestion(overwritten: number, deleted: number, target: string): string {
  if (overwritten === 0) {
    return deleted === 1
      ? l10n.t('Delete a file in {0}?', target)
      : l10n.t('Delete {0} files in {1}?', formatCount(deleted), target);
  }
  if (deleted > 0) {
    return l10n.t(
      'Overwrite {0} and delete {1} files in {2}?',
      ...[formatCount(overwritten), formatCount(deleted), target],
    );
  }
  return overwritten === 1
    ? l10n.t('Overwrite a file in {0}?', target)
    : l10n.t('Overwrite {0} files in {1}?', formatCount(overwritten), target);
}

function counts(state: SyncState): Block {
  const { created, changed, deleted, same, skipped } = state.summary;
  const row = (name: string, { count, bytes }: SyncCount) => [
    name,
    formatCount(count),
    formatSize(bytes),
  ];
  return {
    kind: 'table',
    label: l10n.t('Preview of the sync'),
    columns: [
      { title: l10n.t('Files') },
      { title: l10n.t('Count'), isNumber: true },
      { title: l10n.t('Size'), isNumber: true },
    ],
    rows: [
      row(l10n.t('New'), created),
      row(l10n.t('Changed, to be overwritten'), changed),
      row(deletedTitle(state), deleted),
      row(l10n.t('The same'), same),
      [l10n.t('Skipped'), formatCount(skipped.count), ''],
    ],
  };
}

function deletedTitle({ isDeleting }: Pick<SyncState, 'isDeleting'>): string {
  return isDeleting
    ? l10n.t('Only at the destination, to be deleted')
    : l10n.t('Only at the destination, kept');
}

function actions({ summary, isDeleting, isRun, comparison, place }: SyncState): PageAction[] {
  const { created, changed, deleted } = summary;
  const work = created.count + changed.count + (isDeleting ? deleted.count : 0);
  const label = place.direction === 'up' ? l10n.t('Delete From S3') : l10n.t('Delete Local Files');
  return [
    {
      id: 'sync',
      label: l10n.t('Sync Now'),
      isPrimary: true,
      isDisabled: work === 0 || isRun,
    },
    {
      id: 'toggleDelete',
      label: `${isDeleting ? '☑' : '☐'} ${label} (${formatCount(deleted.count)})`,
      isDisabled: isRun,
      tooltip: isDeleting
        ? l10n.t('On: what exists only at the destination is deleted')
        : l10n.t('Off: what exists only at the destination is kept'),
    },
    { id: 'comparison', label: l10n.t('Compare By: {0}…', comparisonLabel(comparison)) },
    { id: 'again', label: l10n.t('Compare Again') },
  ];
}

export function comparisonLabel(comparison: SyncComparison): string {
  switch (comparison) {
    case 'time':
      return l10n.t('Size and Time');
    case 'exactTime':
      return l10n.t('Size and Exact Time');
    case 'sizeOnly':
      return l10n.t('Size Only');
  }
}

/** The rule in words, with the option of the CLI that it is. */
function rule({ comparison, place: { direction } }: SyncState): string {
  if (comparison === 'sizeOnly') {
    return l10n.t('Like aws s3 sync --size-only: files with a different size have changed.');
  }
  if (direction === 'up') {
    return l10n.t(
      'Like aws s3 sync: files with a different size, or newer in the folder than in S3, have changed.',
    );
  }
  return comparison === 'exactTime'
    ? l10n.t(
        'Like aws s3 sync --exact-timestamps: files with a different size or a different time have changed.',
      )
    : l10n.t(
        'Like aws s3 sync: files with a different size, or newer in the folder than in S3, have changed. Downloaded files get the time of their object.',
      );
}

function names(title: string, { count, first }: SyncCount): Block[] {
  if (count === 0) return [];
  const rows = first.map(({ path, size }) => [visible(path), formatSize(size)]);
  return [details(title, count, rows, l10n.t('Size'))];
}

function skippedNames({ skipped: { count, first } }: SyncSummary): Block[] {
  if (count === 0) return [];
  const rows = first.map(({ path, reason }) => [visible(path), skipText(reason)]);
  return [details(l10n.t('Skipped'), count, rows, l10n.t('Reason'))];
}

function details(title: string, count: number, rows: readonly string[][], second: string): Block {
  const rest = count - rows.length;
  return {
    kind: 'details',
    summary: `${title} (${formatCount(count)})`,
    blocks: [
      {
        kind: 'table',
        label: title,
        columns: [{ title: l10n.t('Path') }, { title: second }],
        rows,
      },
      ...(rest > 0
        ? [
            {
              kind: 'text',
              tone: 'muted',
              text: l10n.t('… and {0} more', formatCount(rest)),
            } as const,
          ]
        : []),
    ],
  };
}

export function skipText(reason: SkipReason): string {
  switch (reason) {
    case 'noFileName':
      return l10n.t('No file can have this name');
    case 'fileInTheWay':
      return l10n.t('A part of the path is a file');
    case 'sameName':
      return l10n.t('Another key differs only by case, and this folder isn’t case-sensitive');
    case 'noKey':
      return l10n.t('A key can’t be this long or have this name');
    case 'link':
      return l10n.t('A link that points outside the folder, loops or is broken');
    case 'special':
      return l10n.t('A pipe, socket or device');
    case 'unreadable':
      return l10n.t('Can’t be read');
  }
}
