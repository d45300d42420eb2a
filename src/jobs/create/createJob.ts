import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { isGenerator } from '../../aws/batchJobs/jobManifest.ts';
import type { ManifestSummary } from '../../aws/manifest/manifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { validateTags } from '../../aws/objects/tagRules.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import type { Documents } from '../../vscode/documents.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import type { Jobs } from '../jobs.ts';
import { DEFAULT_PRIORITY } from './askPriority.ts';
import { askQuestions } from './askQuestions.ts';
import { countFound } from './countFound.ts';
import {
  completed,
  jobManifest,
  questionsLeft,
  type CompleteDraft,
  type Draft,
  type Given,
} from './draft.ts';
import type { JobFlow } from './flow.ts';
import { assertUsable, readManifestOf, settleProblems } from './readManifest.ts';
import { summaryLines } from './summary.ts';

export interface CreateOptions {
  /** Where to begin looking for a manifest or objects. */
  readonly from?: S3Location;
  /** Answers to begin with; unlike what is given they are asked all the same. */
  readonly suggested?: Draft;
}

/**
 * Asks for what is missing, shows what would be created and creates it.
 *
 * @returns the id of the job, which waits for its confirmation.
 * @throws BrigadeError
 */
export async function createJob(
  jobs: Jobs,
  documents: Documents,
  flow: JobFlow,
  given: Given,
  { from, suggested = {} }: CreateOptions = {},
): Promise<string> {
  const silent = given.skipConfirmation === true;
  const session = await jobs.connections.session();
  const draft: Draft = { ...suggested, ...answersOf(given) };
  assertTags(draft);
  const left = questionsLeft(given);
  if (given.manifest !== undefined) {
    draft.manifest = await readGiven(session, documents, given.manifest, silent);
    if (draft.manifest === undefined) left.unshift('manifest');
  }
  const { context } = jobs;
  const begin = from ?? beginIn(given);
  await askQuestions(flow, left, { session, documents, draft, context, from: begin });
  if (silent) {
    draft.priority ??= DEFAULT_PRIORITY;
    draft.description ??= flow.describe?.(draft);
  }
  const complete = completed(draft);
  if (complete === undefined) throw cancelled();
  const next = silent ? 'wait' : await confirm(flow, complete);
  const jobId = await create(jobs, session, flow, complete, silent);
  if (next === 'run') await runCommand('bucketBrigade.jobs.run', { jobId });
  else if (!silent) sayCreated(complete);
  return jobId;
}

function answersOf(given: Given): Draft {
  const { operation, roleArn, report, priority, description } = given;
  return Object.fromEntries(
    Object.entries({ operation, roleArn, report, priority, description }).filter(
      ([, answer]) => answer !== undefined,
    ),
  );
}

function assertTags({ operation }: Draft): void {
  const tags = operation?.name === 'S3PutObjectTagging' ? operation.tags : [];
  const problem = validateTags(tags)[0];
  if (problem === undefined) return;
  throw new BrigadeError('InvalidInput', describeTagProblem(problem, tags));
}

function beginIn({ manifest }: Given): S3Location | undefined {
  return manifest === undefined || isGenerator(manifest) ? undefined : manifest;
}

/** Reads a manifest that is not asked for; undefined when the user wants another. */
async function readGiven(
  session: Session,
  documents: Documents,
  manifest: NonNullable<Given['manifest']>,
  silent: boolean,
): Promise<Draft['manifest']> {
  if (isGenerator(manifest)) return silent ? manifest : await countFound(session, manifest);
  const { bucket, key } = manifest;
  if (key === undefined) return undefined;
  const read = await readManifestOf(session, { bucket, key });
  if (silent) {
    assertUsable(read);
    return read;
  }
  const settled = await settleProblems(session, documents, read);
  return settled === 'another' ? undefined : settled;
}

/** What happens to the job once it is there. */
async function confirm(flow: JobFlow, draft: CompleteDraft): Promise<'wait' | 'run'> {
  const create = l10n.t('Create Job');
  const createAndRun = l10n.t('Create and Run…');
  const chosen = await window.showInformationMessage(
    flow.question,
    { modal: true, detail: summaryLines(draft).join('\n') },
    create,
    createAndRun,
  );
  if (chosen === undefined) throw cancelled();
  return chosen === create ? 'wait' : 'run';
}

/** The same token for every try: AWS then makes one job only, whatever became of an answer. */
async function create(
  jobs: Jobs,
  session: Session,
  flow: JobFlow,
  draft: CompleteDraft,
  silent: boolean,
): Promise<string> {
  const clientRequestToken = randomUUID();
  const aws = await import('../../aws/batchJobs/createJob.ts');
  const title = l10n.t('Creating the batch job');
  const report = draft.report === false ? undefined : draft.report;
  let manifest = jobManifest(draft.manifest, draft.report);
  for (;;) {
    try {
      const input = { ...draft, manifest, report, clientRequestToken };
      const created = await withCancellableProgress({ title }, signal =>
        aws.createJob(session.clients, input, { signal }),
      );
      await jobs.watched.add(session, created);
      await jobs.regions.add(session, created.region);
      jobs.following.nudge();
      return created.jobId;
    } catch (error) {
      const changed = error instanceof BrigadeError && error.code === 'Conflict';
      if (silent || !changed || isGenerator(manifest)) throw error;
      manifest = await readAgain(session, flow, draft, manifest);
    }
  }
}

/** The manifest was written to since it was read: what was agreed to may not be what is in it now. */
async function readAgain(
  session: Session,
  flow: JobFlow,
  draft: CompleteDraft,
  before: ManifestSummary,
): Promise<ManifestSummary> {
  const again = l10n.t('Read Again');
  const chosen = await window.showWarningMessage(
    l10n.t('{0} has changed since it was read.', formatS3Uri(before)),
    { modal: true, detail: l10n.t('No job was created.') },
    again,
  );
  if (chosen !== again) throw cancelled();
  const manifest = await readManifestOf(session, before);
  assertUsable(manifest);
  await confirm(flow, { ...draft, manifest });
  return manifest;
}

/**
 * Without a button: VS Code keeps a message that has one, and an extension cannot take it back when
 * the job was run from its row.
 */
function sayCreated({ description }: CompleteDraft): void {
  const text =
    description === undefined
      ? l10n.t('The batch job was created. It waits in the Batch Jobs view until you run it.')
      : l10n.t(
          'The batch job “{0}” was created. It waits in the Batch Jobs view until you run it.',
          description,
        );
  void window.showInformationMessage(withoutLinks(text));
}
