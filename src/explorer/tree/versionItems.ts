import * as vscode from 'vscode';
import { MAX_FILE_SIZE, versionResource } from '../fileSystem/s3Resource.ts';
import { formatDate } from '../../vscode/formats.ts';
import { formatDay, formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';
import { objectLabel } from './keyLabels.ts';
import { archiveFlags, isArchived, storageTexts } from './objectItem.ts';
import { namedSession, prefixOf, type DeletedRow, type VersionRow } from './rows.ts';

/** So much of a version id tells it from its neighbours; the tooltip has all of it. */
const ID_SHOWN = 8;

/** A key whose newest version is a delete marker: its versions are below it. */
export function deletedItem(row: DeletedRow): vscode.TreeItem {
  const label = objectLabel(prefixOf(row.parent), row.key);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { lastModified } = row.summary;
  item.description = lastModified
    ? vscode.l10n.t('deleted {0}', formatDay(lastModified))
    : vscode.l10n.t('deleted');
  item.iconPath = new vscode.ThemeIcon('trash', new vscode.ThemeColor('disabledForeground'));
  item.contextValue = 'deleted';
  return item;
}

/** A version of an object, by its date; a click opens it to be read. */
export function versionItem(row: VersionRow): vscode.TreeItem {
  const { isDeleteMarker } = row.summary;
  const item = new vscode.TreeItem(versionLabel(row), vscode.TreeItemCollapsibleState.None);
  item.description = descriptionOf(row);
  item.iconPath = iconOf(row);
  item.contextValue = contextOf(row);
  if (!isDeleteMarker) item.command = openCommand(row);
  return item;
}

/** What a version is called: when it was written. */
export function versionLabel({ summary: { lastModified }, versionId }: VersionRow): string {
  return lastModified ? formatDate(lastModified) : visible(versionId);
}

/** A version's id, cut where it is long: `3sL4kqtJ…`; the null version says what it is. */
export function shortId(versionId: string): string {
  if (versionId === 'null') return vscode.l10n.t('null version');
  const shown = visible(versionId);
  return shown.length > ID_SHOWN + 1 ? `${shown.slice(0, ID_SHOWN)}…` : shown;
}

function descriptionOf({ summary, versionId }: VersionRow): string {
  const { isLatest, isDeleteMarker, size } = summary;
  return [
    ...(isLatest ? [vscode.l10n.t('current')] : []),
    ...(isDeleteMarker
      ? [vscode.l10n.t('delete marker')]
      : [formatSize(size), ...storageTexts(summary)]),
    shortId(versionId),
  ].join(' · ');
}

function iconOf(row: VersionRow): vscode.ThemeIcon {
  if (row.summary.isDeleteMarker) return new vscode.ThemeIcon('trash');
  if (isArchived(row)) return new vscode.ThemeIcon('archive');
  return new vscode.ThemeIcon(row.summary.isLatest ? 'circle-filled' : 'history');
}

/** What the menus of a version go by. */
function contextOf(row: VersionRow): string {
  const { isLatest, isDeleteMarker } = row.summary;
  const kind = isDeleteMarker ? 'deleteMarker' : 'version';
  return [kind, isLatest ? 'newest' : 'older', ...archiveFlags(row)].join(' ');
}

function openCommand(row: VersionRow): vscode.Command {
  const title = vscode.l10n.t('Open Version');
  return isArchived(row) || row.summary.size > MAX_FILE_SIZE
    ? { command: 'bucketBrigade.versions.open', title, arguments: [row] }
    : {
        command: 'vscode.open',
        title,
        arguments: [
          versionResource(row.bucket, row.key, row.versionId, namedSession(row)),
          undefined,
          versionTitle(row),
        ],
      };
}

/** The title of an editor that shows a version: `report.txt (Nov 30, 2026, 9:20 AM)`. */
export function versionTitle(row: VersionRow): string {
  const name = visible(row.key.slice(row.key.lastIndexOf('/') + 1) || row.key);
  return vscode.l10n.t('{0} ({1})', name, versionLabel(row));
}

/** Has a row's menu offer to show versions, or not to, and says on it that it does. */
export function addVersionFlag(
  item: vscode.TreeItem,
  shown: 'own' | 'inherited' | undefined,
): void {
  if (shown === undefined) return;
  const flag = shown === 'own' ? 'versionsShown' : 'versionsInherited';
  item.contextValue = `${item.contextValue ?? ''} ${flag}`;
  if (shown === 'inherited') return;
  const { description } = item;
  const before = typeof description === 'string' && description !== '' ? [description] : [];
  item.description = [...before, vscode.l10n.t('with versions')].join(' · ');
}
