import { ProgressLocation, l10n, window } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import type { ObjectCount } from '../../aws/objects/countObjects.ts';
import { correctionsOf } from '../../aws/manifestCheck/corrections.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Documents, Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import type { FoundObjects } from './draft.ts';
import { manifestDocument } from './manifestFacts.ts';
import {
  countProblems,
  describeProblem,
  isUnusable,
  problemLines,
  worstProblem,
} from './manifestProblemText.ts';

interface ManifestPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Reads a manifest to its end under a progress that can be cancelled. @throws BrigadeError */
export async function readManifestOf(
  { clients }: Session,
  place: ManifestPlace,
): Promise<ManifestSummary> {
  const { readManifest } = await import('../../aws/manifest/manifest.ts');
  const title = l10n.t('Reading {0}', formatS3Uri(place));
  const location = ProgressLocation.Notification;
  return await withCancellableProgress({ title, location }, async (signal, report) => {
    const client = await clients.s3ForBucket(place.bucket, signal);
    return await readManifest(client, place, {
      signal,
      onProgress: (done, total) => report({ fraction: total === 0 ? 1 : done / total }),
    });
  });
}

/**
 * Accepts a manifest without asking, if it may be used at all.
 *
 * @throws BrigadeError `InvalidInput` naming the first error and its row.
 */
export function assertUsable(summary: ManifestSummary): void {
  const worst = worstProblem(summary);
  if (worst === undefined || !isUnusable(summary)) return;
  throw new BrigadeError('InvalidInput', describeProblem(worst), {
    subject: formatS3Uri(summary),
  });
}

/**
 * Asks what to do about a manifest with problems; warnings can be accepted, errors cannot. What is
 * wrong needs more words than the line of a question has.
 *
 * @returns `another` to choose another manifest.
 * @throws BrigadeError `Cancelled`, also when the problems are opened to be read
 */
export async function settleProblems(
  session: Session,
  documents: Documents,
  read: ManifestSummary,
): Promise<ManifestSummary | 'another'> {
  let summary = read;
  for (;;) {
    if (summary.problems.length === 0) return summary;
    const use = l10n.t('Use Anyway');
    const versions = useColumn(summary);
    const show = l10n.t('Show Problems');
    const correct = correctButton(summary);
    const again = l10n.t('Read Again');
    const another = l10n.t('Choose Another Manifest…');
    const chosen = await window.showWarningMessage(
      headline(summary),
      { modal: true, detail: problemLines(summary).join('\n\n') },
      ...(isUnusable(summary) ? [] : [use, ...versions]),
      ...correct,
      show,
      again,
      another,
    );
    if (chosen === another) return 'another';
    if (chosen === use) return summary;
    if (chosen !== undefined && versions.includes(chosen)) return withVersions(summary);
    if (chosen !== undefined && correct.includes(chosen)) {
      summary = (await corrected(session, summary)) ?? summary;
      continue;
    }
    if (chosen === show) {
      await documents.show('manifest', problemsName(summary), manifestDocument(summary));
    }
    if (chosen !== again) throw cancelled();
    summary = await readManifestOf(session, summary);
  }
}

/** The button that writes another manifest with what can be put right. */
function correctButton({ format, problemCounts }: ManifestSummary): string[] {
  const kinds = Object.keys(problemCounts) as (keyof typeof problemCounts)[];
  const isOurs = format === 'S3BatchOperations_CSV_20180820';
  const mends = isOurs && kinds.some(kind => correctionsOf(kind).length > 0);
  return mends ? [l10n.t('Write Corrected Manifest…')] : [];
}

/** The manifest that is written instead; undefined when that is called off. */
async function corrected(
  session: Session,
  { bucket, key }: ManifestSummary,
): Promise<ManifestSummary | undefined> {
  const place = { bucket, key };
  const made = await runCommandFor(session, 'bucketBrigade.jobs.correctManifest', place);
  return made === undefined ? undefined : await readManifestOf(session, made as ManifestPlace);
}

/** The button for a column that may hold version ids, though they do not look like S3's. */
function useColumn({ maybeVersions }: ManifestSummary): string[] {
  return maybeVersions === undefined
    ? []
    : [l10n.t('Use Column {0} as Version IDs', formatCount(maybeVersions + 1))];
}

function withVersions(summary: ManifestSummary): ManifestSummary {
  const { maybeVersions, fields, problems, problemCounts } = summary;
  return {
    ...summary,
    fields: fields.map((field, at) => (at === maybeVersions ? 'VersionId' : field)),
    problems: problems.filter(({ kind }) => kind !== 'ignoredColumns'),
    problemCounts: { ...problemCounts, ignoredColumns: 0 },
  };
}

function headline(summary: ManifestSummary): string {
  const count = countProblems(summary);
  const name = fileName(summary.key);
  return count === 1
    ? l10n.t('1 problem in {0}', name)
    : l10n.t('{0} problems in {1}', formatCount(count), name);
}

function problemsName({ key }: ManifestSummary): string {
  return l10n.t('Problems of {0}.md', fileName(key));
}

function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/**
 * Counts the objects that S3 would find, as far as that is worth a wait.
 *
 * @throws BrigadeError `InvalidInput` when there is none: the job would fail.
 */
export async function countFound(session: Session, found: FoundObjects): Promise<FoundObjects> {
  const { sourceBucket: bucket, prefix, suffix } = found;
  const title = l10n.t('Counting objects in {0}', formatS3Uri({ bucket, key: prefix }));
  const count = await withCancellableProgress({ title }, signal =>
    countIfPermitted(session, { bucket, prefix, suffix }, signal),
  );
  if (count?.objects === 0 && count.complete) throw nothingFound(found);
  return { ...found, ...(count && { count }) };
}

/** Undefined for callers who may not list: S3 Batch Operations lists as the job's role. */
export async function countIfPermitted(
  { clients }: Session,
  place: { readonly bucket: string; readonly prefix?: string; readonly suffix?: string },
  signal: AbortSignal,
): Promise<ObjectCount | undefined> {
  const { countObjects } = await import('../../aws/objects/countObjects.ts');
  return await recoverFrom(['AccessDenied'], undefined, async () => {
    const client = await clients.s3ForBucket(place.bucket, signal);
    return await countObjects(client, place, { signal });
  });
}

export function nothingFound({ sourceBucket: bucket, prefix, suffix }: FoundObjects): BrigadeError {
  const where = formatS3Uri({ bucket, key: prefix });
  const sentence =
    suffix === undefined
      ? l10n.t('There is no object in {0}.', where)
      : l10n.t('No object key in {0} ends in {1}.', where, suffix);
  return new BrigadeError('InvalidInput', sentence, { subject: where });
}

/** `37 objects`, or `at least 10,000 objects` where that is all that is known. */
export function countText({ objects, complete }: NonNullable<FoundObjects['count']>): string {
  return complete ? formatObjects(objects) : l10n.t('at least {0}', formatObjects(objects));
}
