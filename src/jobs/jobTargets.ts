import { l10n, window, type QuickPickItem } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/job.ts';
import { BrigadeError } from '../aws/errors.ts';
import type { JobTarget } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { titleWithOwner } from '../vscode/ownerLabel.ts';
import { pick } from '../vscode/prompts.ts';
import { OtherConnection, partsOf, sessionForTarget } from '../vscode/sessionOwner.ts';
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

/** A job, its Region, and the session that has access to it. */
export interface ResolvedJob {
  readonly session: Session;
  readonly job: JobTarget & { readonly region: string };
}

type Parts = Pick<Jobs, 'connections' | 'view' | 'lists'>;

/**
 * The jobs a command was called on: all that are selected if the one that was clicked is among them.
 * Empty where it was called on none.
 */
export function chosenJobs(
  target: JobTarget | undefined,
  selection: readonly JobTarget[] = [],
): readonly JobTarget[] {
  if (target === undefined) return selection;
  return selection.some(job => isSame(job, target)) ? selection : [target];
}

/** Two connections may lead to the same account: its jobs then are in the view twice. */
function isSame(one: JobTarget, other: JobTarget): boolean {
  return jobKey(one) === jobKey(other) && one.session === other.session;
}

/**
 * Finds the session and the Region of a job. A message or document may be about a job of a connection
 * that is no longer open: it acts on no other.
 *
 * @throws BrigadeError `InvalidInput` that names whose job it is
 */
export async function resolveJob(
  { connections, lists }: Pick<Jobs, 'connections' | 'lists'>,
  target: JobTarget,
  signal?: AbortSignal,
): Promise<ResolvedJob> {
  const session = await ownSession(connections, target, signal);
  if (session === undefined) {
    const [connection, account] = partsOf(target.session ?? '');
    const sentence = l10n.t(
      'This job belongs to the connection {0}, account {1}. Select that connection, then try again.',
      connection,
      account,
    );
    throw new BrigadeError('InvalidInput', sentence, { subject: target.jobId });
  }
  const region = target.region ?? lists.of(target).find(target)?.region ?? session.clients.region;
  return { session, job: { jobId: target.jobId, region, session: session.key } };
}

async function ownSession(
  connections: Jobs['connections'],
  target: JobTarget,
  signal?: AbortSignal,
): Promise<Session | undefined> {
  try {
    return await sessionForTarget(connections, target, signal);
  } catch (error) {
    if (error instanceof OtherConnection) return undefined;
    throw error;
  }
}

/**
 * Resolves the job a command was called on, or asks for one of those that fit. The job selected in
 * the view is preselected.
 *
 * @throws BrigadeError `Cancelled` when the user dismisses it or no job fits (which a message says).
 */
export async function resolveJobOrAsk(
  jobs: Parts,
  target: JobTarget | undefined,
  question: JobQuestion,
): Promise<ResolvedJob> {
  if (target !== undefined) return await resolveJob(jobs, target);
  const session = await jobs.connections.session();
  const { placeholder } = question;
  const [selected] = jobs.view.selection;
  const { job } = await pick<JobItem>({
    title: titleWithOwner(session, question.title),
    placeholder,
    items: signal => fittingJobs(jobs, session, question, signal),
    active: item => selected !== undefined && isSame(item.job, selected),
  });
  return { session, job };
}

export interface ResolvedJobs {
  readonly session: Session;
  readonly jobs: readonly ResolvedJob['job'][];
}

/**
 * Resolves the selected jobs, or the one that was clicked, or asks for one.
 *
 * @throws BrigadeError as `resolveJob` and `resolveJobOrAsk` do
 */
export async function resolveJobs(
  jobs: Parts,
  target: JobTarget | undefined,
  selection: readonly JobTarget[] | undefined,
  question: JobQuestion,
): Promise<ResolvedJobs> {
  const chosen = chosenJobs(target, selection);
  if (chosen.length === 0) {
    const { session, job } = await resolveJobOrAsk(jobs, undefined, question);
    return { session, jobs: [job] };
  }
  const resolved = await Promise.all(chosen.map(each => resolveJob(jobs, each)));
  const session = resolved[0]?.session ?? (await jobs.connections.session());
  return { session, jobs: resolved.map(({ job }) => job) };
}

interface JobItem extends QuickPickItem {
  readonly job: ResolvedJob['job'];
}

/** Lists the jobs again, to include those created elsewhere; the view may be closed. */
async function fittingJobs(
  { lists }: Parts,
  session: Session,
  { fits, none }: JobQuestion,
  signal: AbortSignal,
): Promise<JobItem[]> {
  const list = lists.of({ session: session.key });
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
