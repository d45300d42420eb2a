import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { WhenChanged } from '../../aws/tagChanges/revert.ts';
import { parseTaggerArguments } from '../../aws/taggerFunction/taggerArguments.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { FormerTagsSource } from '../../aws/tagUndo/formerTagsReport.ts';
import type { JobTarget, ObjectLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { detailWithOwner } from '../../vscode/ownerLabel.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { visible } from '../../vscode/visibleText.ts';
import { jobName } from '../jobName.ts';
import { resolveJobOrAsk } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { findReportOf } from '../report/loadReport.ts';
import { uriOf } from './askReportPlace.ts';
import { byJob } from './byJob.ts';
import { changeText } from './changeText.ts';
import { runPreview, runDirect } from './runDirect.ts';
import { showTagsWork } from './showTagsWork.ts';
import type { TagsWork } from './tagsWork.ts';

/** What is undone: a report that knows what was there before. */
interface Undone {
  readonly session: Session;
  readonly source: FormerTagsSource;
  /** What it did, in words. */
  readonly what: string;
}

/** Restores the tags that a job, or a change that was made directly, has changed. */
export async function undoJob(
  jobs: Jobs,
  target: JobTarget | ObjectLocation | undefined,
): Promise<void> {
  const undone =
    target !== undefined && 'bucket' in target
      ? await undoneReport(jobs, target)
      : await undoneJob(jobs, target);
  if (undone !== undefined) await showTagsWork(jobs, undone.session, workOf(jobs, undone));
}

async function undoneReport(jobs: Jobs, { bucket, key }: ObjectLocation): Promise<Undone> {
  const session = await jobs.connections.session();
  const what = formatS3Uri({ bucket, key: key.slice(0, key.lastIndexOf('/') + 1) });
  return { session, source: { bucket, key }, what };
}

/** Undefined when a job can't be undone, which is said. */
async function undoneJob(jobs: Jobs, target: JobTarget | undefined): Promise<Undone | undefined> {
  const { session, job: chosen } = await resolveJobOrAsk(jobs, target, {
    title: l10n.t('Undo Job'),
    placeholder: l10n.t('Select a job to undo'),
    none: l10n.t('There are no jobs to undo.'),
    fits: job => isFinal(job.status) && job.succeeded > 0 && job.operation === 'LambdaInvoke',
  });
  const job = await jobs.lists.of(chosen).describeNow(chosen, { session });
  if (/^S3(Put|Delete)ObjectTagging$/.test(job.operation)) {
    await offerUndoable(session, job);
    return undefined;
  }
  const work = parseTaggerArguments(job.invocation?.userArguments);
  if (work === undefined) {
    const sentence = l10n.t('Only jobs that change tags with the tagger function can be undone.');
    throw new BrigadeError('InvalidInput', sentence, { subject: jobName(job) });
  }
  const title = l10n.t('Looking for the completion report');
  const report = await withCancellableProgress({ title }, signal =>
    findReportOf(session, job, signal),
  );
  const key = `${reportFolder(job.report?.prefix, job.jobId)}manifest.json`;
  const source = { bucket: report.bucket, key };
  return work.action.kind === 'undo'
    ? { session, source: { ...source, isTaggerUndo: true }, what: jobName(job) }
    : { session, source: { ...source, change: work.action }, what: changeText(work.action) };
}

/** S3's own operations replace whole sets and keep nothing of what was there. */
async function offerUndoable(session: Session, { manifest, ...job }: Job): Promise<void> {
  const change = l10n.t('Change Tags…');
  const answer = await window.showWarningMessage(
    l10n.t('“{0}” can’t be undone.', visible(jobName(job))),
    {
      modal: true,
      detail: l10n.t(
        'It replaced all tags of each object, and S3 doesn’t keep the previous tags. “Change Tags…” saves the previous tags first, so its changes can be undone.',
      ),
    },
    ...(manifest ? [change] : []),
  );
  if (answer !== change || manifest === undefined) return;
  const { bucket, key } = manifest;
  await runCommandFor(session, 'bucketBrigade.jobs.changeTags', { bucket, key });
}

function workOf(jobs: Jobs, { session, source, what }: Undone): TagsWork {
  const title = l10n.t('Undo “{0}”', what);
  return {
    title,
    facts: [
      { term: l10n.t('Undoes'), value: what },
      { term: l10n.t('Report'), value: formatS3Uri(source) },
    ],
    bucket: source.bucket,
    action: l10n.t('Restore Previous Tags…'),
    others: [byJob(async () => await createJob(jobs, { session, source, what }))],
    preview: async limit =>
      await runPreview(jobs, session, {
        name: 'previewUndo',
        input: { source, ...(limit !== undefined && { limit }) },
        title: l10n.t('Reading the previous tags'),
      }),
    note: preview => {
      const since = changedSince(preview);
      return since === 0
        ? undefined
        : l10n.t('Someone has changed the tags of {0} since.', formatObjects(since));
    },
    confirm: async (preview, report) => {
      const whenChanged = await confirm(session, preview, { what, report: uriOf(report) });
      const input = { id: randomUUID(), source, whenChanged, report };
      return async onProgress =>
        await runDirect(jobs, session, { name: 'undoTags', input, title, onProgress });
    },
  };
}

/** The job's report goes where the report is that it undoes: what that one wrote down is read there. */
async function createJob(jobs: Jobs, { session, source, what }: Undone): Promise<void> {
  const title = l10n.t('Undo “{0}”', what);
  const [, prefix] = /^(.+)\/[^/]+\/[^/]+$/.exec(source.key) ?? [];
  const report = { bucket: source.bucket, ...(prefix !== undefined && { prefix }) };
  const unknown = { complete: false, changing: 0, refused: [] };
  const whenChanged = await confirm(session, unknown, { what, report: uriOf(report) });
  const { undoTagsByJob } = await import('../tagger/taggerJob.ts');
  await undoTagsByJob(jobs, session, { title, description: title, report, source, whenChanged });
}

/** How many objects have tags that were changed again. */
function changedSince({ refused }: Pick<TagPreview, 'refused'>): number {
  return refused
    .filter(({ code }) => code === 'ChangedSince')
    .reduce((sum, { count }) => sum + count, 0);
}

/** Asks whether, and what happens to tags that someone has changed since. */
async function confirm(
  session: Session,
  preview: Pick<TagPreview, 'complete' | 'changing' | 'refused'>,
  { what, report }: { readonly what: string; readonly report: string },
): Promise<WhenChanged> {
  const since = changedSince(preview);
  const restore = l10n.t('Restore');
  const keep = l10n.t('Restore the Others');
  const overwrite = l10n.t('Restore All');
  const written = l10n.t(
    'Undoes: {0}. The current tags are saved to {1}, so this can be undone too.',
    visible(what),
    visible(report),
  );
  const text = preview.complete
    ? l10n.t('Restore the previous tags of {0}?', formatObjects(preview.changing + since))
    : l10n.t('Restore the previous tags of all objects in the report?');
  const asks = since > 0 || !preview.complete;
  const detail = asks
    ? [
        since > 0
          ? l10n.t('{0} of them have tags that someone has changed since.', formatCount(since))
          : l10n.t('Some of them may have tags that someone has changed since.'),
        written,
      ].join(' ')
    : written;
  const answer = await window.showWarningMessage(
    text,
    { modal: true, detail: detailWithOwner(session, detail) },
    ...(asks ? [keep, overwrite] : [restore]),
  );
  if (answer === undefined) throw cancelled();
  return answer === overwrite ? 'overwrite' : 'keep';
}
