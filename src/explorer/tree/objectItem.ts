import { reportedId } from '../../aws/batchJobs/reportFolder.ts';
import * as vscode from 'vscode';
import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import { looksLikeImage, looksLikeZip } from '../../aws/objects/objectKind.ts';
import type { RestoredCopy } from '../../aws/objects/archive.ts';
import type { ObjectSummary } from '../../aws/objects/listing.ts';
import { objectLabel } from './keyLabels.ts';
import { namedSession, prefixOf, type ObjectRow } from './rows.ts';
import { MAX_FILE_SIZE, objectResource } from '../fileSystem/s3Resource.ts';
import { formatDay, formatSize } from '../../vscode/sizes.ts';

/** How an object looks: like a file, and it opens like one; an arrow leads to its tags. */
export function objectItem(row: ObjectRow): vscode.TreeItem {
  const label = objectLabel(prefixOf(row.parent), row.key);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { size, lastModified } = row.summary;
  item.resourceUri = objectResource(row.bucket, row.key, namedSession(row));
  item.iconPath = isArchived(row) ? new vscode.ThemeIcon('archive') : vscode.ThemeIcon.File;
  item.description = [
    formatSize(size),
    ...(lastModified ? [formatDay(lastModified)] : []),
    ...storageTexts(row.summary),
  ].join(' · ');
  item.contextValue = [objectContext(row.key), ...archiveFlags(row)].join(' ');
  item.command = openCommand(row);
  return item;
}

/** Where a row says that what it stands for is not simply there to be read. */
export function storageTexts({
  storageClass = 'STANDARD',
  restore,
}: Pick<ObjectSummary, 'storageClass' | 'restore'>): string[] {
  return [
    ...(storageClass === 'STANDARD' ? [] : [storageClass]),
    ...(restore ? [restoreText(restore)] : []),
  ];
}

/** How far a restore is: `restored until Dec 4, 2026`. */
export function restoreText({ until }: RestoredCopy): string {
  return until
    ? vscode.l10n.t('restored until {0}', formatDay(until))
    : vscode.l10n.t('restore in progress');
}

/** Whether an object has to be restored before it can be read. */
export function isArchived({
  summary: { storageClass, restore },
}: {
  readonly summary: Pick<ObjectSummary, 'storageClass' | 'restore'>;
}): boolean {
  if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return false;
  return restore?.until === undefined;
}

/** Whether an editor shows an object, as far as a listing tells. */
export function isOpenable(row: ObjectRow): boolean {
  return !isArchived(row) && row.summary.size <= MAX_FILE_SIZE;
}

/**
 * VS Code's own command where it can open the object: it then previews, pins and takes the focus as
 * for a file. Ours says what to do about the others.
 */
function openCommand(row: ObjectRow): vscode.Command {
  const title = vscode.l10n.t('Open Object');
  return !isOpenable(row)
    ? { command: 'bucketBrigade.explorer.openObject', title, arguments: [row] }
    : {
        command: 'vscode.open',
        title,
        arguments: [objectResource(row.bucket, row.key, namedSession(row))],
      };
}

/** Has a menu offer to restore what is archived, or may be: a listing says nothing of tiers. */
export function archiveFlags({
  summary: { storageClass },
}: {
  readonly summary: Pick<ObjectSummary, 'storageClass'>;
}): string[] {
  if (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') return ['archived'];
  return storageClass === 'INTELLIGENT_TIERING' ? ['tiered'] : [];
}

/** What the menus of an object go by. */
function objectContext(key: string): string {
  return [
    'object',
    ...(looksLikeManifest(key) ? ['manifest'] : []),
    ...(reportedId(key) === undefined ? [] : ['completionReport']),
    ...(looksLikeZip(key) ? ['zip'] : []),
    ...(looksLikeImage(key) ? ['image'] : []),
  ].join(' ');
}
