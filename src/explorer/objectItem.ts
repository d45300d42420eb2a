import * as vscode from 'vscode';
import { looksLikeManifest } from '../aws/manifest/manifestFile.ts';
import { looksLikeImage, looksLikeZip } from '../aws/objects/objectKind.ts';
import { objectLabel } from './keyLabels.ts';
import { prefixOf, type ObjectRow } from './rows.ts';
import { objectResource, MAX_FILE_SIZE } from './s3Resource.ts';
import { formatDay, formatSize } from './sizes.ts';

/** How an object looks: like a file, and it opens like one; an arrow leads to its tags. */
export function objectItem(row: ObjectRow): vscode.TreeItem {
  const label = objectLabel(prefixOf(row.parent), row.key);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { size, lastModified, storageClass = 'STANDARD' } = row.summary;
  item.resourceUri = objectResource(row.bucket, row.key);
  item.iconPath = isArchived(row) ? new vscode.ThemeIcon('archive') : vscode.ThemeIcon.File;
  item.description = [
    formatSize(size),
    ...(lastModified ? [formatDay(lastModified)] : []),
    ...(storageClass === 'STANDARD' ? [] : [storageClass]),
  ].join(' · ');
  item.contextValue = objectContext(row.key);
  item.command = openCommand(row);
  return item;
}

/** Whether an object has to be restored before it can be read. */
export function isArchived({ summary: { storageClass } }: ObjectRow): boolean {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
}

/**
 * VS Code's own command where it can open the object: it then previews, pins and takes the focus as
 * for a file. Ours says what to do about the others.
 */
function openCommand(row: ObjectRow): vscode.Command {
  const title = vscode.l10n.t('Open Object');
  return isArchived(row) || row.summary.size > MAX_FILE_SIZE
    ? { command: 'bucketBrigade.explorer.openObject', title, arguments: [row] }
    : { command: 'vscode.open', title, arguments: [objectResource(row.bucket, row.key)] };
}

/** What the menus of an object go by. */
function objectContext(key: string): string {
  return [
    'object',
    ...(looksLikeManifest(key) ? ['manifest'] : []),
    ...(looksLikeZip(key) ? ['zip'] : []),
    ...(looksLikeImage(key) ? ['image'] : []),
  ].join(' ');
}
