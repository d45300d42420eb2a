import { l10n, window } from 'vscode';
import { describeError } from '../vscode/describeError.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { formatCount } from '../vscode/formats.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { neutralizeLinks } from '../vscode/neutralizeLinks.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import { shortened } from './jobName.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';

/** Names a message shows; more would only be scrolled. */
const NAMED = 10;
const NAME_LENGTH = 60;

/** A line for each job, for a question or message about several. */
export function jobLines(jobs: readonly Job[]): string {
  const names = jobs.slice(0, NAMED).map(job => `• ${shortened(jobName(job), NAME_LENGTH)}`);
  const more = jobs.length - names.length;
  return [...names, ...(more > 0 ? [l10n.t('and {0} more', formatCount(more))] : [])].join('\n');
}

/**
 * Does something to each job and continues after a failure, which is said at the end, job by job.
 *
 * @param doing what is done, for the log
 * @throws BrigadeError what failed, where there is one job only; `Cancelled`
 */
export async function forEachJob(
  { log }: Pick<Jobs, 'log'>,
  doing: string,
  jobs: readonly Job[],
  act: (job: Job) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const job of jobs) {
    try {
      await act(job);
    } catch (error) {
      if (jobs.length === 1 || isCancellation(error)) throw error;
      log.error(`${doing}: ${job.jobId}: ${errorForLog(error)}`);
      failures.push(`${shortened(jobName(job), NAME_LENGTH)}: ${describeError(error)}`);
    }
  }
  if (failures.length > 0) void showFailures(failures, jobs.length);
}

async function showFailures(failures: readonly string[], all: number): Promise<void> {
  const show = l10n.t('Show Failures');
  const text = l10n.t(
    'Failed for {0} of {1} jobs.',
    formatCount(failures.length),
    formatCount(all),
  );
  const first = failures[0] ?? '';
  const chosen = await window.showErrorMessage(neutralizeLinks(`${text} ${first}`), show);
  if (chosen !== show) return;
  await window.showErrorMessage(text, { modal: true, detail: failures.join('\n') });
}
