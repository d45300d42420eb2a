import * as vscode from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { describeError } from '../vscode/describeError.ts';
import { formatCount, formatDate } from '../vscode/formats.ts';
import { visible } from '../vscode/visibleText.ts';
import { notificationFacts } from './notifications/notificationRows.ts';
import { destinationName } from './notifications/notificationText.ts';
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
