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
import type { ResolvedJob } from '../jobTargets.ts';
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

/** A job on its way from the answers of a wizard to AWS. */
export interface JobSubmission {
  readonly jobs: Jobs;
  readonly flow: JobFlow;
  readonly session: Session;
  readonly draft: Draft;
  /** The last request: AWS may have carried it out even if its answer was lost. */
  sent?: { readonly digest: string; readonly token: string };
  /** AWS has created it: a later failure must not create another. */
  isCreated?: boolean;
}

/**
 * Creates the job, runs it if that was agreed, and announces it.
 *
 * @returns its id
 * @throws BrigadeError; Resumable when the job was created but could not be run
 */
export async function submitJob(
  submission: JobSubmission,
  { draft, next }: { readonly draft: CompleteDraft; readonly next: 'create' | 'run' | 'silent' },
): Promise<string> {
  const { jobs, flow, session } = submission;
  const aws = await import('../../aws/batchJobs/createJobOfNewRole.ts');
  const input = inputOf(submission, draft);
  const title = l10n.t('Creating the batch job');
  const roleIsNew = submission.draft.newRole === input.roleArn;
  const created = await withCancellableProgress({ title }, (signal, report) => {
    const onRoleWait = (): void => report({ message: l10n.t('waiting for the new role') });
    return aws.createJobOfNewRole(session.clients, input, { signal, roleIsNew, onRoleWait });
  });
  submission.isCreated = true;
  forgetUnfinished(flow, session);
  const resolved = await followCreated(jobs, session, created);
  if (next !== 'silent') await rememberAnswers(jobs, session, draft);
  const isRunning = next === 'run' && (await run(submission, resolved, draft));
  if (next !== 'silent' && !isRunning) {
    void showCreated(jobs, resolved, { description: draft.description ?? '' });
  }
  return created.jobId;
}

/**
 * @returns false when the user decides not to run the job yet
 * @throws Resumable
 */
async function run(
  { jobs }: JobSubmission,
  resolved: ResolvedJob,
  draft: CompleteDraft,
): Promise<boolean> {
  const { runAgreed } = await import('../runJob.ts');
  const start = () => runAgreed(jobs, resolved, objectCount(draft.manifest));
  try {
    await start();
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw new Resumable(error, start);
  }
}

/** The same token for the same job: AWS creates only one, even if an answer was lost. */
function inputOf(submission: JobSubmission, draft: CompleteDraft): CreateJobInput {
  const request = jobInput(draft);
  const digest = JSON.stringify(request);
  if (submission.sent?.digest !== digest) submission.sent = { digest, token: randomUUID() };
  return { ...request, clientRequestToken: submission.sent.token };
}

/** A wizard that was closed with answers in it. */
export interface UnfinishedJob {
  readonly draft: Draft;
  /** A request with an unknown outcome: sending it again creates no second job. */
  readonly sent?: { readonly digest: string; readonly token: string };
}

/** By kind of job and account, as long as this window is open. */
const kept = new Map<string, UnfinishedJob>();

function keyOf({ kind }: JobFlow, { key }: Session): string {
  return `${kind}/${key}`;
}

/** Keeps the answers of a wizard that was closed, for the next time it opens. */
export function keepUnfinished(flow: JobFlow, session: Session, job: UnfinishedJob): void {
  const { draft, sent } = job;
  if (draft.manifest === undefined || draft.operation === undefined) return;
  kept.set(keyOf(flow, session), { draft, ...(sent && { sent }) });
}

/** Forgets the answers: the job was created. */
export function forgetUnfinished(flow: JobFlow, session: Session): void {
  kept.delete(keyOf(flow, session));
}

/**
 * Offers to continue an unfinished wizard, if it is about the same objects.
 *
 * @throws BrigadeError `Cancelled`; the answers stay kept
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
