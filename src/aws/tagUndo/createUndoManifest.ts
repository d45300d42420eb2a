import { readReportManifest } from '../batchJobs/completionReport.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { recordFolder } from '../taggerFunction/tagRecord.ts';
import { MANIFEST_FOLDER } from '../taggerFunction/taggerJobRolePolicy.ts';
import {
  writeUndoManifest,
  type UndoManifest,
  type UndoRow,
} from '../taggerFunction/undoManifest.ts';
import { undoRows, type SkippedRows } from '../taggerFunction/undoRows.ts';
import { readFormerTags, type FormerTagsSource } from './formerTagsReport.ts';
import { readSucceeded } from './readSucceeded.ts';

export interface CreateUndoManifestInput {
  readonly source: FormerTagsSource;
  /** Tells this undo from others. */
  readonly id: string;
  /** The place of the undo's own report, in the bucket of the report that is undone. */
  readonly prefix?: string;
}

export interface CreatedUndoManifest extends UndoManifest {
  /** Objects that were changed and are not in it: what they had before can't be read any more. */
  readonly leftOut: number;
}

/**
 * Writes the manifest by which the tagger undoes what a report tells, of its own jobs or of a change that
 * was made directly.
 *
 * @throws BrigadeError `NotFound` with the reason `NoObjects` where the report tells of no change;
 *   `AccessDenied` (s3:GetObject, s3:PutObject), `Cancelled` …
 */
export async function createUndoManifest(
  clients: AwsClients,
  { source, id, prefix }: CreateUndoManifestInput,
  options: CallOptions & { readonly onProgress?: (rows: number) => void } = {},
): Promise<CreatedUndoManifest> {
  const { bucket } = source;
  const client = await clients.s3ForBucket(bucket, options.signal);
  const folder = prefix === undefined || prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
  const skipped: SkippedRows = { failed: 0, unreadable: 0 };
  const written = await writeUndoManifest(
    client,
    {
      rows: await rowsOf(clients, source, skipped, options),
      bucket,
      key: `${folder}${MANIFEST_FOLDER}undo-${id}.csv`,
      recordPrefix: recordFolder(prefix, `undo-${id}`),
    },
    options,
  );
  if (written !== undefined) return { ...written, leftOut: skipped.unreadable };
  throw new BrigadeError('NotFound', 'The report tells of no change', {
    ...{ subject: formatS3Uri(source), reason: 'NoObjects' },
  });
}

/** The tagger's own records are named as they are; the direct engine's files hold many objects each. */
async function rowsOf(
  clients: AwsClients,
  source: FormerTagsSource,
  skipped: SkippedRows,
  options: CallOptions,
): Promise<AsyncIterable<readonly UndoRow[]>> {
  const client = await clients.s3ForBucket(source.bucket, options.signal);
  const report = await readReportManifest(client, source, options);
  if (report.ours !== undefined) return directRows(clients, source, skipped, options);
  const rows = readSucceeded(client, report, options);
  const isUndo = source.isTaggerUndo === true;
  return undoRows({ rows, isUndo }, skipped);
}

async function* directRows(
  clients: AwsClients,
  source: FormerTagsSource,
  skipped: SkippedRows,
  options: CallOptions,
): AsyncGenerator<UndoRow[], void, undefined> {
  for await (const items of readFormerTags(clients, source, options)) {
    skipped.unreadable += items.filter(({ former }) => former === 'lost').length;
    yield items.flatMap(({ object, former }) =>
      former && former !== 'lost' ? [{ ...object, former }] : [],
    );
  }
}
