import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import type { ManifestGenerator, ManifestObject } from '../../aws/manifest/jobManifest.ts';
import { generatorOf } from '../../aws/selection/generatorOf.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { WhenChanged } from '../../aws/tagChanges/revert.ts';
import type { TagChange } from '../../aws/tagChanges/tagChange.ts';
import { MANIFEST_FOLDER } from '../../aws/taggerFunction/taggerJobRolePolicy.ts';
import type { ReportPlace } from '../../aws/taggerFunction/taggerRolePolicy.ts';
import type { FormerTagsSource } from '../../aws/tagUndo/formerTagsReport.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { DEFAULT_PRIORITY } from '../../aws/batchJobs/jobRules.ts';
import { followCreated, showCreated } from '../showCreated.ts';
import type { Jobs } from '../jobs.ts';
import { ensureTagger, type ReadyTagger } from './ensureTagger.ts';

/** A job of the tagger that is to be created. */
export interface TaggerJob {
  /** Of the questions and progress; that of the command. */
  readonly title: string;
  /** Of the job. */
  readonly description: string;
  /** Where the report goes, with the job's manifest and what was there before beside it. */
  readonly report: ReportPlace;
}

/**
 * Changes the tags of a selection by a batch job: has the tagger ready, the manifest made (by S3 itself
 * where it can) and the job created, which waits to be run.
 *
 * @throws BrigadeError `Cancelled`; as ensureTagger, the task createManifest and createTagsJob
 */
export async function changeTagsByJob(
  jobs: Jobs,
  session: Session,
  job: TaggerJob & { readonly selection: ObjectSelection; readonly change: TagChange },
): Promise<void> {
  const { report, title, selection, change } = job;
  const known = bucketOf(selection);
  const early =
    known === undefined
      ? undefined
      : await ensureTagger(jobs, session, { buckets: [known], report }, { title });
  const { manifest, buckets } = await manifestOf(jobs, session, job);
  const ready = early ?? (await ensureTagger(jobs, session, { buckets, report }, { title }));
  const { createTagsJob } = await import('../../aws/taggerFunction/taggerJobs.ts');
  await create(jobs, session, job, ready, (input, options) =>
    createTagsJob(
      session.clients,
      { ...input, manifest, buckets: named(buckets), change },
      options,
    ),
  );
}

/**
 * Puts back the tags that a report tells of by a batch job; the report of the undo goes into the bucket of
 * the report that is undone.
 *
 * @throws BrigadeError `Cancelled`; as ensureTagger, createUndoManifest and createUndoJob
 */
export async function undoTagsByJob(
  jobs: Jobs,
  session: Session,
  job: TaggerJob & { readonly source: FormerTagsSource; readonly whenChanged: WhenChanged },
): Promise<void> {
  const { report, title, source, whenChanged } = job;
  const input = { source, id: randomUUID(), prefix: report.prefix };
  const made = await withCancellableProgress({ title }, (signal, tell) =>
    jobs.worker.run(session, 'createUndoManifest', input, {
      title,
      signal,
      onProgress: ({ rows }) => tell({ message: rowsText(rows) }),
    }),
  );
  const { manifest, buckets, leftOut } = made;
  if (leftOut > 0) await confirmLeftOut(leftOut, made.rows);
  const ready = await ensureTagger(jobs, session, { buckets, report }, { title });
  const { createUndoJob } = await import('../../aws/taggerFunction/taggerJobs.ts');
  await create(jobs, session, job, ready, (rest, options) =>
    createUndoJob(
      session.clients,
      { ...rest, manifest, buckets: named(buckets), whenChanged },
      options,
    ),
  );
}

/** @throws BrigadeError `Cancelled` */
async function confirmLeftOut(leftOut: number, rows: number): Promise<void> {
  const go = l10n.t('Restore the Others');
  const answer = await window.showWarningMessage(
    l10n.t('The previous tags of {0} are lost.', formatObjects(leftOut)),
    { modal: true, detail: l10n.t('The job restores the tags of {0}.', formatObjects(rows)) },
    go,
  );
  if (answer !== go) throw cancelled();
}

/** What of a request every job of the tagger has. */
interface CommonInput {
  readonly functionArn: string;
  readonly roleArn: string;
  readonly report: ReportPlace;
  readonly priority: number;
  readonly description: string;
  readonly clientRequestToken: string;
}

async function create(
  jobs: Jobs,
  session: Session,
  { report, description, title }: TaggerJob,
  { functionArn, roleArn, roleIsNew }: ReadyTagger,
  send: (
    input: CommonInput,
    options: { signal: AbortSignal; roleIsNew: boolean },
  ) => Promise<{ jobId: string; region: string }>,
): Promise<void> {
  const input = {
    ...{ functionArn, roleArn, report, description: description.slice(0, 256) },
    priority: DEFAULT_PRIORITY,
    clientRequestToken: randomUUID(),
  };
  const created = await withCancellableProgress({ title }, signal =>
    send(input, { signal, roleIsNew }),
  );
  const resolved = await followCreated(jobs, session, created);
  void showCreated(jobs, resolved, { description });
}

/** Undefined where only the manifest itself tells. */
function bucketOf(selection: ObjectSelection): string | undefined {
  if (selection.kind === 'manifest') return undefined;
  return selection.kind === 'objects' ? selection.objects[0]?.bucket : selection.bucket;
}

async function manifestOf(
  jobs: Jobs,
  session: Session,
  { selection, report, title }: TaggerJob & { readonly selection: ObjectSelection },
): Promise<{ manifest: ManifestObject | ManifestGenerator; buckets: readonly string[] }> {
  const folder = `${report.prefix === undefined ? '' : `${report.prefix}/`}${MANIFEST_FOLDER}`;
  const generator = generatorOf(selection);
  if (generator !== undefined) {
    const output = { bucket: report.bucket, prefix: folder.slice(0, -1) };
    return { manifest: { ...generator, output }, buckets: [generator.sourceBucket] };
  }
  const input = { selection, bucket: report.bucket, key: `${folder}${randomUUID()}.csv` };
  const made = await withCancellableProgress({ title }, (signal, tell) =>
    jobs.worker.run(session, 'createManifest', input, {
      title,
      signal,
      onProgress: ({ rows }) => tell({ message: rowsText(rows) }),
    }),
  );
  return { manifest: made, buckets: made.buckets.map(({ bucket }) => bucket) };
}

function rowsText(rows: number): string {
  return l10n.t('{0} rows of the manifest', formatCount(rows));
}

function named(buckets: readonly string[]): { readonly bucket: string }[] {
  return buckets.map(bucket => ({ bucket }));
}
