import * as vscode from 'vscode';
import { looksLikeManifest } from '../aws/manifest/manifestFile.ts';
import { looksLikeImage, looksLikeZip } from '../aws/objects/objectKind.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { describeError } from '../vscode/describeError.ts';
import { formatCount, formatDate } from '../vscode/formats.ts';
import { isAccessDenied } from './isAccessDenied.ts';
import { makeVisible, visible } from '../vscode/visibleText.ts';
import { objectLabel, prefixLabel } from './keyLabels.ts';
import {
  eventBridgeItem,
  notificationFacts,
  notificationItem,
  notificationsItem,
} from './notifications/notificationItems.ts';
import { destinationName } from './notifications/notificationText.ts';
import {
  prefixOf,
  type BucketRow,
  type EmptyRow,
  type ErrorRow,
  type MoreRow,
  type ObjectRow,
  type PrefixRow,
  type Row,
  type TagRow,
} from './rows.ts';
import { folderResource, objectResource } from './s3Resource.ts';
import { formatDay, formatSize } from './sizes.ts';

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** How a row looks. Its tooltip comes later, from `tooltipOf`, when the pointer rests on it. */
export function treeItem(row: Row): vscode.TreeItem {
  const item = makeVisible(itemOf(row));
  item.id = row.id;
  return item;
}

function itemOf(row: Row): vscode.TreeItem {
  switch (row.kind) {
    case 'bucket':
      return bucketItem(row);
    case 'prefix':
      return prefixItem(row);
    case 'object':
      return objectItem(row);
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
    item.accessibilityInformation = { label: `${label}, ${vscode.l10n.t('added by name')}` };
  }
  return item;
}

function prefixItem(row: PrefixRow): vscode.TreeItem {
  const item = new vscode.TreeItem(prefixLabel(prefixOf(row.parent), row.key), Collapsed);
  item.resourceUri = folderResource(row.bucket, row.key);
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = 'prefix';
  return item;
}

function objectItem(row: ObjectRow): vscode.TreeItem {
  const label = objectLabel(prefixOf(row.parent), row.key);
  const item = new vscode.TreeItem(label, Collapsed);
  const { size, lastModified } = row.summary;
  item.resourceUri = objectResource(row.bucket, row.key);
  item.iconPath = vscode.ThemeIcon.File;
  item.description = lastModified
    ? `${formatSize(size)} · ${formatDay(lastModified)}`
    : formatSize(size);
  item.contextValue = objectContext(row.key);
  return item;
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

function tagItem(row: TagRow): vscode.TreeItem {
  const item = new vscode.TreeItem(`${visible(row.tag.key)} = ${visible(row.tag.value)}`, None);
  item.iconPath = new vscode.ThemeIcon('tag');
  item.contextValue = 'tag';
  return item;
}

function emptyItem(row: EmptyRow): vscode.TreeItem {
  return new vscode.TreeItem(emptyText(row), None);
}

function emptyText({ parent }: EmptyRow): string {
  switch (parent.kind) {
    case 'object':
      return vscode.l10n.t('No tags');
    case 'notifications':
      return vscode.l10n.t('No event notifications');
    case 'bucket':
    case 'prefix':
      return vscode.l10n.t('No objects');
  }
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load more'), None);
  item.description = vscode.l10n.t('{0} loaded', formatCount(row.loaded));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    command: 'bucketBrigade.explorer.loadMore',
    title: vscode.l10n.t('Load more'),
    arguments: [row],
  };
  return item;
}

function errorItem(row: ErrorRow): vscode.TreeItem {
  if (row.doing === 'listBuckets' && isAccessDenied(row.error)) return deniedItem();
  const item = new vscode.TreeItem(describeError(row.error), None);
  item.description = vscode.l10n.t('Click to retry');
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'));
  item.command = retryOf(row);
  return item;
}

/** Not being allowed to list buckets is no failure: many roles may use a bucket only by its name. */
function deniedItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('You are not allowed to list buckets.'), None);
  item.description = vscode.l10n.t('Click to add one by name');
  item.iconPath = new vscode.ThemeIcon('lock');
  item.command = {
    command: 'bucketBrigade.explorer.addBucket',
    title: vscode.l10n.t('Add Bucket by Name…'),
  };
  return item;
}

function retryOf(row: ErrorRow): vscode.Command {
  const title = vscode.l10n.t('Retry');
  if (row.doing === 'connect') return { command: 'bucketBrigade.connections.retry', title };
  if (row.parent?.kind === 'notifications') {
    return { command: 'bucketBrigade.notifications.refresh', title, arguments: [row.parent] };
  }
  const command =
    row.doing === 'readMore'
      ? 'bucketBrigade.explorer.loadMore'
      : 'bucketBrigade.explorer.refreshRow';
  return { command, title, arguments: row.parent ? [row.parent] : [] };
}

/** What is said about a row when the pointer rests on it; undefined where its label says it all. */
export function tooltipOf(row: Row): vscode.MarkdownString | string | undefined {
  switch (row.kind) {
    case 'bucket':
      return facts(visible(row.bucket), bucketFacts(row));
    case 'prefix':
      return visible(formatS3Uri(row));
    case 'object':
      return facts(visible(row.key), objectFacts(row));
    case 'tag':
      return `${visible(row.tag.key)} = ${visible(row.tag.value)}`;
    case 'notification':
      return facts(visible(destinationName(row.notifications[0])), notificationFacts(row));
    case 'error':
      return describeError(row.error);
    case 'notifications':
    case 'eventBridge':
    case 'empty':
    case 'more':
      return undefined;
  }
}

function bucketFacts({ summary, bucket, key, pinned }: BucketRow): [string, string][] {
  const list: [string, string][] = [[vscode.l10n.t('S3 URI'), formatS3Uri({ bucket, key })]];
  if (summary?.region) list.push([vscode.l10n.t('Region'), summary.region]);
  if (summary?.creationDate) {
    list.push([vscode.l10n.t('Created'), formatDate(summary.creationDate)]);
  }
  if (pinned) list.push([vscode.l10n.t('In this list'), vscode.l10n.t('added by name')]);
  return list;
}

function objectFacts({ summary, bucket, key }: ObjectRow): [string, string][] {
  const list: [string, string][] = [
    [vscode.l10n.t('S3 URI'), formatS3Uri({ bucket, key })],
    [vscode.l10n.t('Size'), vscode.l10n.t('{0} bytes', formatCount(summary.size))],
  ];
  if (summary.lastModified) {
    list.push([vscode.l10n.t('Last modified'), formatDate(summary.lastModified)]);
  }
  if (summary.storageClass) list.push([vscode.l10n.t('Storage class'), summary.storageClass]);
  if (summary.eTag) list.push([vscode.l10n.t('ETag'), summary.eTag]);
  return list;
}

/** A key may hold any Markdown there is, so nothing of it is ever read as such. */
function facts(title: string, list: readonly (readonly [string, string])[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(title);
  for (const [name, value] of list) {
    text.appendMarkdown('\n\n');
    text.appendText(`${name}: ${visible(value)}`);
  }
  return text;
}
