import * as vscode from 'vscode';
import type { Session } from '../../services.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount } from '../../vscode/formats.ts';
import { isAccessDenied } from '../isAccessDenied.ts';
import { makeVisible, visible } from '../../vscode/visibleText.ts';
import { prefixLabel } from './keyLabels.ts';
import { eventBridgeItem, notificationItem, notificationsItem } from './notificationRows.ts';
import { isArchived, objectItem } from './objectItem.ts';
import { deletedItem, versionItem } from './versionItems.ts';
import {
  isLocation,
  namedSession,
  prefixOf,
  type BucketRow,
  type ConnectionRow,
  type EmptyRow,
  type ErrorRow,
  type MoreRow,
  type PrefixRow,
  type Row,
  type TagRow,
} from './rows.ts';
import { folderResource } from '../fileSystem/s3Resource.ts';

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** What is known of a row besides itself. */
interface AroundRow {
  /** What it is filtered by. */
  readonly beginsWith?: string | undefined;
  /** The one it was read with. */
  readonly session?: Session | undefined;
}

/** How a row looks. Its tooltip comes later, from `tooltipOf`, when the pointer rests on it. */
export function treeItem(
  row: Exclude<Row, ConnectionRow>,
  { beginsWith, session }: AroundRow = {},
): vscode.TreeItem {
  const own = itemOf(row);
  const item = makeVisible(beginsWith === undefined ? own : filtered(own, beginsWith));
  item.id = row.id;
  item.accessibilityInformation ??= { label: spoken(item, kindOf(row)) };
  // VS Code offers what all selected rows have in common: these take part in what is done to the others.
  if (session && hasConsole(row, session)) item.contextValue = `${item.contextValue ?? ''} console`;
  if (!isLocation(row)) item.contextValue = [item.contextValue, 'among'].filter(Boolean).join(' ');
  return item;
}

/** Only AWS has one, with a page for each bucket, prefix, object and version. */
function hasConsole(row: Row, { clients }: Session): boolean {
  return clients.endpoint === undefined && (isLocation(row) || row.kind === 'version');
}

/** A bucket or prefix of which only a part is shown says which. */
function filtered(item: vscode.TreeItem, beginsWith: string): vscode.TreeItem {
  const { description } = item;
  const text = vscode.l10n.t('begins with “{0}”', visible(beginsWith));
  item.description =
    typeof description === 'string' && description !== '' ? `${text} · ${description}` : text;
  item.iconPath = new vscode.ThemeIcon('filter');
  item.contextValue = `${item.contextValue ?? ''} filtered`;
  item.accessibilityInformation = undefined;
  return item;
}

/** What a screen reader says of a row: its name, what it is, and what stands beside it. */
function spoken({ label = '', description }: vscode.TreeItem, kind: string | undefined): string {
  const name = typeof label === 'string' ? label : label.label;
  const parts = [name, kind, description];
  return parts.filter(part => typeof part === 'string' && part !== '').join(', ');
}

function kindOf(row: Exclude<Row, ConnectionRow>): string | undefined {
  switch (row.kind) {
    case 'bucket':
      return row.key === undefined ? vscode.l10n.t('bucket') : vscode.l10n.t('prefix');
    case 'prefix':
      return vscode.l10n.t('prefix');
    case 'object':
      return isArchived(row) ? vscode.l10n.t('archived object') : vscode.l10n.t('object');
    case 'deleted':
      return vscode.l10n.t('deleted object');
    case 'version':
      return row.summary.isDeleteMarker ? vscode.l10n.t('delete marker') : vscode.l10n.t('version');
    case 'tag':
      return vscode.l10n.t('tag');
    case 'error':
      return vscode.l10n.t('error');
    case 'notifications':
    case 'notification':
    case 'eventBridge':
    case 'empty':
    case 'noBuckets':
    case 'more':
      return undefined;
  }
}

function itemOf(row: Exclude<Row, ConnectionRow>): vscode.TreeItem {
  switch (row.kind) {
    case 'bucket':
      return bucketItem(row);
    case 'prefix':
      return prefixItem(row);
    case 'object':
      return objectItem(row);
    case 'deleted':
      return deletedItem(row);
    case 'version':
      return versionItem(row);
    case 'tag':
      return tagItem(row);
    case 'notifications':
      return notificationsItem();
    case 'notification':
      return notificationItem(row);
    case 'eventBridge':
      return eventBridgeItem();
    case 'empty':
      return emptyItem(row);
    case 'noBuckets':
      return new vscode.TreeItem(vscode.l10n.t('No buckets'), None);
    case 'more':
      return moreItem(row);
    case 'error':
      return errorItem(row);
  }
}

function bucketItem(row: BucketRow): vscode.TreeItem {
  const label = row.key === undefined ? row.bucket : `${row.bucket}/${visible(row.key)}`;
  const item = new vscode.TreeItem(label, Collapsed);
  item.iconPath = new vscode.ThemeIcon(row.pinned ? 'pinned' : 'database');
  item.description = row.summary?.region ?? '';
  item.contextValue = row.pinned ? 'bucket pinned' : 'bucket';
  if (row.pinned) {
    const added = `${kindOf(row) ?? ''} ${vscode.l10n.t('added by name')}`;
    item.accessibilityInformation = { label: spoken(item, added) };
  }
  return item;
}

function prefixItem(row: PrefixRow): vscode.TreeItem {
  const item = new vscode.TreeItem(prefixLabel(prefixOf(row.parent), row.key), Collapsed);
  item.resourceUri = folderResource(row.bucket, row.key, namedSession(row));
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = 'prefix';
  return item;
}

function tagItem(row: TagRow): vscode.TreeItem {
  const item = new vscode.TreeItem(`${visible(row.tag.key)} = ${visible(row.tag.value)}`, None);
  item.iconPath = new vscode.ThemeIcon('tag');
  item.contextValue = 'tag';
  return item;
}

function emptyItem(row: EmptyRow): vscode.TreeItem {
  return new vscode.TreeItem(emptyText(row), None);
}

function emptyText({ parent, beginsWith }: EmptyRow): string {
  if (beginsWith !== undefined) {
    return vscode.l10n.t('No key begins with “{0}”', visible(beginsWith));
  }
  switch (parent.kind) {
    case 'object':
      return vscode.l10n.t('No tags');
    case 'deleted':
      return vscode.l10n.t('No versions');
    case 'notifications':
      return vscode.l10n.t('No event notifications');
    case 'bucket':
    case 'prefix':
      return vscode.l10n.t('No objects');
  }
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load more'), None);
  const loaded = formatCount(row.loaded);
  item.description = row.isSorted
    ? vscode.l10n.t('{0} loaded; only these are sorted', loaded)
    : vscode.l10n.t('{0} loaded', loaded);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    command: 'bucketBrigade.explorer.loadMore',
    title: vscode.l10n.t('Load more'),
    arguments: [row],
  };
  return item;
}

function errorItem(row: ErrorRow): vscode.TreeItem {
  if (row.doing === 'listBuckets' && isAccessDenied(row.error)) return deniedItem(row);
  const item = new vscode.TreeItem(describeError(row.error), None);
  item.description = vscode.l10n.t('Click to retry');
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.command = retryOf(row);
  return item;
}

/** Not being allowed to list buckets is no failure: many roles may use a bucket only by its name. */
function deniedItem({ connectionId }: ErrorRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Missing permission: s3:ListAllMyBuckets'), None);
  item.description = vscode.l10n.t('Click to add one by name');
  item.iconPath = new vscode.ThemeIcon('lock');
  item.command = {
    command: 'bucketBrigade.explorer.addBucket',
    title: vscode.l10n.t('Add Bucket by Name…'),
    arguments: connectionId === undefined ? [] : [{ connectionId }],
  };
  return item;
}

function retryOf(row: ErrorRow): vscode.Command {
  const title = vscode.l10n.t('Retry');
  const ofConnection = row.connectionId === undefined ? [] : [row.connectionId];
  if (row.doing === 'connect') {
    return { command: 'bucketBrigade.connections.retry', title, arguments: ofConnection };
  }
  if (row.parent?.kind === 'notifications') {
    return { command: 'bucketBrigade.notifications.refresh', title, arguments: [row.parent] };
  }
  const command =
    row.doing === 'readMore'
      ? 'bucketBrigade.explorer.loadMore'
      : 'bucketBrigade.explorer.refreshRow';
  return { command, title, arguments: row.parent ? [row.parent] : [] };
}
