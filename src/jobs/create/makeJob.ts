import { randomUUID } from 'node:crypto';
import { ThemeIcon, l10n } from 'vscode';
import type { CreateJobInput } from '../../aws/batchJobs/createJob.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { followCreated, showCreated } from '../showCreated.ts';
import type { ReachedJob } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import {
  describeDraft,
  jobInput,
  objectCount,
  type CompleteDraft,
  type Draft,
  type Given,
  type JobFlow,
} from './draft.ts';
import { rememberAnswers } from './lastAnswers.ts';

/** A job on its way from answers to AWS. */
export interface Making {
  readonly jobs: Jobs;
  readonly flow: JobFlow;
  readonly session: Session;
  readonly draft: Draft;
  /** The last request, which may have been carried out though its answer was lost. */
  sent?: { readonly digest: string; readonly token: string };
  /** It is at AWS: what fails from now on must not make another. */
  isCreated?: boolean;
}

/**
 * Creates the job, runs it if that was agreed to, and says that it is there.
 *
 * @returns its id
 * @throws BrigadeError; Resumable when the job is there but could not be run
 */
export async function makeJob(
  making: Making,
  { draft, next }: { readonly draft: CompleteDraft; readonly next: 'create' | 'run' | 'silent' },
): Promise<string> {
  const { jobs, flow, session } = making;
  const aws = await import('../../aws/batchJobs/createJobOfNewRole.ts');
  const input = inputOf(making, draft);
  const title = l10n.t('Creating the batch job');
  const roleIsNew = making.draft.newRole === input.roleArn;
  const created = await withCancellableProgress({ title }, (signal, report) => {
    const onRoleWait = (): void => report({ message: l10n.t('waiting for the new role') });
    return aws.createJobOfNewRole(session.clients, input, { signal, roleIsNew, onRoleWait });
  });
  making.isCreated = true;
  forgetUnfinished(flow, session);
  const reached = await followCreated(jobs, session, created);
  if (next !== 'silent') await rememberAnswers(jobs, session, draft);
  const isRunning = next === 'run' && (await run(making, reached, draft));
  if (next !== 'silent' && !isRunning) {
    void showCreated(jobs, reached, { description: draft.description ?? '' });
  }
  return created.jobId;
}

/**
 * @returns false when the person keeps the job waiting after all
 * @throws Resumable
 */
async function run({ jobs }: Making, reached: ReachedJob, draft: CompleteDraft): Promise<boolean> {
  const { runAgreed } = await import('../runJob.ts');
  const start = () => runAgreed(jobs, reached, objectCount(draft.manifest));
  try {
    await start();
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw new Resumable(error, start);
  }
}

/** The same token for the same job: AWS then makes one only, whatever became of an answer. */
function inputOf(making: Making, draft: CompleteDraft): CreateJobInput {
  const request = jobInput(draft);
  const digest = JSON.stringify(request);
  if (making.sent?.digest !== digest) making.sent = { digest, token: randomUUID() };
  return { ...request, clientRequestToken: making.sent.token };
}

/** A wizard that was left with answers in it. */
export interface UnfinishedJob {
  readonly draft: Draft;
  /** A request whose outcome is not known: the same job again makes no second one. */
  readonly sent?: { readonly digest: string; readonly token: string };
}

/** Of each kind of job, for each account: as long as this window is open. */
const kept = new Map<string, UnfinishedJob>();

function keyOf({ kind }: JobFlow, { key }: Session): string {
  return `${kind}/${key}`;
}

/** Keeps the answers of a wizard that was left, for when it is opened again. */
export function keepUnfinished(flow: JobFlow, session: Session, job: UnfinishedJob): void {
  const { draft, sent } = job;
  if (draft.manifest === undefined || draft.operation === undefined) return;
  kept.set(keyOf(flow, session), { draft, ...(sent && { sent }) });
}

/** Nothing is left over: the job was made. */
export function forgetUnfinished(flow: JobFlow, session: Session): void {
  kept.delete(keyOf(flow, session));
}

/**
 * Offers to go on with what was left, if it is about the same objects.
 *
 * @throws BrigadeError `Cancelled`; what was left stays kept
 */
export async function offerUnfinished(
  flow: JobFlow,
  session: Session,
  given: Given,
): Promise<UnfinishedJob | undefined> {
  const left = kept.get(keyOf(flow, session));
  if (left === undefined || !isAbout(left.draft, given)) return undefined;
  const goOn = {
    label: l10n.t('Continue Where You Left Off'),
    description: describeDraft(left.draft),
    iconPath: new ThemeIcon('debug-continue'),
  };
  const startOver = { label: l10n.t('Start Over'), iconPath: new ThemeIcon('discard') };
  const chosen = await pick({
    title: flow.title,
    placeholder: l10n.t('You have an unfinished job. Continue or start over?'),
    items: [goOn, startOver],
  });
  if (chosen === goOn) return left;
  forgetUnfinished(flow, session);
  return undefined;
}

function isAbout({ manifest }: Draft, given: Given): boolean {
  const begun = given.manifest;
  if (begun === undefined || manifest === undefined) return true;
  if (isGenerator(begun)) {
    return isGenerator(manifest) && manifest.sourceBucket === begun.sourceBucket;
  }
  return !isGenerator(manifest) && manifest.bucket === begun.bucket && manifest.key === begun.key;
}
