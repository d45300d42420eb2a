import { env, l10n } from 'vscode';
import type { ReportDamage, ReportRow } from '../../aws/batchJobs/reportRows.ts';
import type { ReportSummary } from '../../aws/batchJobs/reportSummary.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import type { Session } from '../../services.ts';
import { jobName } from '../jobName.ts';
import {
  formatElapsed,
  formatObjects,
  operationLabel,
  sourceText,
  statusText,
} from '../jobText.ts';
import { plain, table } from '../../vscode/markdown.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';

/** A completion report as a Markdown document: totals, failures by kind, then the rows. */
export function reportDocument(
  job: Job,
  report: ReportSummary,
  whose?: Pick<Session, 'connection' | 'identity'>,
): string {
  return [
    `# ${plain(l10n.t('Completion report of “{0}”', jobName(job)))}`,
    verdict(report),
    facts(job, whose),
    ...(report.damage.count === 0 ? [] : [`## ${l10n.t('Damage')}`, damage(job, report)]),
    ...(report.groups.length === 0
      ? []
      : [`## ${l10n.t('Failures by kind')}`, failures(job, report)]),
    `## ${l10n.t('Objects')}`,
    ...rowsNote(report),
    rows(report),
    '',
  ].join('\n\n');
}

function verdict({ total, succeeded, failed }: ReportSummary): string {
  if (failed === 0) return `**✓ ${plain(l10n.t('{0} succeeded', formatObjects(succeeded)))}**`;
  const share = new Intl.NumberFormat(env.language, {
    style: 'percent',
    maximumFractionDigits: 1,
  }).format(failed / total);
  return [
    `**✗ ${plain(l10n.t('{0} failed ({1})', formatObjects(failed), share))}**`,
    `✓ ${plain(l10n.t('{0} succeeded', formatObjects(succeeded)))}`,
  ].join(' &nbsp; ');
}

function facts(job: Job, whose: Pick<Session, 'connection' | 'identity'> | undefined): string {
  const manifest = job.manifest ?? job.generatedManifest;
  const lines: (readonly [string, string | undefined])[] = [
    [l10n.t('Status'), statusText(job)],
    [l10n.t('Operation'), operationLabel(job.operation)],
    ...(job.tags ?? []).map(tag => [l10n.t('Tag'), `${tag.key} = ${tag.value}`] as const),
    [l10n.t('Function'), job.invocation?.functionArn],
    ...Object.entries(job.invocation?.userArguments ?? {}).map(
      ([key, value]) => [l10n.t('Argument'), `${key} = ${value}`] as const,
    ),
    [l10n.t('Source'), job.generator && sourceText(job.generator)],
    [l10n.t('Manifest'), manifest && formatS3Uri(manifest)],
    [
      l10n.t('Report'),
      job.report &&
        formatS3Uri({
          bucket: job.report.bucket,
          key: reportFolder(job.report.prefix, job.jobId),
        }),
    ],
    [l10n.t('Role'), job.roleArn],
    [l10n.t('Account'), whose && `${whose.identity.accountId} · ${whose.connection.label}`],
    [l10n.t('Created'), job.creationTime && formatDate(job.creationTime)],
    [l10n.t('Ended'), job.terminationDate && formatDate(job.terminationDate)],
    [l10n.t('Active for'), activeFor(job)],
    [l10n.t('Job ID'), job.jobId],
    ...job.failureReasons.map(({ reason, code }) => [l10n.t('Failure'), reason || code] as const),
  ];
  return table(
    ['', ''],
    lines.flatMap(([name, value]) =>
      value === undefined ? [] : [[`**${plain(name)}**`, plain(value)]],
    ),
  );
}

/** What is missing below, and where to look at it. */
function damage(job: Job, { damage: { count, first }, total }: ReportSummary): string {
  const ran = job.succeeded + job.failed;
  const wanted = job.report?.scope === 'FailedTasksOnly' ? job.failed : ran;
  return [
    plain(l10n.t('{0} of {1} results could be read.', formatCount(total), formatCount(wanted))),
    table(
      [l10n.t('Row'), l10n.t('Problem'), l10n.t('Text'), l10n.t('File')],
      first.map(one => [
        one.row === undefined ? '' : formatCount(one.row),
        plain(describeDamage(one)),
        plain(one.text ?? ''),
        // All are in one folder, which stands above.
        plain(one.file.slice(one.file.lastIndexOf('/') + 1)),
      ]),
      ['right'],
    ),
    ...(count > first.length
      ? [l10n.t('The first {0} of {1}.', formatCount(first.length), formatCount(count))]
      : []),
  ].join('\n\n');
}

function describeDamage({ damage: kind }: ReportDamage): string {
  switch (kind) {
    case 'row':
      return l10n.t('The row is damaged.');
    case 'missing':
      return l10n.t('The file does not exist.');
    case 'denied':
      return l10n.t('You may not read the file (s3:GetObject).');
    case 'checksum':
      return l10n.t('The file is not as S3 wrote it: its MD5 is another. Rows may be missing.');
  }
}

function activeFor({ elapsedSeconds }: Job): string | undefined {
  return elapsedSeconds === undefined ? undefined : formatElapsed(elapsedSeconds);
}

function failures(job: Job, { groups }: ReportSummary): string {
  return table(
    [l10n.t('Count'), l10n.t('Error'), l10n.t('HTTP'), l10n.t('Message'), l10n.t('For example')],
    groups.map(group => [
      formatCount(group.count),
      plain(group.errorCode),
      plain(String(group.httpStatus ?? '')),
      [group.message, ...mayBeMissing(job, group)].map(plain).join('<br>'),
      group.sampleKeys.slice(0, 3).map(plain).join('<br>'),
    ]),
    ['right'],
  );
}

/** S3 tells only who may list a bucket that an object is not there. */
function mayBeMissing(
  { operation }: Job,
  { errorCode, httpStatus }: Pick<ReportRow, 'errorCode' | 'httpStatus'>,
): string[] {
  // A function's own error has its own hint.
  if (operation === 'LambdaInvoke') return [];
  if (errorCode !== 'AccessDenied' && httpStatus !== 403) return [];
  return [
    l10n.t(
      'The role may not do this, or the object does not exist: S3 distinguishes the two only if the role has s3:ListBucket on the bucket.',
    ),
  ];
}

function rowsNote(report: ReportSummary): string[] {
  if (report.rows.length === report.total) return [];
  return [
    plain(
      l10n.t(
        'The first {0} of {1}, failures first. The CSV has them all.',
        formatCount(report.rows.length),
        formatCount(report.total),
      ),
    ),
  ];
}

function rows({ rows: shown }: ReportSummary): string {
  const versions = shown.some(row => row.versionId !== undefined);
  const failed = shown.some(row => row.taskStatus !== 'succeeded');
  const messages = shown.some(row => messageOf(row) !== '');
  return table(
    [
      '',
      l10n.t('Key'),
      l10n.t('Bucket'),
      ...(versions ? [l10n.t('Version ID')] : []),
      l10n.t('HTTP'),
      ...(failed ? [l10n.t('Error')] : []),
      ...(messages ? [l10n.t('Message')] : []),
    ],
    shown.map(row => [
      row.taskStatus === 'succeeded' ? '✓' : '✗',
      plain(row.key),
      plain(row.bucket),
      ...(versions ? [plain(row.versionId ?? '')] : []),
      plain(String(row.httpStatus ?? '')),
      ...(failed ? [plain(row.errorCode)] : []),
      ...(messages ? [plain(messageOf(row))] : []),
    ]),
  );
}

/** Every success says the same. */
function messageOf({ message, taskStatus }: ReportRow): string {
  return taskStatus === 'succeeded' && /^success(ful)?$/i.test(message) ? '' : message;
}
