import { l10n, window } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import { functionName } from '../aws/functionArn.ts';
import { canRun } from '../aws/batchJobs/jobStatus.ts';
import type { HandlerArguments } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { detailWithOwner } from '../vscode/ownerLabel.ts';
import { formatCount, formatObjects } from '../vscode/formats.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { visibleSentence } from '../vscode/visibleText.ts';
import { neutralizeLinks } from '../vscode/neutralizeLinks.ts';
import { forEachJob, jobLines } from './eachJob.ts';
import { inJobsView } from './inJobsView.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { statusText } from './jobText.ts';
import { resolveJobs, type ResolvedJob } from './jobTargets.ts';

/** Confirms jobs that wait for it, after one question; they are followed to their ends. */
export async function runJobs(
  jobs: Jobs,
  ...[target, selection]: HandlerArguments<'bucketBrigade.jobs.run'>
): Promise<void> {
  const title = l10n.t('Run Job');
  const { session, jobs: chosen } = await inJobsView(title, () =>
    resolveJobs(jobs, target, selection, {
      title,
      placeholder: l10n.t('Select a job to run'),
      none: l10n.t('No batch job is awaiting confirmation.'),
      fits: job => canRun(job.status),
    }),
  );
  const found = await Promise.all(chosen.map(job => whenPrepared(session, job)));
  const waiting = found.filter(job => canRun(job.status));
  found.filter(job => !canRun(job.status)).forEach(showWhyNot);
  if (waiting.length > 0) {
    if (target?.skipConfirmation !== true) await confirmRun(session, waiting);
    await runAll(jobs, session, waiting);
  }
  jobs.following.nudge(session);
}

/**
 * Runs a job that was just created, as was agreed to when it was. Only if AWS finds another number of
 * objects in it than was agreed to, or none was known, it is asked for again.
 */
export async function runAgreed(
  jobs: Jobs,
  { session, job: created }: ResolvedJob,
  agreedObjects: number | undefined,
): Promise<void> {
  const job = await whenPrepared(session, created);
  if (!canRun(job.status)) showWhyNot(job);
  else {
    if (job.total !== agreedObjects) await confirmRun(session, [job]);
    await runAll(jobs, session, [job]);
  }
  jobs.following.nudge(session);
}

async function runAll(jobs: Jobs, session: Session, waiting: readonly Job[]): Promise<void> {
  const title = l10n.t('Run Job');
  await forEachJob(jobs, title, waiting, async job => {
    await inJobsView(title, signal => confirm(session, job, signal));
    await jobs.watched.add(session, job);
  });
}

/** Somebody may have run or cancelled the job while it was being asked. */
async function confirm(session: Session, { jobId, region }: Job, signal: AbortSignal) {
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  try {
    await aws.runJob(session.clients, { jobId, region }, { signal });
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'Conflict') throw error;
    const job = await aws.describeJob(session.clients, { jobId, region }, { signal });
    if (canRun(job.status)) throw error;
    showWhyNot(job);
  }
}

/** Milliseconds between looks at a job that is being prepared. */
const POLL_MS = 500;

/** The job once AWS has read its manifest: a job just created can't be run yet. */
async function whenPrepared(session: Session, job: ResolvedJob['job']): Promise<Job> {
  const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
  const first = await inJobsView(l10n.t('Run Job'), signal =>
    describeJob(session.clients, { ...job, justCreated: true }, { signal }),
  );
  if (isPrepared(first)) return first;
  const title = l10n.t('Waiting until AWS has read the manifest');
  return await withCancellableProgress({ title }, async signal => {
    for (;;) {
      await delay(POLL_MS, undefined, { signal });
      const now = await describeJob(session.clients, job, { signal });
      if (isPrepared(now)) return now;
    }
  });
}

function isPrepared({ status }: Job): boolean {
  return status !== 'New' && status !== 'Preparing' && status !== 'Failing';
}

/** No error, so nothing to retry: what was wanted has happened already, or never can. */
function showWhyNot(job: Job): void {
  const name = jobName(job);
  if (job.status === 'Failed' || job.status === 'Cancelled') {
    const reason = job.failureReasons[0]?.reason ?? statusText(job);
    const text = l10n.t('“{0}” can no longer be run: {1}', name, reason);
    void window.showWarningMessage(neutralizeLinks(text));
  } else {
    const text = l10n.t('“{0}” has already been started: {1}', name, statusText(job));
    void window.showInformationMessage(neutralizeLinks(text));
  }
}

async function confirmRun(session: Session, jobs: readonly Job[]): Promise<void> {
  const objects = formatObjects(jobs.reduce((sum, { total }) => sum + total, 0));
  const [only] = jobs.length === 1 ? jobs : [];
  const count = formatCount(jobs.length);
  const run = only ? l10n.t('Run Job') : l10n.t('Run {0} Jobs', count);
  const question = only
    ? l10n.t('Run “{0}” on {1}?', jobName(only), objects)
    : l10n.t('Run {0} jobs on {1}?', count, objects);
  const detail = only ? consequence(only) : `${jobLines(jobs)}\n\n${consequenceOfAll(jobs)}`;
  const chosen = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail: visibleSentence(detailWithOwner(session, detail)) },
    run,
  );
  if (chosen !== run) throw cancelled();
}

function consequenceOfAll(jobs: readonly Job[]): string {
  return [...new Set(jobs.map(consequence))].join('\n\n');
}

function consequence({ tags = [], operation, invocation }: Job): string {
  if (invocation !== undefined) {
    const name = functionName(invocation.functionArn);
    return l10n.t(
      'The function {0} is invoked once for each object. Its output can’t be undone.',
      name,
    );
  }
  if (operation === 'S3DeleteObjectTagging') {
    return l10n.t('All tags of these objects are removed. This can’t be undone.');
  }
  if (operation !== 'S3PutObjectTagging') return l10n.t('This can’t be undone.');
  const list = tags.map(tag => `${tag.key} = ${tag.value}`).join('\n');
  return `${l10n.t('All tags of these objects are replaced by:')}\n${list}\n\n${l10n.t('This can’t be undone.')}`;
}
