import { l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount } from '../../vscode/formats.ts';
import { formatObjects } from '../jobText.ts';
import type { CompleteDraft } from './draft.ts';

/** What is about to be created, in plain lines for a modal message. */
export function summaryLines(draft: CompleteDraft): string[] {
  const { manifest, tags, roleArn, report, priority, description } = draft;
  const replaces =
    tags.length === 0
      ? l10n.t('All tags of these objects are removed.')
      : l10n.t('All tags of these objects are replaced by:');
  return [
    objectsLine(draft),
    replaces,
    ...tags.map(tag => `    ${tag.key} = ${tag.value}`),
    '',
    l10n.t('Manifest: {0}', formatS3Uri(manifest)),
    l10n.t('Role: {0}', roleArn.split('/').at(-1) ?? roleArn),
    l10n.t('Report: {0}', reportText(report)),
    l10n.t('Priority: {0}', formatCount(priority)),
    ...(description === undefined ? [] : [l10n.t('Description: {0}', description)]),
    '',
    l10n.t('Nothing is changed until you run the job.'),
  ];
}

/** Objects and buckets the manifest names, as far as they were counted. */
function objectsLine({ manifest: { rows, buckets } }: CompleteDraft): string {
  const names = buckets.slice(0, 3).map(({ bucket }) => bucket);
  const where = bucketNames(names, buckets.length - names.length);
  return rows === undefined
    ? l10n.t('Objects in {0}', where)
    : l10n.t('{0} in {1}', formatObjects(rows), where);
}

function bucketNames(names: readonly string[], others: number): string {
  const list = names.join(', ');
  if (others === 0) return list;
  return others === 1
    ? l10n.t('{0} and 1 other bucket', list)
    : l10n.t('{0} and {1} other buckets', list, formatCount(others));
}

function reportText(report: CompleteDraft['report']): string {
  if (report === false) return l10n.t('none');
  const place = formatS3Uri({ bucket: report.bucket, key: report.prefix });
  return report.scope === 'AllTasks'
    ? l10n.t('all tasks, in {0}', place)
    : l10n.t('failed tasks only, in {0}', place);
}
