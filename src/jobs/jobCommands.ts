import { env, l10n, window, type Disposable } from 'vscode';
import {
  JOB_STATUSES,
  canCancel,
  canPrioritize,
  isFinal,
  type JobStatus,
} from '../aws/batchJobs/jobStatus.ts';
import type { Commands, JobTarget, UnaskedArguments } from '../commands.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { askForPriority } from './create/askPriority.ts';
import { inJobsView } from './inJobsView.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { progressText, statusLabel } from './jobText.ts';
import { jobIdOrAsk } from './jobIdOrAsk.ts';
import { statusIcon } from './statusIcon.ts';

const FILTER = 'jobs.filter';

/** The statuses the view was last filtered by. */
export function rememberedFilter({ context }: Pick<Jobs, 'context'>): JobStatus[] {
  return context.workspaceState.get<JobStatus[]>(FILTER, []);
}

export function registerJobCommands(jobs: Jobs): Disposable {
  const { list } = jobs;
  const disposables = new DisposableStore();
  for (const command of [
    registerCommand('bucketBrigade.jobs.run', async target => {
      const { runJob } = await import('./runJob.ts');
      await runJob(jobs, target);
    }),
    registerCommand('bucketBrigade.jobs.cancel', target => cancelJob(jobs, target)),
    registerCommand('bucketBrigade.jobs.changePriority', target => changePriority(jobs, target)),
    registerCommand('bucketBrigade.jobs.revealManifest', target => revealManifest(jobs, target)),
    registerCommand('bucketBrigade.jobs.copyJobId', target => copyJobId(jobs, target)),
    registerCommand('bucketBrigade.jobs.filter', statuses => filter(jobs, statuses)),
    registerCommand('bucketBrigade.jobs.refresh', () => list.invalidate()),
    registerCommand('bucketBrigade.jobs.loadMore', () => list.loadMore()),
  ]) {
    disposables.add(command);
  }
  return disposables;
}

async function cancelJob(
  jobs: Jobs,
  target: UnaskedArguments['bucketBrigade.jobs.cancel'][0],
): Promise<void> {
  const title = l10n.t('Cancel Job');
  const { clients } = await inJobsView(title, signal => jobs.connections.session(signal));
  const jobId = await jobIdOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Which job should be cancelled?'),
    none: l10n.t('No batch job can be cancelled now.'),
    fits: job => canCancel(job.status),
  });
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  if (target?.skipConfirmation !== true) {
    const job = await inJobsView(title, signal => aws.describeJob(clients, { jobId }, { signal }));
    const chosen = await window.showWarningMessage(
      l10n.t('Cancel “{0}”?', jobName(job)),
      {
        modal: true,
        detail: l10n.t(
          'Done so far: {0}. What is done stays done, and a cancelled job cannot be resumed.',
          progressText(job),
        ),
      },
      title,
    );
    if (chosen !== title) throw cancelled();
  }
  await inJobsView(title, signal => aws.cancelJob(clients, { jobId }, { signal }));
  jobs.following.nudge();
}

async function changePriority(
  jobs: Jobs,
  target: UnaskedArguments['bucketBrigade.jobs.changePriority'][0],
): Promise<void> {
  const title = l10n.t('Change Job Priority');
  const { clients } = await inJobsView(title, signal => jobs.connections.session(signal));
  const jobId = await jobIdOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Which job’s priority should change?'),
    none: l10n.t('No batch job’s priority can be changed now.'),
    fits: job => canPrioritize(job.status),
  });
  const aws = await import('../aws/batchJobs/batchJobs.ts');
  const describe = (signal: AbortSignal) => aws.describeJob(clients, { jobId }, { signal });
  const priority =
    target?.priority ??
    (await askForPriority({ title }, (await inJobsView(title, describe)).priority));
  await inJobsView(title, signal => aws.setJobPriority(clients, { jobId, priority }, { signal }));
  jobs.following.nudge();
}

async function revealManifest(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const jobId = await anyJob(jobs, target, l10n.t('Reveal Manifest'));
  const job = await jobs.list.describe(jobId);
  const manifest = job.manifest ?? job.generatedManifest;
  if (manifest === undefined) {
    const kept = job.generator?.output !== undefined && !isFinal(job.status);
    void window.showInformationMessage(
      kept
        ? l10n.t('S3 has not made this job’s manifest yet.')
        : l10n.t('S3 made this job’s manifest itself and kept none.'),
    );
    return;
  }
  const { bucket, key } = manifest;
  await runCommand('bucketBrigade.explorer.reveal', { bucket, key });
}

async function copyJobId(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  await env.clipboard.writeText(await anyJob(jobs, target, l10n.t('Copy Job ID')));
  window.setStatusBarMessage(l10n.t('Job ID copied'), 2_000);
}

function anyJob(jobs: Jobs, target: JobTarget | undefined, title: string): Promise<string> {
  return jobIdOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Which job?'),
    none: l10n.t('There are no batch jobs in this account and Region.'),
    fits: () => true,
  });
}

async function filter(
  { list, context }: Jobs,
  statuses: Commands['bucketBrigade.jobs.filter'][0],
): Promise<void> {
  const chosen = statuses ?? (await askStatuses(list.statuses));
  // All of them is none: the list then also holds statuses that AWS adds one day.
  const next = chosen.length === JOB_STATUSES.length ? [] : [...chosen];
  await context.workspaceState.update(FILTER, next);
  list.filter(next);
}

async function askStatuses(shown: readonly JobStatus[]): Promise<readonly JobStatus[]> {
  const items = JOB_STATUSES.map(status => ({
    label: statusLabel(status),
    status,
    iconPath: statusIcon({ status, succeeded: 0, failed: 0 }),
    picked: shown.includes(status),
  }));
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Filter Jobs by Status'),
    placeHolder: l10n.t('Choose the statuses to show; none shows all'),
    canPickMany: true,
  });
  if (chosen === undefined) throw cancelled();
  return chosen.map(item => item.status);
}
