import { env, l10n, window } from 'vscode';
import { JOB_STATUSES, isFinal, type JobStatus } from '../aws/batchJobs/jobStatus.ts';
import type { Commands, JobTarget } from '../commands.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { formatCount } from '../vscode/formats.ts';
import { runCommandFor } from '../vscode/runCommand.ts';
import type { Jobs } from './jobs.ts';
import { FILTER } from './jobFilter.ts';
import { chosenJobs, resolveJobOrAsk } from './jobTargets.ts';
import { statusLabel } from './jobText.ts';
import { statusIcon } from './statusIcon.ts';

/** Shows the manifest of a job in the Buckets view. */
export async function revealManifest(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, job: chosen } = await resolveJobOrAsk(
    jobs,
    target,
    anyJob(l10n.t('Reveal Manifest')),
  );
  const job = await jobs.lists.of(chosen).describe(chosen, { session });
  const manifest = job.manifest ?? job.generatedManifest;
  if (manifest === undefined) {
    const kept = job.generator?.output !== undefined && !isFinal(job.status);
    void window.showInformationMessage(
      kept
        ? l10n.t('S3 hasn’t generated this job’s manifest yet.')
        : l10n.t('S3 generated this job’s manifest and didn’t save it.'),
    );
    return;
  }
  const { bucket, key } = manifest;
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', { bucket, key });
}

/** Copies the ids of the chosen jobs, a line each. */
export async function copyJobId(
  jobs: Jobs,
  ...[target, selection]: Commands['bucketBrigade.jobs.copyJobId']
): Promise<void> {
  const given = chosenJobs(target, selection);
  const chosen =
    given.length > 0
      ? given
      : [(await resolveJobOrAsk(jobs, undefined, anyJob(l10n.t('Copy Job ID')))).job];
  await env.clipboard.writeText(chosen.map(({ jobId }) => jobId).join('\n'));
  const said =
    chosen.length === 1
      ? l10n.t('Job ID copied')
      : l10n.t('{0} job IDs copied', formatCount(chosen.length));
  window.setStatusBarMessage(said, 2_000);
}

function anyJob(title: string) {
  return {
    title,
    placeholder: l10n.t('Select a job'),
    none: l10n.t('There are no batch jobs in this account.'),
    fits: () => true,
  };
}

/** Shows only jobs with the chosen statuses. */
export async function filterJobs(
  { lists, context }: Jobs,
  statuses: Commands['bucketBrigade.jobs.filter'][0],
): Promise<void> {
  const chosen = statuses ?? (await askStatuses(lists.statuses));
  // All of them is none: the list then also holds statuses that AWS adds one day.
  const next = chosen.length === JOB_STATUSES.length ? [] : [...chosen];
  await context.workspaceState.update(FILTER, next);
  lists.filter(next);
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
    placeHolder: l10n.t('Select the statuses to show. Select none to show all.'),
    canPickMany: true,
  });
  if (chosen === undefined) throw cancelled();
  return chosen.map(item => item.status);
}
