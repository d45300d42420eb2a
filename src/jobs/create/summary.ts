import { l10n } from 'vscode';
import { warningsOf } from '../../aws/batchJobs/operations/operations.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { operationLines, operationQuestion } from '../operations/operationText.ts';
import { warningText } from '../operations/warningText.ts';
import { filterLines } from '../../vscode/filter/filterText.ts';
import { countText } from './readManifest.ts';
import {
  jobManifest,
  objectCount,
  targetsOf,
  type CompleteDraft,
  type FoundObjects,
} from './draft.ts';
import { manifestLines } from './manifestFacts.ts';

/** What is about to be created, line by line. */
export function summaryLines(draft: CompleteDraft): string[] {
  const { manifest, operation, roleArn, report, priority, description } = draft;
  return [
    ...(isGenerator(manifest) ? foundLines(manifest) : [namedLine(manifest)]),
    ...operationLines(operation),
    ...warningsOf(operation).map(warning => l10n.t('Note: {0}', warningText(warning))),
    '',
    ...sourceLines(draft),
    l10n.t('Role: {0}', roleName(roleArn)),
    l10n.t('Report: {0}', reportText(report)),
    l10n.t('Priority: {0}', formatCount(priority)),
    ...(description === undefined ? [] : [l10n.t('Description: {0}', description)]),
    '',
    l10n.t('Nothing is changed until you run the job.'),
  ];
}

/** The question of the summary: what is lost by the job, or paid for, and how often. */
export function whatHappens({ manifest, operation }: CompleteDraft): string {
  const count = objectCount(manifest);
  const where = bucketNames(
    targetsOf(manifest)
      .slice(0, 1)
      .map(({ bucket, prefix }) =>
        prefix === undefined ? bucket : formatS3Uri({ bucket, key: prefix }),
      ),
    Math.max(targetsOf(manifest).length - 1, 0),
  );
  const objects =
    count === undefined
      ? l10n.t('the objects in {0}', where)
      : l10n.t('{0} in {1}', formatObjects(count), where);
  return operationQuestion(operation, objects);
}

/** The objects and where they are named, on one line. */
export function foundText(manifest: CompleteDraft['manifest']): string {
  if (isGenerator(manifest)) return foundLines(manifest).join(' · ');
  const warnings = manifest.problems.length > 0 ? [l10n.t('with warnings')] : [];
  return [namedLine(manifest), formatS3Uri(manifest), ...warnings].join(' · ');
}

/** Objects and buckets the manifest names, as far as they were counted. */
function namedLine({ rows, buckets }: ManifestSummary): string {
  const names = buckets.slice(0, 3).map(({ bucket }) => bucket);
  const where = bucketNames(names, buckets.length - names.length);
  return rows === undefined
    ? l10n.t('Objects in {0}', where)
    : l10n.t('{0} in {1}', formatObjects(rows), where);
}

function foundLines(found: FoundObjects): string[] {
  const { sourceBucket: bucket, prefix, count } = found;
  const where = formatS3Uri({ bucket, key: prefix });
  return [
    count === undefined
      ? l10n.t('All objects in {0}', where)
      : l10n.t('{0} in {1}', countText(count), where),
    ...filterLines(found),
  ];
}

function sourceLines({ manifest, report }: CompleteDraft): string[] {
  const made = jobManifest(manifest, report);
  if (!isGenerator(made)) {
    return [l10n.t('Manifest: {0}', formatS3Uri(made)), ...manifestLines(made)];
  }
  return [
    made.output === undefined
      ? l10n.t('Manifest: made by S3 before the job runs, and not kept')
      : l10n.t(
          'Manifest: made by S3 before the job runs, and kept in {0}',
          formatS3Uri({ bucket: made.output.bucket, key: made.output.prefix }),
        ),
  ];
}

function bucketNames(names: readonly string[], others: number): string {
  const list = names.join(', ');
  if (others === 0) return list;
  return others === 1
    ? l10n.t('{0} and 1 other bucket', list)
    : l10n.t('{0} and {1} other buckets', list, formatCount(others));
}

/** Of which tasks, and where. */
export function reportText(report: CompleteDraft['report']): string {
  if (report === false) return l10n.t('none');
  const place = formatS3Uri({ bucket: report.bucket, key: report.prefix });
  return report.scope === 'AllTasks'
    ? l10n.t('all tasks, in {0}', place)
    : l10n.t('failed tasks only, in {0}', place);
}
