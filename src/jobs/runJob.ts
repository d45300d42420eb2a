import { l10n, window } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import { functionName } from '../aws/functions/functionArn.ts';
import { canRun } from '../aws/batchJobs/jobStatus.ts';
import type { UnaskedArguments } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';
import { inJobsView } from './inJobsView.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { formatObjects, statusText } from './jobText.ts';
import { jobIdOrAsk } from './jobIdOrAsk.ts';

/** Confirms a job that waits for it, after asking; the job is followed to its end. */
export async function runJob(
  jobs: Jobs,
  target: UnaskedArguments['bucketBrigade.jobs.run'][0],
): Promise<void> {
  const title = l10n.t('Run Job');
  const session = await inJobsView(title, signal => jobs.connections.session(signal));
  const jobId = await jobIdOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Which job should run?'),
    none: l10n.t('No batch job waits for its confirmation.'),
    fits: job => canRun(job.status),
  });
  const job = await whenPrepared(session, jobId);
  if (!canRun(job.status)) {
    sayWhyNot(job);
  } else {
    if (target?.skipConfirmation !== true) await confirmRun(job);
    await inJobsView(title, signal => confirm(session, jobId, signal));
    await jobs.watched.add(session, jobId);
  }
  jobs.following.nudge();
}

/** Somebody may have run or cancelled the job while it was being asked. */
async function confirm(session: Session, jobId: string, signal: AbortSignal): Promise<void> {
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  try {
    await aws.runJob(session.clients, { jobId }, { signal });
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'Conflict') throw error;
    const job = await aws.describeJob(session.clients, { jobId }, { signal });
    if (canRun(job.status)) throw error;
    sayWhyNot(job);
  }
}

/** Milliseconds between looks at a job that is being prepared. */
const LOOK = 500;

/** The job once AWS has read its manifest: a job just created can't be run yet. */
async function whenPrepared(session: Session, jobId: string): Promise<Job> {
  const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
  const first = await inJobsView(l10n.t('Run Job'), signal =>
    describeJob(session.clients, { jobId, justCreated: true }, { signal }),
  );
  if (isPrepared(first)) return first;
  const title = l10n.t('Waiting until AWS has read the manifest');
  return await withCancellableProgress({ title }, async signal => {
    for (;;) {
      await delay(LOOK, undefined, { signal });
      const job = await describeJob(session.clients, { jobId }, { signal });
      if (isPrepared(job)) return job;
    }
  });
}

function isPrepared({ status }: Job): boolean {
  return status !== 'New' && status !== 'Preparing' && status !== 'Failing';
}

/** No error, so nothing to retry: what was wanted has happened already, or never can. */
function sayWhyNot(job: Job): void {
  const name = jobName(job);
  if (job.status === 'Failed' || job.status === 'Cancelled') {
    const reason = job.failureReasons[0]?.reason ?? statusText(job);
    const text = l10n.t('“{0}” cannot be run any more: {1}', name, reason);
    void window.showWarningMessage(withoutLinks(text));
  } else {
    const text = l10n.t('“{0}” was run already: {1}', name, statusText(job));
    void window.showInformationMessage(withoutLinks(text));
  }
}

async function confirmRun(job: Job): Promise<void> {
  const run = l10n.t('Run Job');
  const chosen = await window.showWarningMessage(
    l10n.t('Run “{0}” on {1}?', jobName(job), formatObjects(job.total)),
    { modal: true, detail: consequence(job) },
    run,
  );
  if (chosen !== run) throw cancelled();
}

function consequence({ tags = [], operation, invocation }: Job): string {
  if (invocation !== undefined) {
    const name = functionName(invocation.functionArn);
    return l10n.t('The function {0} is invoked once for each. What it writes stays.', name);
  }
  if (operation === 'S3DeleteObjectTagging') {
    return l10n.t('All tags of these objects are removed. This cannot be undone.');
  }
  if (operation !== 'S3PutObjectTagging') return l10n.t('This cannot be undone.');
  const list = tags.map(tag => `${tag.key} = ${tag.value}`).join('\n');
  return `${l10n.t('All tags of these objects are replaced by:')}\n${list}\n\n${l10n.t('This cannot be undone.')}`;
}
