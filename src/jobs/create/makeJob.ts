import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { CreateJobInput } from '../../aws/batchJobs/createJob.ts';
import type { Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import { shortened } from '../jobName.ts';
import type { Jobs } from '../jobs.ts';
import type { ReachedJob } from '../jobTargets.ts';
import { jobManifest, objectCount, type CompleteDraft, type Draft } from './draft.ts';
import type { JobFlow } from './flow.ts';
import { rememberAnswers } from './lastAnswers.ts';
import { forgetUnfinished } from './unfinishedJobs.ts';

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
  const aws = await import('../../aws/batchJobs/createJob.ts');
  const input = inputOf(making, draft);
  const title = l10n.t('Creating the batch job');
  const created = await withCancellableProgress({ title }, signal =>
    aws.createJob(session.clients, input, { signal }),
  );
  making.isCreated = true;
  forgetUnfinished(flow, session);
  await jobs.watched.add(session, created);
  await jobs.regions.add(session, created.region);
  if (next !== 'silent') await rememberAnswers(jobs, session, draft);
  jobs.following.nudge();
  const job = { ...created, session: session.key };
  const isRunning = next === 'run' && (await run(making, { session, job }, draft));
  if (next !== 'silent' && !isRunning) void sayCreated(jobs, job, draft);
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
  const report = draft.report === false ? undefined : draft.report;
  const manifest = jobManifest(draft.manifest, draft.report);
  const buckets = isGenerator(draft.manifest) ? [] : draft.manifest.buckets;
  const { operation, roleArn, priority, description } = draft;
  const request = { operation, roleArn, priority, description, manifest, report, buckets };
  const digest = JSON.stringify(request);
  if (making.sent?.digest !== digest) making.sent = { digest, token: randomUUID() };
  return { ...request, clientRequestToken: making.sent.token };
}

/** A name that leaves room for the buttons. */
const NAME_LENGTH = 48;

async function sayCreated(
  jobs: Jobs,
  job: ReachedJob['job'],
  { description = '' }: CompleteDraft,
): Promise<void> {
  const runJob = l10n.t('Run…');
  const show = l10n.t('Show');
  const text = l10n.t('Job created: “{0}”', shortened(description, NAME_LENGTH));
  const chosen = await window.showInformationMessage(withoutLinks(text), runJob, show);
  if (chosen === runJob) await runCommand('bucketBrigade.jobs.run', job);
  if (chosen === show) await jobs.view.reveal(job);
}
