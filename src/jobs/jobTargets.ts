import { l10n, window, type QuickPickItem } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/job.ts';
import { BrigadeError } from '../aws/errors.ts';
import type { JobTarget } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { pick } from '../vscode/prompts.ts';
import { visibleLabel } from '../vscode/visibleText.ts';
import { jobKey } from './jobKey.ts';
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

/** A job and the session to reach it by. */
export interface ReachedJob {
  readonly session: Session;
  readonly job: JobTarget & { readonly region: string };
}

type Parts = Pick<Jobs, 'connections' | 'view' | 'list'>;

/**
 * The jobs a command was called on: all that are selected if the one that was clicked is among them.
 * Empty where it was called on none.
 */
export function chosenJobs(
  target: JobTarget | undefined,
  selection: readonly JobTarget[] = [],
): readonly JobTarget[] {
  if (target === undefined) return selection;
  return selection.some(job => jobKey(job) === jobKey(target)) ? selection : [target];
}

/**
 * The session that a job is reached by, and where it is. A message or document may be about a job of a
 * connection that is no longer the current one: it acts on no other.
 *
 * @throws BrigadeError `InvalidInput` that names whose job it is
 */
export async function reach(
  { connections, list }: Pick<Jobs, 'connections' | 'list'>,
  target: JobTarget,
  signal?: AbortSignal,
): Promise<ReachedJob> {
  const session = await connections.session(signal);
  if (target.session !== undefined && target.session !== session.key) {
    const [connection = '', account = ''] = target.session.split('/').map(decodeURIComponent);
    const sentence = l10n.t(
      'This job belongs to the connection {0}, account {1}. Select that connection, then try again.',
      connection,
      account,
    );
    throw new BrigadeError('InvalidInput', sentence, { subject: target.jobId });
  }
  const region = target.region ?? list.find(target)?.region ?? session.clients.region;
  return { session, job: { jobId: target.jobId, region, session: session.key } };
}

/**
 * The job a command was called on, or the one of those that fit that the user chooses, where
 * Enter takes the one that is selected in the view.
 *
 * @throws BrigadeError `Cancelled` when it is dismissed or no job fits (which is said).
 */
export async function reachOrAsk(
  jobs: Parts,
  target: JobTarget | undefined,
  question: JobQuestion,
): Promise<ReachedJob> {
  if (target !== undefined) return await reach(jobs, target);
  const session = await jobs.connections.session();
  const { title, placeholder } = question;
  const selected = jobs.view.selection.map(jobKey);
  const { job } = await pick<JobItem>({
    title,
    placeholder,
    items: signal => fittingJobs(jobs, session, question, signal),
    active: item => jobKey(item.job) === selected[0],
  });
  return { session, job };
}

export interface ReachedJobs {
  readonly session: Session;
  readonly jobs: readonly ReachedJob['job'][];
}

/**
 * The jobs that are selected, or the one that was clicked or is chosen now.
 *
 * @throws BrigadeError as `reach` and `reachOrAsk` do
 */
export async function reachAll(
  jobs: Parts,
  target: JobTarget | undefined,
  selection: readonly JobTarget[] | undefined,
  question: JobQuestion,
): Promise<ReachedJobs> {
  const chosen = chosenJobs(target, selection);
  if (chosen.length === 0) {
    const { session, job } = await reachOrAsk(jobs, undefined, question);
    return { session, jobs: [job] };
  }
  const reached = await Promise.all(chosen.map(each => reach(jobs, each)));
  const session = reached[0]?.session ?? (await jobs.connections.session());
  return { session, jobs: reached.map(({ job }) => job) };
}

interface JobItem extends QuickPickItem {
  readonly job: ReachedJob['job'];
}

/** Read anew, so that what was made elsewhere is there; the view may be closed. */
async function fittingJobs(
  { list }: Parts,
  session: Session,
  { fits, none }: JobQuestion,
  signal: AbortSignal,
): Promise<JobItem[]> {
  const listed = await list.readAll(session, signal);
  const several = new Set(listed.map(({ region }) => region)).size > 1;
  const items = listed.filter(fits).map((job): JobItem => {
    const name = jobName(list.lastKnown(job) ?? job);
    return { ...itemOf(job, name, several), job: { ...addressOf(job), session: session.key } };
  });
  if (items.length > 0) return items;
  void window.showInformationMessage(none);
  throw cancelled();
}

function addressOf({ jobId, region }: JobSummary) {
  return { jobId, region };
}

function itemOf(job: JobSummary, name: string, showRegion: boolean): QuickPickItem {
  const age =
    job.creationTime === undefined ? '' : l10n.t('created {0}', formatAge(job.creationTime));
  const details = [job.jobId, age, showRegion ? job.region : ''];
  return {
    label: visibleLabel(name),
    description: jobDescription(job),
    detail: details.filter(part => part !== '').join(' · '),
    iconPath: statusIcon(job),
  };
}
