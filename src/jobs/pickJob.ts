import { l10n, window, type QuickPickItem } from 'vscode';
import type { JobSummary } from '../aws/batchJobs.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Services } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { pick } from '../vscode/prompts.ts';
import { jobName } from './jobName.ts';
import { formatAge, jobDescription } from './jobText.ts';
import { statusIcon } from './statusIcon.ts';

interface JobQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** Said when no job fits. */
  readonly none: string;
  readonly fits: (job: JobSummary) => boolean;
  /** The job that is selected in the view. */
  readonly selected?: string;
}

interface JobItem extends QuickPickItem {
  readonly jobId: string;
}

/**
 * Asks for one of the jobs that fit.
 *
 * @throws BrigadeError `Cancelled` when it is dismissed or no job fits (which is said).
 */
export async function pickJob(
  connections: Services['connections'],
  question: JobQuestion,
): Promise<string> {
  const { clients } = await connections.session();
  const { title, placeholder, selected } = question;
  const { jobId } = await pick<JobItem>({
    title,
    placeholder,
    items: signal => fittingJobs(clients, question, signal),
    active: item => item.jobId === selected,
  });
  return jobId;
}

async function fittingJobs(
  clients: AwsClients,
  { fits, none }: JobQuestion,
  signal: AbortSignal,
): Promise<JobItem[]> {
  const { listJobs } = await import('../aws/batchJobs.ts');
  const items = (await listJobs(clients, {}, { signal })).filter(fits).map(toItem);
  if (items.length > 0) return items;
  void window.showInformationMessage(none);
  throw cancelled();
}

function toItem(job: JobSummary): JobItem {
  const age =
    job.creationTime === undefined ? '' : l10n.t('created {0}', formatAge(job.creationTime));
  return {
    jobId: job.jobId,
    label: jobName(job),
    description: jobDescription(job),
    detail: [job.jobId, age].filter(part => part !== '').join(' · '),
    iconPath: statusIcon(job),
  };
}
