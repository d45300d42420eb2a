import { l10n } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import { canCancel, canRun, isFinal, isRunning } from '../../aws/batchJobs/jobStatus.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import { formatTagText } from '../../aws/objects/tagText.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { formatCount, formatDate, formatObjects } from '../../vscode/formats.ts';
import type {
  Block,
  Cell,
  PageAction,
  PageModel,
  TimelineEntry,
} from '../../vscode/page/protocol.ts';
import { visible } from '../../vscode/visibleText.ts';
import { jobName } from '../jobName.ts';
import { formatElapsed, progressText, sourceText, statusLabel, statusText } from '../jobText.ts';
import { isTaggerJob } from '../isTaggerJob.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { settingLines } from '../operations/settingLines.ts';
import type { JobLineage } from './jobLineage.ts';
import type { TaskRate } from './taskRate.ts';

/** A state of a job and since when it was seen in it. */
export interface SeenState {
  readonly status: Job['status'];
  readonly at: Date;
}

export interface JobPageInput {
  readonly job: Job;
  readonly session: Pick<Session, 'connection' | 'identity'>;
  readonly rate: TaskRate | undefined;
  /** Undefined until it was read, or where it may not be. */
  readonly lineage: JobLineage | undefined;
  /** While the page was open, in their order. */
  readonly seen: readonly SeenState[];
}

/**
 * A job's page: how far it is, what can be done, what happened to it, and all that it was asked.
 */
export function jobPageModel({ job, session, rate, lineage, seen }: JobPageInput): PageModel {
  const { connection, identity } = session;
  return {
    title: jobName(job),
    subtitle: [connection.label, accountText(identity), job.region].join(' · '),
    blocks: [
      ...job.failureReasons.map(({ code, reason }) => errorBlock(reason === '' ? code : reason)),
      { kind: 'text', text: stateText(job), isLive: true },
      ...progressBlocks(job, rate),
      { kind: 'actions', actions: actionsOf(job) },
      ...lineageBlocks(lineage),
      { kind: 'heading', text: l10n.t('Timeline') },
      { kind: 'timeline', label: l10n.t('Timeline'), entries: timelineOf(job, seen) },
      { kind: 'heading', text: l10n.t('Job Details') },
      { kind: 'facts', facts: factsOf(job) },
      {
        kind: 'details',
        summary: l10n.t('Request as JSON'),
        blocks: [{ kind: 'code', label: l10n.t('CreateJob'), text: requestJson(job) }],
      },
    ],
  };
}

function errorBlock(text: string): Block {
  return { kind: 'text', tone: 'error', text };
}

/** The state, and what it means for whoever waits. */
function stateText(job: Job): string {
  const state = statusText(job);
  if (canRun(job.status)) {
    return `${state}. ${l10n.t('Nothing happens until you run it.')}`;
  }
  if (job.status === 'Paused') {
    return `${state}. ${l10n.t('A job with a higher priority runs first; this one resumes automatically.')}`;
  }
  const progress = progressText(job);
  return progress === '' ? state : `${state} · ${progress}`;
}

function progressBlocks(job: Job, rate: TaskRate | undefined): Block[] {
  const { status, total, succeeded, failed } = job;
  if (!isRunning(status)) return [];
  const label = l10n.t('Progress');
  if (total === 0) {
    return [{ kind: 'progress', label, text: l10n.t('AWS is reading the manifest.') }];
  }
  const done = succeeded + failed;
  const parts = [
    progressText(job),
    ...(rate === undefined
      ? []
      : [
          l10n.t('{0} per second', formatRate(rate.perSecond)),
          l10n.t('about {0} left', formatElapsed(rate.secondsLeft)),
        ]),
  ];
  return [{ kind: 'progress', label, done: done / total, text: parts.join(' · ') }];
}

function formatRate(perSecond: number): string {
  return formatCount(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond));
}

function actionsOf(job: Job): PageAction[] {
  const { status, succeeded, failed, report } = job;
  const hasReport = isFinal(status) && succeeded + failed > 0 && report !== undefined;
  const isUndoable = hasReport && succeeded > 0 && isTaggerJob(job);
  const actions: (PageAction | undefined)[] = [
    canRun(status) ? { id: 'run', label: l10n.t('Run…'), isPrimary: true } : undefined,
    hasReport ? { id: 'openReport', label: l10n.t('Open Report'), isPrimary: true } : undefined,
    hasReport && failed > 0 ? { id: 'retryFailed', label: l10n.t('Retry Failed…') } : undefined,
    isUndoable ? { id: 'undo', label: l10n.t('Undo…') } : undefined,
    canCancel(status) ? { id: 'cancel', label: l10n.t('Cancel…') } : undefined,
    { id: 'clone', label: l10n.t('Clone…') },
    { id: 'copyCliCommand', label: l10n.t('Copy as AWS CLI Commands') },
    { id: 'refresh', label: l10n.t('Refresh') },
  ];
  return actions.filter(action => action !== undefined);
}

function lineageBlocks(lineage: JobLineage | undefined): Block[] {
  const { parent, retry, attempt = 1, parentJob, retryJob } = lineage ?? {};
  if (parent === undefined && retry === undefined) return [];
  const facts: { term: string; value: Cell }[] = [];
  if (parent !== undefined) {
    facts.push(
      { term: l10n.t('Attempt'), value: formatCount(attempt) },
      { term: l10n.t('Retry of'), value: jobLink(parent, parentJob, 'parent') },
    );
  }
  if (retry !== undefined) {
    facts.push(
      { term: l10n.t('Retried by'), value: jobLink(retry, retryJob, 'retry') },
      { term: l10n.t('Remaining'), value: leftText(retryJob) },
    );
  }
  return [
    { kind: 'heading', text: l10n.t('Retries') },
    { kind: 'facts', facts },
  ];
}

/** A job that AWS has deleted has no page. */
function jobLink(jobId: string, job: Job | undefined, action: string): Cell {
  if (job === undefined) return l10n.t('{0} (no longer exists)', jobId);
  return { text: `${jobName(job)} · ${statusLabel(job.status)}`, action };
}

/** What still isn't done after the newest retry. */
function leftText(retry: Job | undefined): string {
  if (retry === undefined) return l10n.t('unknown');
  const { total, succeeded } = retry;
  if (total === 0) return l10n.t('not known yet');
  return total === succeeded ? l10n.t('nothing') : formatObjects(total - succeeded);
}

function timelineOf(job: Job, seen: readonly SeenState[]): TimelineEntry[] {
  const { creationTime, suspendedDate, terminationDate, status } = job;
  const at = (date: Date | undefined): string => (date === undefined ? '' : formatDate(date));
  // AWS tells only when a job was made, when it waited, and when it ended.
  const between = seen.filter(one => !isFinal(one.status) && one.status !== 'Suspended');
  return [
    { time: at(creationTime), text: l10n.t('Created') },
    ...(suspendedDate === undefined
      ? []
      : [{ time: at(suspendedDate), text: statusLabel('Suspended') }]),
    ...between.map(one => ({
      time: at(one.at),
      text: statusLabel(one.status),
      detail: l10n.t('seen by this page'),
    })),
    ...(terminationDate === undefined
      ? []
      : [{ time: at(terminationDate), text: statusLabel(status), detail: endDetail(job) }]),
  ];
}

function endDetail({ elapsedSeconds, statusUpdateReason }: Job): string {
  const active =
    elapsedSeconds === undefined ? '' : l10n.t('Active for {0}', formatElapsed(elapsedSeconds));
  return [active, statusUpdateReason ?? ''].filter(part => part !== '').join(' · ');
}

function factsOf(job: Job): { term: string; value: Cell }[] {
  const { report, roleArn, generator, does } = job;
  const manifest = job.manifest ?? job.generatedManifest;
  const folder = report && {
    bucket: report.bucket,
    key: reportFolder(report.prefix, job.jobId),
  };
  const lines: [term: string, value: Cell | undefined][] = [
    [l10n.t('Operation'), operationLabel(job.operation)],
    ...operationLines(does),
    [l10n.t('Source'), generator && sourceText(generator)],
    [l10n.t('Manifest'), manifest && { text: formatS3Uri(manifest), action: 'revealManifest' }],
    [l10n.t('Report'), folder ? formatS3Uri(folder) : l10n.t('None')],
    [l10n.t('Role'), roleArn && `${roleName(roleArn)} (${roleArn})`],
    [l10n.t('Priority'), formatCount(job.priority)],
    [l10n.t('Job ID'), { text: job.jobId, action: 'copyJobId' }],
    [l10n.t('Not supported by this version'), job.unknownMembers.join(', ')],
  ];
  return lines.flatMap(([term, value]) =>
    value === undefined || value === '' ? [] : [{ term, value }],
  );
}

/** Tags as such: the key of one could be taken for a property of the job. */
function operationLines(does: Job['does']): [term: string, value: string][] {
  if (does === undefined) return [];
  if (does.name === 'S3PutObjectTagging') {
    return [[l10n.t('Tags'), visible(formatTagText(does.tags))]];
  }
  return settingLines(does).map(({ label, value }) => [label, value]);
}

function requestJson({ request }: Job): string {
  return JSON.stringify(request, undefined, 2);
}
