import type { S3Client } from '@aws-sdk/client-s3';
import { CsvError, parse } from 'csv-parse';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { call, type CallOptions } from '../call.ts';
import { readInventory } from './inventory.ts';
import type { ManifestField, ManifestFormat } from '../batchJobs/jobManifest.ts';
import { isInventoryManifest } from './manifestFile.ts';
import { ProblemLog, type ManifestProblem, type ManifestProblemKind } from './manifestProblems.ts';
import { ManifestRows } from './manifestRows.ts';
import { openObject, type OpenedObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface ManifestSummary {
  readonly bucket: string;
  readonly key: string;
  readonly format: ManifestFormat;
  readonly fields: readonly ManifestField[];
  /** Without quotes, as it was read: CreateJob must be given this one. */
  readonly eTag: string;
  readonly versionId?: string;
  /** Bytes. */
  readonly size: number;
  /** Objects named; undefined where counting them was too much (a big inventory). */
  readonly rows?: number;
  /** Most rows first; the first thousand buckets met. */
  readonly buckets: readonly { readonly bucket: string; readonly rows?: number }[];
  /** The first of them, with row numbers. */
  readonly problems: readonly ManifestProblem[];
  /** All of them. */
  readonly problemCounts: Readonly<Partial<Record<ManifestProblemKind, number>>>;
  /** Decoded keys of the first rows. */
  readonly sampleKeys: readonly string[];
}

export interface ReadManifestInput {
  readonly bucket: string;
  /** An inventory's `…/manifest.json`, else a CSV. */
  readonly key: string;
  readonly versionId?: string;
}

export interface ReadManifestOptions extends CallOptions {
  /** Bytes read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Problems kept with their row numbers. */
const MAX_PROBLEMS = 100;
/** A row longer than any legal one means that this is no CSV. */
const MAX_ROW_BYTES = 64 * 1024;

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
  const log = new ProblemLog(MAX_PROBLEMS);
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
  const rows = new ManifestRows(log);
  if (object.encryption?.startsWith('aws:kms') === true) {
    log.add('encryption', undefined, object.encryption);
  }
  await call(formatS3Uri({ bucket, key }), options, async () => {
    try {
      await readRows(object, rows, log, options);
    } catch (error) {
      if (!(error instanceof CsvError)) {
        throw error;
      }
      log.add('malformed', rows.lines + 1, error.message);
    }
  });
  const fields = rows.finish();
  return {
    bucket,
    key,
    format: 'S3BatchOperations_CSV_20180820',
    fields,
    eTag: object.eTag,
    versionId: object.versionId,
    size: object.size,
    rows: rows.count,
    buckets: [...rows.buckets]
      .map(([name, count]) => ({ bucket: name, rows: count }))
      .sort((a, b) => b.rows - a.rows),
    problems: log.problems,
    problemCounts: log.counts,
    sampleKeys: rows.sampleKeys,
  };
}

async function readRows(
  { body, size }: OpenedObject,
  rows: ManifestRows,
  log: ProblemLog,
  { signal, onProgress }: ReadManifestOptions,
): Promise<void> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: MAX_ROW_BYTES,
  });
  const meter = new Meter(size, log, onProgress);
  await pipeline(
    body,
    meter,
    parser,
    async (records: AsyncIterable<string[]>) => {
      for await (const record of records) {
        rows.add(record);
      }
    },
    { signal },
  );
}

/** Counts bytes on their way and looks at the first three. */
class Meter extends Transform {
  readonly #total: number;
  readonly #log: ProblemLog;
  readonly #onProgress: ReadManifestOptions['onProgress'];
  #done = 0;
  #head = Buffer.alloc(0);

  constructor(total: number, log: ProblemLog, onProgress: ReadManifestOptions['onProgress']) {
    super();
    this.#total = total;
    this.#log = log;
    this.#onProgress = onProgress;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (e: null, c: Buffer) => void): void {
    if (this.#head.length < 3) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, 3)]).subarray(0, 3);
      if (/^(efbbbf|fffe|feff)/.test(this.#head.toString('hex')) && this.#done < 3) {
        this.#log.add('byteOrderMark', 1);
      }
    }
    this.#done += chunk.length;
    this.#onProgress?.(this.#done, this.#total);
    done(null, chunk);
  }
}
