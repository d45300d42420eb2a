import type { S3Client } from '@aws-sdk/client-s3';
import { addAbortSignal } from 'node:stream';
import { bucketRegion } from '../bucketRegion.ts';
import { call, type CallOptions } from '../call.ts';
import { CsvRecords } from '../csvRecords.ts';
import { BrigadeError } from '../errors.ts';
import { foreignFormat, HEAD_BYTES } from './foreignFormat.ts';
import { readInventory } from './inventory.ts';
import { isInventoryManifest } from './manifestFile.ts';
import { ProblemLog } from './manifestProblems.ts';
import { ManifestRows } from './manifestRows.ts';
import type { ManifestSummary, ReadManifestInput, ReadManifestOptions } from './manifestSummary.ts';
import { openObject, type OpenedObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { fieldsOf } from './versionColumn.ts';

/** Problems kept with their row numbers, unless it is said otherwise. */
const MAX_PROBLEMS = 100;
/** A row longer than any legal one means that this is no CSV. */
export const MAX_ROW = 64 * 1024;

/**
 * Reads a manifest to its end, streaming, and says what it names and what is wrong with it. What is
 * wrong is in the result, not thrown.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied`, `Network` …; `Cancelled`
 */
export async function readManifest(
  client: S3Client,
  input: ReadManifestInput,
  options: ReadManifestOptions = {},
): Promise<ManifestSummary> {
  const log = new ProblemLog(options.maxProblems ?? MAX_PROBLEMS);
  return isInventoryManifest(input.key)
    ? readInventory(client, input, log, options)
    : readCsv(client, input, log, options);
}

async function readCsv(
  client: S3Client,
  { bucket, key, versionId }: ReadManifestInput,
  log: ProblemLog,
  options: ReadManifestOptions,
): Promise<ManifestSummary> {
  const object = await openObject(client, { bucket, key, versionId }, options);
  if (object.encryption?.startsWith('aws:kms') === true) {
    log.add('encryption', undefined, object.encryption);
  }
  const rows = new ManifestRows(log, options.maxCompared);
  const isCsv = await call(formatS3Uri({ bucket, key }), options, () =>
    readRows(object, rows, log, options),
  );
  if (isCsv) {
    rows.finish();
    await settleHeader(client, rows, options);
  }
  return {
    bucket,
    key,
    format: 'S3BatchOperations_CSV_20180820',
    fields: fieldsOf(rows.columns, rows.versions.found),
    ...maybeVersions(rows),
    eTag: object.eTag,
    versionId: object.versionId,
    size: object.size,
    rows: isCsv ? rows.count : undefined,
    ...(isCsv && { compared: rows.compared }),
    buckets: [...rows.buckets]
      .map(([name, count]) => ({ bucket: name, rows: count }))
      .sort((a, b) => b.rows - a.rows),
    problems: log.problems,
    problemCounts: log.counts,
    sampleKeys: rows.sampleKeys,
  };
}

/** A column that a person may say holds version ids, though it does not look so. */
function maybeVersions({ versions }: ManifestRows): Pick<ManifestSummary, 'maybeVersions'> {
  const column = versions.found === undefined && versions.others.find(one => one.mayBeVersions);
  return column ? { maybeVersions: column.index } : {};
}

/** The first row's bucket is asked for where only that row names it. */
async function settleHeader(
  client: S3Client,
  rows: ManifestRows,
  options: CallOptions,
): Promise<void> {
  if (rows.loneBucket === undefined) return;
  try {
    await bucketRegion(client, rows.loneBucket, '', options);
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    if (error.code === 'Cancelled') throw error;
    if (error.code === 'NotFound') rows.firstIsHeader();
  }
}

/** @returns false for another format, of which nothing more was read. */
async function readRows(
  { body, size }: OpenedObject,
  rows: ManifestRows,
  log: ProblemLog,
  { signal, onProgress }: ReadManifestOptions,
): Promise<boolean> {
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => false });
  if (signal) addAbortSignal(signal, body);
  let done = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    done += chunk.length;
    onProgress?.(done, size);
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      if (!begins(head, log)) return false;
    }
    csv.push(head ?? chunk).forEach(record => rows.add(record));
    head = undefined;
  }
  if (head !== undefined) {
    if (!begins(head, log)) return false;
    csv.push(head).forEach(record => rows.add(record));
  }
  csv.end().forEach(record => rows.add(record));
  if (csv.carriageReturns > 0) log.add('lineEnds');
  return true;
}

/** Whether a file that begins so may be CSV. */
function begins(head: Buffer, log: ProblemLog): boolean {
  const format = foreignFormat(head);
  if (format !== undefined) log.add('format', undefined, format);
  else if (head.subarray(0, 3).toString('hex') === 'efbbbf') log.add('byteOrderMark', 1);
  return format === undefined;
}
