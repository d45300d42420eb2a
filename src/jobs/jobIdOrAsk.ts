import { l10n, window, type QuickPickItem } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { JobTarget } from '../commands.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { pick } from '../vscode/prompts.ts';
import { visibleLabel } from '../vscode/visibleText.ts';
import { jobName } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import { formatAge, jobDescription } from './jobText.ts';
import { statusIcon } from './statusIcon.ts';

interface JobQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** Said when no job fits. */
  readonly none: string;
  readonly fits: (job: JobSummary) => boolean;
}

interface JobItem extends QuickPickItem {
  readonly jobId: string;
}

/**
 * The job a command was called on, or the one of those that fit that the user chooses, where
 * Enter takes the one that is selected in the view.
 *
 * @throws BrigadeError `Cancelled` when it is dismissed or no job fits (which is said).
 */
export async function jobIdOrAsk(
  { connections, view }: Pick<Jobs, 'connections' | 'view'>,
  target: JobTarget | undefined,
  question: JobQuestion,
): Promise<string> {
  if (target?.jobId !== undefined) return target.jobId;
  const { clients } = await connections.session();
  const { title, placeholder } = question;
  const [selected] = view.selection;
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
  const { listJobs } = await import('../aws/batchJobs/batchJobs.ts');
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
    label: visibleLabel(jobName(job)),
    description: jobDescription(job),
    detail: [job.jobId, age].filter(part => part !== '').join(' · '),
    iconPath: statusIcon(job),
  };
}
