import type { S3Client } from '@aws-sdk/client-s3';
import type { ManifestField } from './jobManifest.ts';
import { openObject, readObject } from '../objects/objects.ts';
import { parseS3Arn } from '../s3Uri.ts';
import { InventoryRows } from './inventoryRows.ts';
import { readInventoryFile, type InventoryFile } from './inventoryFile.ts';
import type { ManifestSummary, ReadManifestInput, ReadManifestOptions } from './manifestSummary.ts';
import type { ProblemLog } from './manifestProblems.ts';

/** An S3 Inventory's manifest.json (Amazon S3 user guide, "Locating your inventory list"). */
export interface InventoryManifest {
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly fileFormat: string;
  readonly fileSchema: string;
  readonly files: readonly InventoryFile[];
}

const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;
/** Compressed bytes of data files up to which rows are counted; some ten million rows. */
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;

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
  const manifest = parseInventory(text, log);
  const rows = new InventoryRows(columnsOf(manifest), log);
  const counted =
    manifest !== undefined &&
    isUsable(manifest, rows, log) &&
    (await countRows(client, manifest, rows, log, input, options));
  return {
    bucket,
    key,
    format: 'S3InventoryReport_CSV_20161130',
    fields: fieldsOf(manifest),
    eTag: opened.eTag,
    versionId: opened.versionId,
    size: opened.size,
    buckets: manifest
      ? [{ bucket: manifest.sourceBucket, ...(counted && { rows: rows.count }) }]
      : [],
    ...(counted && { rows: rows.count, inventory: { ...counted, ...rows.facts } }),
    sampleKeys: rows.sampleKeys,
    // Last, for counting finds some.
    problems: log.problems,
    problemCounts: log.counts,
  };
}

export function parseInventory(text: string, log: ProblemLog): InventoryManifest | undefined {
  let value: (Partial<InventoryManifest> & { readonly Format?: unknown }) | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    log.add('notInventory');
    return undefined;
  }
  if (String(value?.Format).startsWith('Report_CSV_')) {
    log.add('completionReport');
    return undefined;
  }
  const strings = [value?.sourceBucket, value?.fileFormat, value?.fileSchema];
  const files: unknown = value?.files;
  const complete =
    strings.every(item => typeof item === 'string') &&
    Array.isArray(files) &&
    (files as (Partial<InventoryFile> | null)[]).every(
      file => typeof file?.key === 'string' && typeof file.size === 'number',
    );
  if (!complete) log.add('notInventory');
  return complete ? (value as InventoryManifest) : undefined;
}

/** Batch jobs take inventories in CSV only (user guide, "Specifying a manifest"). */
function isUsable(
  { fileFormat }: InventoryManifest,
  rows: InventoryRows,
  log: ProblemLog,
): boolean {
  if (fileFormat !== 'CSV') log.add('inventoryFormat', undefined, fileFormat);
  else if (!rows.canCount) log.add('inventoryColumns');
  return fileFormat === 'CSV' && rows.canCount;
}

export function columnsOf(manifest: InventoryManifest | undefined): string[] {
  return (manifest?.fileSchema ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

function fieldsOf(manifest: InventoryManifest | undefined): ManifestField[] {
  return columnsOf(manifest).map(name =>
    name === 'Bucket' || name === 'Key' || name === 'VersionId' ? name : 'Ignore',
  );
}

/** @returns how many files could not be counted; false for more than is counted at all. */
async function countRows(
  client: S3Client,
  manifest: InventoryManifest,
  rows: InventoryRows,
  log: ProblemLog,
  { bucket }: ReadManifestInput,
  options: ReadManifestOptions,
): Promise<{ files: number; notCounted: number } | false> {
  const { files } = manifest;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total > MAX_COUNTED_BYTES) return false;
  const destination = parseS3Arn(manifest.destinationBucket)?.bucket ?? bucket;
  let done = 0;
  let notCounted = 0;
  for (const file of files) {
    // What a file holds counts only when all of it can be read.
    const before = rows.begin();
    const problem = await readInventoryFile(client, destination, file, rows, options);
    if (problem !== undefined) {
      log.add(problem, undefined, file.key);
      rows.undo(before);
      notCounted += 1;
    }
    done += file.size;
    options.onProgress?.(done, total);
  }
  rows.finish(notCounted === 0);
  return { files: files.length, notCounted };
}
