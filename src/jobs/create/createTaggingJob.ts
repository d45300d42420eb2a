import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { validateTags } from '../../aws/tagRules.ts';
import type { CreateTaggingJobArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import type { Documents } from '../../vscode/documents.ts';
import type { Jobs } from '../jobs.ts';
import { askQuestions } from './askQuestions.ts';
import { DEFAULT_PRIORITY } from './askPriority.ts';
import { completed, questionsLeft, type CompleteDraft, type Draft } from './draft.ts';
import { assertUsable, readManifestOf, settleProblems } from './readManifest.ts';
import { summaryLines } from './summary.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';

export interface CreateOptions {
  /** Where to begin looking for a manifest. */
  readonly from?: S3Location;
  /** Answers to begin with; unlike arguments they are asked all the same. */
  readonly suggested?: Draft;
}

/**
 * Asks for what is missing, shows what would be created and creates it.
 *
 * @returns the id of the job, which waits for its confirmation.
 * @throws BrigadeError
 */
export async function createTaggingJob(
  jobs: Jobs,
  documents: Documents,
  given: CreateTaggingJobArguments,
  { from, suggested = {} }: CreateOptions = {},
): Promise<string> {
  const session = await jobs.connections.session();
  const draft: Draft = { ...suggested, ...answersOf(given) };
  assertTags(draft);
  const left = questionsLeft(given);
  if (given.manifest !== undefined) {
    draft.manifest = await readGiven(session, documents, given, given.manifest);
    if (draft.manifest === undefined) left.unshift('manifest');
  }
  await askQuestions({ session, documents, draft, left, from: from ?? given.manifest });
  if (given.skipConfirmation === true) draft.priority ??= DEFAULT_PRIORITY;
  const complete = completed(draft);
  if (complete === undefined) throw cancelled();
  if (given.skipConfirmation !== true) await confirm(complete);
  const jobId = await create(jobs, session, complete, given.skipConfirmation === true);
  if (given.skipConfirmation !== true) void offerRun(complete, jobId);
  return jobId;
}

function answersOf(given: CreateTaggingJobArguments): Draft {
  const { tags, roleArn, report, priority, description } = given;
  return Object.fromEntries(
    Object.entries({ tags, roleArn, report, priority, description }).filter(
      ([, answer]) => answer !== undefined,
    ),
  );
}

function assertTags({ tags = [] }: Draft): void {
  const problem = validateTags(tags)[0];
  if (problem === undefined) return;
  throw new BrigadeError('InvalidInput', describeTagProblem(problem, tags));
}

/** Reads a manifest that is not asked for; undefined when the user wants another. */
async function readGiven(
  session: Session,
  documents: Documents,
  { skipConfirmation }: CreateTaggingJobArguments,
  { bucket, key }: S3Location,
): Promise<Draft['manifest']> {
  if (key === undefined) return undefined;
  const read = await readManifestOf(session, { bucket, key });
  if (skipConfirmation === true) {
    assertUsable(read);
    return read;
  }
  const title = l10n.t('Create Tagging Job');
  const settled = await settleProblems({ title }, session, documents, read);
  return settled === 'another' ? undefined : settled;
}

async function confirm(draft: CompleteDraft): Promise<void> {
  const create = l10n.t('Create Job');
  const chosen = await window.showInformationMessage(
    l10n.t('Create this tagging job?'),
    { modal: true, detail: summaryLines(draft).join('\n') },
    create,
  );
  if (chosen !== create) throw cancelled();
}

/** The same token for every try: AWS then makes one job only, whatever became of an answer. */
async function create(
  jobs: Jobs,
  session: Session,
  draft: CompleteDraft,
  silent: boolean,
): Promise<string> {
  const clientRequestToken = randomUUID();
  const aws = await import('../../aws/createTaggingJob.ts');
  const title = l10n.t('Creating the batch job');
  let { manifest } = draft;
  for (;;) {
    try {
      const { jobId } = await withCancellableProgress({ title }, signal =>
        aws.createTaggingJob(
          session.clients,
          {
            ...draft,
            manifest,
            report: draft.report === false ? undefined : draft.report,
            clientRequestToken,
          },
          { signal },
        ),
      );
      await jobs.watched.add(session, jobId);
      jobs.following.nudge();
      return jobId;
    } catch (error) {
      if (silent || !(error instanceof BrigadeError) || error.code !== 'Conflict') throw error;
      manifest = await readAgain(session, draft);
    }
  }
}

/** The manifest was written to since it was read: what was agreed to may not be what is in it now. */
async function readAgain(
  session: Session,
  draft: CompleteDraft,
): Promise<CompleteDraft['manifest']> {
  const again = l10n.t('Read Again');
  const chosen = await window.showWarningMessage(
    l10n.t('{0} has changed since it was read.', formatS3Uri(draft.manifest)),
    { modal: true, detail: l10n.t('No job was created.') },
    again,
  );
  if (chosen !== again) throw cancelled();
  const manifest = await readManifestOf(session, draft.manifest);
  assertUsable(manifest);
  await confirm({ ...draft, manifest });
  return manifest;
}

async function offerRun({ description }: CompleteDraft, jobId: string): Promise<void> {
  const run = l10n.t('Run Job');
  const text =
    description === undefined
      ? l10n.t('The batch job was created. It waits until you run it.')
      : l10n.t('The batch job “{0}” was created. It waits until you run it.', description);
  if ((await window.showInformationMessage(withoutLinks(text), run)) === run) {
    await runCommand('bucketBrigade.jobs.run', { jobId });
  }
}
