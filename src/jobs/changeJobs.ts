import { l10n, window, type MessageItem } from 'vscode';
import type { Job } from '../aws/batchJobs/job.ts';
import { canCancel, canPrioritize } from '../aws/batchJobs/jobStatus.ts';
import type { HandlerArguments } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { detailWithOwner } from '../vscode/ownerLabel.ts';
import { formatCount } from '../vscode/formats.ts';
import { askForPriority } from './askPriority.ts';
import { forEachJob, jobLines } from './eachJob.ts';
import { inJobsView } from './inJobsView.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { resolveJobs, type ResolvedJobs } from './jobTargets.ts';
import { progressText, statusLabel } from './jobText.ts';

/** Cancels the jobs that were chosen, after one question for all of them. */
export async function cancelJobs(
  jobs: Jobs,
  ...[target, selection]: HandlerArguments<'bucketBrigade.jobs.cancel'>
): Promise<void> {
  const title = l10n.t('Cancel Job');
  const resolved = await inJobsView(title, () =>
    resolveJobs(jobs, target, selection, {
      title,
      placeholder: l10n.t('Select a job to cancel'),
      none: l10n.t('No batch job can be cancelled now.'),
      fits: job => canCancel(job.status),
    }),
  );
  const { fitting, clients } = await describeAll(title, resolved, canCancel);
  if (target?.skipConfirmation !== true) await confirmCancel(resolved.session, fitting);
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  await forEachJob(jobs, title, fitting, job =>
    inJobsView(title, signal => aws.cancelJob(clients, addressOf(job), { signal })),
  );
  jobs.following.nudge(resolved.session);
}

/** Gives the jobs that were chosen one priority. */
export async function changePriority(
  jobs: Jobs,
  ...[target, selection]: HandlerArguments<'bucketBrigade.jobs.changePriority'>
): Promise<void> {
  const title = l10n.t('Change Job Priority');
  const resolved = await inJobsView(title, () =>
    resolveJobs(jobs, target, selection, {
      title,
      placeholder: l10n.t('Select a job to change its priority'),
      none: l10n.t('No batch job’s priority can be changed now.'),
      fits: job => canPrioritize(job.status),
    }),
  );
  const { fitting, clients } = await describeAll(title, resolved, canPrioritize);
  const count = fitting.length;
  const asking = count === 1 ? title : l10n.t('Change Priority of {0} Jobs', formatCount(count));
  const priority =
    target?.priority ?? (await askForPriority({ title: asking }, fitting[0]?.priority));
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  await forEachJob(jobs, title, fitting, job =>
    inJobsView(title, signal =>
      aws.setJobPriority(clients, { ...addressOf(job), priority }, { signal }),
    ),
  );
  jobs.following.nudge(resolved.session);
}

function addressOf({ jobId, region }: Job) {
  return { jobId, region };
}

/**
 * The chosen jobs as they are now, without those that it is too late for, of which it is said. Where
 * it is too late for the only one, AWS is asked all the same and says why.
 */
async function describeAll(
  title: string,
  { session: { clients }, jobs }: ResolvedJobs,
  fits: (status: Job['status']) => boolean,
) {
  const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
  const found = await inJobsView(title, signal =>
    Promise.all(jobs.map(job => describeJob(clients, job, { signal }))),
  );
  const fitting = found.filter(job => found.length === 1 || fits(job.status));
  const late = found.filter(job => !fitting.includes(job));
  if (late.length > 0) showTooLate(late, fitting.length);
  if (fitting.length === 0) throw cancelled();
  return { fitting, clients };
}

function showTooLate(late: readonly Job[], others: number): void {
  const [first] = late;
  const name = first === undefined ? '' : `“${jobName(first)}”: ${statusLabel(first.status)}`;
  const text = l10n.t('Skipped: {0} of {1} jobs.', late.length, late.length + others);
  void window.showWarningMessage(`${text} ${name}`);
}

async function confirmCancel(session: Session, jobs: readonly Job[]): Promise<void> {
  const [only] = jobs.length === 1 ? jobs : [];
  const count = formatCount(jobs.length);
  const cancel = { title: only ? l10n.t('Cancel Job') : l10n.t('Cancel {0} Jobs', count) };
  const keep: MessageItem = {
    title: only ? l10n.t('Keep Job') : l10n.t('Keep Jobs'),
    isCloseAffordance: true,
  };
  const question = only
    ? l10n.t('Cancel “{0}”?', jobName(only))
    : l10n.t('Cancel {0} jobs?', count);
  const detail = only ? doneText(only) : `${jobLines(jobs)}\n\n${severalText(jobs)}`;
  const options = { modal: true, detail: detailWithOwner(session, detail) };
  const chosen = await window.showWarningMessage<MessageItem>(question, options, cancel, keep);
  if (chosen !== cancel) throw cancelled();
}

function doneText(job: Job): string {
  return job.succeeded + job.failed === 0
    ? l10n.t('It hasn’t changed any object. A cancelled job can’t be run later.')
    : l10n.t(
        'Completed so far: {0}. Completed tasks aren’t undone, and a cancelled job can’t be resumed.',
        progressText(job),
      );
}

function severalText(jobs: readonly Job[]): string {
  return jobs.every(job => job.succeeded + job.failed === 0)
    ? l10n.t('They haven’t changed any object. A cancelled job can’t be run later.')
    : l10n.t('Completed tasks aren’t undone, and a cancelled job can’t be resumed.');
}
