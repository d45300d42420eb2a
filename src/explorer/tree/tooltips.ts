import * as vscode from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { ObjectSummary } from '../../aws/objects/listing.ts';
import type { VersionSummary } from '../../aws/objects/versions/listVersions.ts';
import { restoreText } from './objectItem.ts';
import { notificationFacts } from './notificationRows.ts';
import { destinationName } from '../notifications/notificationText.ts';
import type { BucketRow, ObjectRow, Row } from './rows.ts';

/** What is said about a row when the pointer rests on it; undefined where its label says it all. */
export function tooltipOf(row: Row): vscode.MarkdownString | string | undefined {
  switch (row.kind) {
    case 'bucket':
      return facts(visible(row.bucket), bucketFacts(row));
    case 'prefix':
      return visible(formatS3Uri(row));
    case 'object':
      return facts(visible(row.key), objectFacts(row));
    case 'deleted':
      return facts(visible(row.key), versionFacts(row.summary, row.bucket));
    case 'version':
      return facts(visible(row.key), versionFacts(row.summary, row.bucket));
    case 'tag':
      return `${visible(row.tag.key)} = ${visible(row.tag.value)}`;
    case 'notification':
      return facts(visible(destinationName(row.notifications[0])), notificationFacts(row));
    case 'error':
      return describeError(row.error);
    case 'connection':
    case 'noBuckets':
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
  return [...list, ...dateFacts(summary), ...storageFacts(summary)];
}

function dateFacts({ lastModified }: Pick<ObjectSummary, 'lastModified'>): [string, string][] {
  return lastModified ? [[vscode.l10n.t('Last modified'), formatDate(lastModified)]] : [];
}

function storageFacts({ storageClass, restore, eTag }: ObjectSummary): [string, string][] {
  const list: [string, string][] = [];
  if (storageClass) list.push([vscode.l10n.t('Storage class'), storageClass]);
  if (restore) list.push([vscode.l10n.t('Restored copy'), restoreText(restore)]);
  if (eTag) list.push([vscode.l10n.t('ETag'), eTag]);
  return list;
}

function versionFacts(summary: VersionSummary, bucket: string): [string, string][] {
  const { key, versionId, isDeleteMarker, isLatest, size } = summary;
  const list: [string, string][] = [
    [vscode.l10n.t('S3 URI'), formatS3Uri({ bucket, key })],
    [vscode.l10n.t('Version ID'), versionId],
  ];
  const kind = isDeleteMarker ? vscode.l10n.t('delete marker') : vscode.l10n.t('version');
  const state = isLatest ? vscode.l10n.t('current') : vscode.l10n.t('noncurrent');
  list.push([vscode.l10n.t('Kind'), `${kind}, ${state}`]);
  return isDeleteMarker
    ? [...list, ...dateFacts(summary)]
    : [
        ...list,
        [vscode.l10n.t('Size'), vscode.l10n.t('{0} bytes', formatCount(size))],
        ...dateFacts(summary),
        ...storageFacts(summary),
      ];
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
