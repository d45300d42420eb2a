import { l10n, window } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/job.ts';
import { canRun, isFinal } from '../aws/jobStatus.ts';
import type { Commands } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { formatObjects, statusText } from './jobText.ts';
import { jobIdOrAsk } from './jobIdOrAsk.ts';

/** Confirms a job that waits for it, after asking; the job is followed to its end. */
export async function runJob(
  jobs: Jobs,
  target: Commands['bucketBrigade.jobs.run'][0],
): Promise<void> {
  const session = await jobs.connections.session();
  const jobId = await jobIdOrAsk(jobs, target, {
    title: l10n.t('Run Job'),
    placeholder: l10n.t('Which job should run?'),
    none: l10n.t('No batch job waits for its confirmation.'),
    fits: job => canRun(job.status),
  });
  const job = await whenPrepared(session, jobId);
  if (target?.skipConfirmation !== true) await confirmRun(job);
  const aws = await import('../aws/batchJobs.ts');
  await aws.runJob(session.clients, { jobId });
  await jobs.watched.add(session, jobId);
  jobs.following.nudge();
}

/** Milliseconds between looks at a job that is being prepared. */
const LOOK = 500;

/**
 * The job once AWS has read its manifest: a job just created can't be run yet.
 *
 * @throws BrigadeError `Conflict` when it can't be run (any more).
 */
async function whenPrepared(session: Session, jobId: string): Promise<Job> {
  const { describeJob } = await import('../aws/batchJobs.ts');
  const first = await describeJob(session.clients, { jobId, justCreated: true });
  if (!isPrepared(first)) {
    const title = l10n.t('Waiting until AWS has read the manifest');
    return runnable(
      await withCancellableProgress({ title }, async signal => {
        for (;;) {
          await delay(LOOK, undefined, { signal });
          const job = await describeJob(session.clients, { jobId }, { signal });
          if (isPrepared(job)) return job;
        }
      }),
    );
  }
  return runnable(first);
}

function isPrepared({ status }: Job): boolean {
  return status !== 'New' && status !== 'Preparing' && status !== 'Failing';
}

function runnable(job: Job): Job {
  if (canRun(job.status)) return job;
  const reason = job.failureReasons[0]?.reason;
  const message = isFinal(job.status)
    ? l10n.t('This job cannot be run any more: {0}.', reason ?? statusText(job))
    : l10n.t('This job was confirmed already: {0}.', statusText(job));
  throw new BrigadeError('Conflict', message, { subject: jobName(job) });
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

function consequence({ tags = [], operation }: Job): string {
  if (operation === 'S3DeleteObjectTagging') {
    return l10n.t('All tags of these objects are removed. This cannot be undone.');
  }
  if (operation !== 'S3PutObjectTagging') return l10n.t('This cannot be undone.');
  const list = tags.map(tag => `${tag.key} = ${tag.value}`).join('\n');
  return `${l10n.t('All tags of these objects are replaced by:')}\n${list}\n\n${l10n.t('This cannot be undone.')}`;
}
