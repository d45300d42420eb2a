import { Readable } from 'node:stream';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { mapInOrder } from '../mapInOrder.ts';
import { uploadFile, type UploadOptions } from '../objects/uploadFile.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { ObjectAsker } from './askedObjects.ts';
import { readRecords, type CheckedManifest } from './manifestRecords.ts';
import { RowCorrector, type CorrectedRow, type CorrectionPlan } from './rowCorrector.ts';

export interface CorrectManifestInput {
  readonly manifest: CheckedManifest;
  readonly plan: CorrectionPlan;
  /** A new object; one that there is is not written over. */
  readonly to: { readonly bucket: string; readonly key: string };
}

export interface CorrectionProgress {
  /** Rows written so far. */
  readonly rows: number;
  /** Of the manifest that is read, from 0 to 1. */
  readonly fraction: number;
}

export interface CorrectedManifest {
  readonly bucket: string;
  readonly key: string;
  readonly eTag: string;
  readonly rows: number;
  /** Rows that were left out: the header, damaged, duplicate or missing ones. */
  readonly leftOut: number;
  /** HEAD requests for versions and for what exists. */
  readonly asked: number;
}

interface CorrectManifestOptions extends Pick<UploadOptions, 'signal' | 'journal'> {
  readonly onProgress?: (progress: CorrectionProgress) => void;
}

/** Bytes of rows that are handed on together. */
const CHUNK = 64 * 1024;

/**
 * Rewrites a CSV manifest with what can be put right in it, row by row as it streams: of any size,
 * in memory that stays the same. It holds bucket, key and, where there are versions, the version
 * id.
 *
 * @throws BrigadeError `Conflict` where the manifest has changed since it was checked, or where
 *   there is an object at the destination; `InvalidInput` where no row is left; `Cancelled` …
 */
export async function correctManifest(
  clients: AwsClients,
  { manifest, plan, to }: CorrectManifestInput,
  options: CorrectManifestOptions = {},
): Promise<CorrectedManifest> {
  const { signal, journal } = options;
  const source = await clients.s3ForBucket(manifest.bucket, signal);
  const target = await clients.s3ForBucket(to.bucket, signal);
  const corrector = new RowCorrector(plan);
  const asker = new ObjectAsker(clients, { signal });
  const progress = { rows: 0, fraction: 0 };
  const records = readRecords(source, manifest, {
    signal,
    onProgress: (done, total) => {
      progress.fraction = total === 0 ? 1 : done / total;
    },
  });
  const corrected = correctedRows(records, corrector, asker, plan);
  const lines = textOf(corrected, corrector.hasVersions, () => {
    progress.rows += 1;
  });
  const body = Readable.from(chunksOf(lines, () => options.onProgress?.({ ...progress }), to));
  const { eTag } = await uploadFile(
    target,
    { ...to, body, contentType: 'text/csv', encryption: 'AES256', onlyIfNew: true },
    { signal, journal },
  );
  const { leftOut } = corrector;
  return { ...to, eTag, rows: progress.rows, leftOut, asked: asker.asked };
}

async function* correctedRows(
  records: AsyncIterable<Parameters<RowCorrector['correct']>[0]>,
  corrector: RowCorrector,
  asker: ObjectAsker,
  { corrections }: CorrectionPlan,
): AsyncGenerator<CorrectedRow> {
  const fills = corrections.includes('fillVersions');
  const drops = corrections.includes('dropMissing');
  const rows = rowsOf(records, corrector);
  if (!fills && !drops) {
    yield* rows;
    return;
  }
  const asked = mapInOrder(rows, asker.width, row => settle(row, asker, { fills, drops }));
  for await (const row of asked) {
    if (row === undefined) corrector.leftOut += 1;
    else yield row;
  }
}

async function* rowsOf(
  records: AsyncIterable<Parameters<RowCorrector['correct']>[0]>,
  corrector: RowCorrector,
): AsyncGenerator<CorrectedRow> {
  for await (const record of records) {
    const row = corrector.correct(record);
    if (row !== undefined) yield row;
  }
}

/** The row with its version; undefined where its object doesn't exist and is to be left out. */
async function settle(
  row: CorrectedRow,
  asker: ObjectAsker,
  { fills, drops }: { readonly fills: boolean; readonly drops: boolean },
): Promise<CorrectedRow | undefined> {
  const key = decodeManifestKey(row.key);
  const lacks = fills && row.version === '';
  if ((!lacks && !drops) || key === undefined || key === '') return row;
  const given = row.version ? { versionId: row.version } : {};
  const answer = await asker.ask({ bucket: row.bucket, key, ...given });
  if (answer.is === 'there') {
    // A bucket without versioning names none; AWS's word for that version is null.
    return lacks ? { ...row, version: answer.versionId ?? 'null' } : row;
  }
  return drops && answer.is !== 'denied' ? undefined : row;
}

async function* textOf(
  rows: AsyncIterable<CorrectedRow>,
  hasVersions: boolean,
  onRow: () => void,
): AsyncGenerator<string> {
  for await (const { bucket, key, version = '' } of rows) {
    onRow();
    const cells = [bucket, key, ...(hasVersions ? [version] : [])];
    yield `${cells.map(csvCell).join(',')}\n`;
  }
}

/** What could not be put right may still hold anything. */
function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

async function* chunksOf(
  lines: AsyncIterable<string>,
  onChunk: () => void,
  to: { readonly bucket: string; readonly key: string },
): AsyncGenerator<Buffer> {
  let text = '';
  let isEmpty = true;
  for await (const line of lines) {
    isEmpty = false;
    text += line;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
    onChunk();
  }
  if (isEmpty) {
    throw new BrigadeError('InvalidInput', 'No row is left', {
      subject: formatS3Uri(to),
      reason: 'NoRowLeft',
    });
  }
  yield Buffer.from(text);
  onChunk();
}
