import { env, l10n } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import type { CompletionReport } from '../../aws/batchJobs/completionReport.ts';
import { reportedId } from '../../aws/batchJobs/reportFolder.ts';
import type { ReportDamage } from '../../aws/batchJobs/reportRows.ts';
import { causeOf } from '../../aws/report/failureCause.ts';
import type { FailureGroup } from '../../aws/report/failureGroups.ts';
import type { ReportSummary } from '../../aws/report/indexFiles.ts';
import { MAX_SORTED_BY_KEY } from '../../aws/report/queryReport.ts';
import type { RoleDenial } from '../../aws/report/roleDenial.ts';
import type { Session } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { formatCount, formatDate, formatObjects } from '../../vscode/formats.ts';
import { jobName } from '../jobName.ts';
import { statusText } from '../jobText.ts';
import { isTaggerJob } from '../isTaggerJob.ts';
import { causeText } from './causeText.ts';
import type { ReportAction, ReportHead, ShownGroup } from './protocol.ts';

export interface HeadInput {
  readonly session: Pick<Session, 'connection' | 'identity'>;
  readonly report: Pick<CompletionReport, 'key'>;
  /** Absent where AWS has deleted it, or there never was one. */
  readonly job: Job | undefined;
  /** What the report is called where there is no job. */
  readonly name: string;
  readonly summary: ReportSummary;
  /** By group: what IAM says of the role. */
  readonly denials?: ReadonlyMap<number, RoleDenial>;
}

/** What stands above the table of a report that was read to its end. */
export function reportHead(input: HeadInput): ReportHead {
  const { session, job, name, summary, denials } = input;
  const { rows, hasVersions, buckets } = summary;
  return {
    title: l10n.t('Completion report of “{0}”', job === undefined ? name : jobName(job)),
    subtitle: subtitleOf(session, job),
    verdict: verdictOf(summary),
    actions: actionsOf(input),
    groups: [...summary.groups.entries()]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([index, group]) => shownGroup(group, { index, job, denial: denials?.get(index) })),
    damage: damageOf(job, summary),
    rows,
    isComplete: true,
    canSortByKey: rows <= MAX_SORTED_BY_KEY,
    showsVersions: hasVersions,
    showsBuckets: buckets.length > 1,
  };
}

/** The same while it is read. */
export function partialHead(
  { session, report, job, name }: Omit<HeadInput, 'summary' | 'denials'>,
  rows: number,
): ReportHead {
  const empty = { rows: 0, succeeded: 0, failed: 0, groups: [], failedVersions: 0 };
  const none = { hasVersions: false, buckets: [], damage: { count: 0, first: [] } };
  const head = reportHead({ session, report, job, name, summary: { ...empty, ...none } });
  return { ...head, verdict: [], actions: [], rows, isComplete: false, canSortByKey: false };
}

function subtitleOf({ connection, identity }: HeadInput['session'], job: Job | undefined): string {
  const ended = job?.terminationDate && l10n.t('ended {0}', formatDate(job.terminationDate));
  const gone = l10n.t('This job no longer exists: AWS keeps jobs for 90 days');
  const parts = [job ? statusText(job) : gone, ended, connection.label, accountText(identity)];
  return parts.filter(part => part !== undefined).join(' · ');
}

function verdictOf({ rows, succeeded, failed }: ReportSummary): ReportHead['verdict'] {
  const good = { tone: 'good', text: l10n.t('{0} succeeded', formatObjects(succeeded)) } as const;
  if (failed === 0) return [good];
  const share = new Intl.NumberFormat(env.language, {
    style: 'percent',
    maximumFractionDigits: 1,
  }).format(failed / rows);
  const said = l10n.t('{0} failed ({1})', formatObjects(failed), share);
  return [{ tone: 'bad', text: said }, ...(succeeded === 0 ? [] : [good])];
}

function actionsOf({ job, report, summary }: HeadInput): ReportAction[] {
  const { succeeded, failed } = summary;
  const retries = job !== undefined && failed > 0;
  // Whoever changes tags so that it can be undone is the tagger, or the direct engine, which has no job.
  const keepsFormer = job ? isTaggerJob(job) : reportedId(report.key)?.kind === 'direct';
  return [
    ...(retries ? [{ id: 'retry', label: l10n.t('Retry Failed…') }] : []),
    ...(keepsFormer && succeeded > 0 ? [{ id: 'undo', label: l10n.t('Undo…') }] : []),
    { id: 'csv', label: l10n.t('Open Completion Report as CSV') },
    { id: 'reveal', label: l10n.t('Reveal Report') },
    { id: 'refresh', label: l10n.t('Refresh') },
  ];
}

interface GroupContext {
  readonly index: number;
  readonly job: Job | undefined;
  readonly denial: RoleDenial | undefined;
}

function shownGroup(group: FailureGroup, { index, job, denial }: GroupContext): ShownGroup {
  const { errorCode, httpStatus, count, message, sampleKeys } = group;
  const status = httpStatus === undefined ? '' : `(${httpStatus})`;
  const code = errorCode === '' ? String(httpStatus ?? '') : `${errorCode} ${status}`.trim();
  const cause = causeOf(job, group);
  return {
    group: index,
    title: [code, formatObjects(count)].filter(part => part !== '').join(' · '),
    cause: causeText(cause, { roleArn: job?.roleArn, denial }),
    message,
    samples: sampleKeys.slice(0, 3),
    actions: groupActions(index, cause.kind, { job, denial }),
  };
}

function groupActions(
  index: number,
  kind: ReturnType<typeof causeOf>['kind'],
  { job, denial }: Pick<GroupContext, 'job' | 'denial'>,
): ReportAction[] {
  return [
    ...(denial?.decision === 'implicitDeny'
      ? [{ id: `allow/${index}`, label: l10n.t('Add to Role…') }]
      : []),
    ...(kind.startsWith('function') && job?.invocation !== undefined
      ? [{ id: `logs/${index}`, label: l10n.t('Show Function Logs') }]
      : []),
    ...(job === undefined ? [] : [{ id: `retry/${index}`, label: l10n.t('Retry These…') }]),
  ];
}

/** What is missing, and where to look at it. */
function damageOf(job: Job | undefined, { damage, rows }: ReportSummary): string[] {
  const { count, first } = damage;
  if (count === 0) return [];
  const ran = job && job.succeeded + job.failed;
  const wanted = job?.report?.scope === 'FailedTasksOnly' ? job.failed : ran;
  const read =
    wanted === undefined
      ? l10n.t('{0} results could be read.', formatCount(rows))
      : l10n.t('{0} of {1} results could be read.', formatCount(rows), formatCount(wanted));
  const more = count - first.length;
  return [
    read,
    ...first.map(damageText),
    ...(more > 0 ? [l10n.t('and {0} more', formatCount(more))] : []),
  ];
}

function damageText({ damage, row, text = '', file }: ReportDamage): string {
  // All are in one folder.
  const name = file.slice(file.lastIndexOf('/') + 1);
  switch (damage) {
    case 'row':
      return l10n.t('{0}, row {1} is damaged: {2}', name, formatCount(row ?? 0), text);
    case 'missing':
      return l10n.t('{0}: The file doesn’t exist.', name);
    case 'denied':
      return l10n.t('{0}: Can’t read the file. Missing permission: s3:GetObject.', name);
    case 'checksum':
      return l10n.t(
        '{0}: The file differs from what S3 wrote (MD5 mismatch). Rows may be missing.',
        name,
      );
  }
}
