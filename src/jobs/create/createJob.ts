import { l10n, window } from 'vscode';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import { validateTags } from '../../aws/objects/tagRules.ts';
import type { S3Location } from '../../commands.ts';
import type { Documents, Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { showError } from '../../vscode/showError.ts';
import type { Jobs } from '../jobs.ts';
import { assertUsable, countFound, readManifestOf, settleProblems } from './readManifest.ts';
import { completed, describeDraft, type Draft, type Given, type JobFlow } from './draft.ts';
import { JobWizard, type Agreement } from './jobWizard.ts';
import { keepUnfinished, submitJob, offerUnfinished, type JobSubmission } from './submitJob.ts';

export interface CreateOptions {
  /** Where to begin looking for a manifest or objects. */
  readonly from?: S3Location;
  /** What is selected, where that is more than a place to begin in. */
  readonly selected?: ObjectSelection;
  /** Answers to begin with, of the job that is cloned: only what it lacks is asked. */
  readonly suggested?: Draft;
}

/**
 * Asks for what is missing, shows what would be created and creates it. What was answered is kept until
 * a job is made of it.
 *
 * @returns the id of the job
 * @throws BrigadeError, Resumable when it could not be created
 */
export async function createJob(
  jobs: Jobs,
  documents: Documents,
  chosen: JobFlow,
  given: Given,
  { from, selected, suggested }: CreateOptions = {},
): Promise<string> {
  const session = await jobs.connections.session();
  const flow = { ...chosen, title: titleWithOwner(session, chosen.title) };
  const isSilent = given.skipConfirmation === true;
  const isNew = suggested === undefined && !isSilent;
  const left = isNew ? await offerUnfinished(flow, session, given) : undefined;
  const draft: Draft = left?.draft ?? { ...suggested, ...answersOf(given) };
  assertTags(draft);
  const submission: JobSubmission = {
    jobs,
    flow,
    session,
    draft,
    ...(left?.sent && { sent: left.sent }),
  };
  if (given.manifest !== undefined && left === undefined) {
    draft.manifest = await readGiven(session, documents, given.manifest, isSilent);
  }
  const complete = isSilent ? completed(draft) : undefined;
  if (complete !== undefined) {
    const description = draft.description ?? flow.describe?.(draft) ?? describeDraft(draft);
    return await submitJob(submission, { draft: { ...complete, description }, next: 'silent' });
  }
  const { context, worker, check } = jobs;
  const asking = {
    session,
    documents,
    draft,
    context,
    worker,
    check,
    from: from ?? beginIn(given),
  };
  const wizard = new JobWizard(flow, { ...asking, ...(selected && { selected }) });
  try {
    return await submitUntilCreated(submission, wizard, documents);
  } catch (error) {
    if (submission.isCreated !== true) keepUnfinished(flow, session, submission);
    throw error;
  }
}

/** What AWS or we refuse leads back to the summary, where it can be put right. */
async function submitUntilCreated(
  submission: JobSubmission,
  wizard: JobWizard,
  documents: Documents,
): Promise<string> {
  for (;;) {
    const agreed = await wizard.run();
    try {
      return await submitJob(submission, agreed);
    } catch (error) {
      if (!(error instanceof BrigadeError) || isCancelled(error)) throw error;
      if (isChangedManifest(error)) await readAgain(submission, documents);
      else if (error.code === 'InvalidInput') void showError(error, { doing: 'creating a job' });
      else throw new Resumable(error, () => submitAgain(submission, agreed));
    }
  }
}

function isChangedManifest({ code, reason }: BrigadeError): boolean {
  return code === 'Conflict' && reason === 'Changed';
}

/** Credentials may have been renewed since; another account is none of its business. */
async function submitAgain(submission: JobSubmission, agreed: Agreement): Promise<string> {
  const session = await submission.jobs.connections.session();
  if (session.key !== submission.session.key) {
    const { label } = submission.session.connection;
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('This job was for the connection {0}. Select it, then create the job again.', label),
    );
  }
  return await submitJob(Object.assign(submission, { session }), agreed);
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
  isSilent: boolean,
): Promise<Draft['manifest']> {
  if (isGenerator(manifest)) return isSilent ? manifest : await countFound(session, manifest);
  const { bucket, key } = manifest;
  if (key === undefined) return undefined;
  const read = await readManifestOf(session, { bucket, key });
  if (!isSilent) return await settled(session, documents, read);
  assertUsable(read);
  return read;
}

async function settled(
  session: Session,
  documents: Documents,
  read: ManifestSummary,
): Promise<ManifestSummary | undefined> {
  const answer = await settleProblems(session, documents, read);
  return answer === 'another' ? undefined : answer;
}

/** The manifest was written to since it was read: what is in it now is to be agreed to. */
async function readAgain({ session, draft }: JobSubmission, documents: Documents): Promise<void> {
  const { manifest } = draft;
  if (manifest === undefined || isGenerator(manifest)) return;
  const again = l10n.t('Read Again');
  const chosen = await window.showWarningMessage(
    l10n.t('{0} has changed since it was read.', formatS3Uri(manifest)),
    { modal: true, detail: l10n.t('No job was created.') },
    again,
  );
  if (chosen !== again) throw cancelled();
  draft.manifest = await settled(session, documents, await readManifestOf(session, manifest));
}
