import type { S3Client } from '@aws-sdk/client-s3';
import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import type { ManifestField } from '../batchJobs/jobManifest.ts';
import { decodeManifestKey } from './manifestKey.ts';
import type { ProblemLog } from './manifestProblems.ts';
import type { ManifestSummary, ReadManifestInput, ReadManifestOptions } from './manifest.ts';
import { openObject, readObject } from '../objects/objects.ts';
import { formatS3Uri, parseS3Arn } from '../s3Uri.ts';

/** Longer than any row of an inventory; a few bytes of gzip may hold a gigabyte without a line break. */
const MAX_ROW_BYTES = 64 * 1024;

/** An S3 Inventory's manifest.json (Amazon S3 user guide, "Locating your inventory list"). */
interface InventoryManifest {
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly fileFormat: string;
  readonly fileSchema: string;
  readonly files: readonly { readonly key: string; readonly size: number }[];
}

const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;
/** Compressed bytes of data files up to which rows are counted; some ten million rows. */
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;
const SAMPLES = 5;

/** Reads an inventory's manifest.json and, where they are not too big, its data files. */
export async function readInventory(
  client: S3Client,
  input: ReadManifestInput,
  log: ProblemLog,
  options: ReadManifestOptions,
): Promise<ManifestSummary> {
  const { bucket, key, versionId } = input;
  const opened = await openObject(client, { bucket, key, versionId }, options);
  opened.body.destroy();
  const address = { bucket, key, versionId: opened.versionId, maxBytes: MAX_MANIFEST_BYTES };
  const text = Buffer.from(await readObject(client, address, options)).toString('utf8');
  const manifest = parseInventory(text);
  const fields = fieldsOf(manifest);
  if (manifest?.fileFormat !== 'CSV' || !fields.includes('Bucket') || !fields.includes('Key')) {
    log.add('inventoryFormat', undefined, manifest?.fileFormat ?? 'not an inventory');
  }
  const counted = log.count('inventoryFormat') > 0 ? undefined : manifest;
  const rows = counted && (await countRows(client, counted, fields, log, input, options));
  if (rows?.count === 0 && log.count('malformed') === 0) {
    log.add('empty');
  }
  return {
    bucket,
    key,
    format: 'S3InventoryReport_CSV_20161130',
    fields,
    eTag: opened.eTag,
    versionId: opened.versionId,
    size: opened.size,
    rows: rows?.count,
    buckets: manifest ? [{ bucket: manifest.sourceBucket, rows: rows?.count }] : [],
    problems: log.problems,
    problemCounts: log.counts,
    sampleKeys: rows?.sampleKeys ?? [],
  };
}

function parseInventory(text: string): InventoryManifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<InventoryManifest> | null;
    const strings = [value?.sourceBucket, value?.fileFormat, value?.fileSchema];
    const files: unknown = value?.files;
    const complete =
      strings.every(item => typeof item === 'string') &&
      Array.isArray(files) &&
      (files as Partial<InventoryManifest['files'][number]>[]).every(
        file => typeof file.key === 'string' && typeof file.size === 'number',
      );
    return complete ? (value as InventoryManifest) : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(manifest: InventoryManifest | undefined): ManifestField[] {
  return (manifest?.fileSchema ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .map(name => (name === 'Bucket' || name === 'Key' || name === 'VersionId' ? name : 'Ignore'));
}

interface CountedRows {
  count: number;
  readonly sampleKeys: string[];
}

async function countRows(
  client: S3Client,
  manifest: InventoryManifest,
  fields: readonly ManifestField[],
  log: ProblemLog,
  { bucket }: ReadManifestInput,
  options: ReadManifestOptions,
): Promise<CountedRows | undefined> {
  const total = manifest.files.reduce((sum, file) => sum + file.size, 0);
  if (total > MAX_COUNTED_BYTES) {
    return undefined;
  }
  const rows: CountedRows = { count: 0, sampleKeys: [] };
  const destination = parseS3Arn(manifest.destinationBucket)?.bucket ?? bucket;
  let done = 0;
  for (const file of manifest.files) {
    const address = { bucket: destination, key: file.key };
    try {
      await countFile(client, address, fields.indexOf('Key'), rows, options);
    } catch (error) {
      if (!isDamage(error)) {
        throw error;
      }
      log.add('malformed', undefined, `${file.key}: ${error.message}`);
    }
    done += file.size;
    options.onProgress?.(done, total);
  }
  return rows;
}

/** The data is not there, is no gzip or is no CSV: the manifest's fault, not the network's. */
function isDamage(error: unknown): error is BrigadeError {
  if (!(error instanceof BrigadeError)) {
    return false;
  }
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  const gzip = typeof code === 'string' && code.startsWith('Z_');
  return error.code === 'NotFound' || error.cause instanceof CsvError || gzip;
}

async function countFile(
  client: S3Client,
  address: { bucket: string; key: string },
  keyColumn: number,
  rows: CountedRows,
  options: ReadManifestOptions,
): Promise<void> {
  const { body } = await openObject(client, address, options);
  await call(formatS3Uri(address), options, () =>
    pipeline(
      body,
      createGunzip(),
      parse({
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: MAX_ROW_BYTES,
      }),
      async (records: AsyncIterable<string[]>) => {
        for await (const record of records) {
          rows.count += 1;
          const cell = record[keyColumn] ?? '';
          if (rows.sampleKeys.length < SAMPLES) {
            rows.sampleKeys.push(decodeManifestKey(cell) ?? cell);
          }
        }
      },
      { signal: options.signal },
    ),
  );
}
