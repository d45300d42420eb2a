import type { S3Client } from '@aws-sdk/client-s3';
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { call, type CallOptions } from '../call.ts';
import { CsvRecords } from '../csvRecords.ts';
import { BrigadeError } from '../errors.ts';
import { openObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { InventoryRows } from './inventoryRows.ts';
import type { ManifestProblemKind } from './manifestProblems.ts';

/** A data file as an inventory's manifest.json names it. */
export interface InventoryFile {
  readonly key: string;
  /** Compressed bytes. */
  readonly size: number;
  /** Of the compressed bytes, hexadecimal. */
  readonly MD5checksum?: unknown;
}

/** Characters, more than any row has; a few bytes of gzip may hold a gigabyte without a line break. */
const MAX_ROW = 64 * 1024;

/**
 * Reads one data file of an inventory.
 *
 * @returns why it could not be read, where that is the file's own fault or a permission's.
 * @throws BrigadeError `Network`, `Cancelled` …
 */
export async function readInventoryFile(
  client: S3Client,
  bucket: string,
  file: InventoryFile,
  rows: InventoryRows,
  options: CallOptions,
): Promise<ManifestProblemKind | undefined> {
  const address = { bucket, key: file.key };
  const md5 = createHash('md5');
  try {
    const { body } = await openObject(client, address, options);
    await call(formatS3Uri(address), options, () => readRows(body, md5, file, rows, options));
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
  const wanted = file.MD5checksum;
  const known = typeof wanted === 'string' && /^[0-9a-f]{32}$/i.test(wanted);
  return known && md5.digest('hex') !== wanted.toLowerCase() ? 'dataChecksum' : undefined;
}

async function readRows(
  body: Readable,
  md5: Hash,
  { key }: InventoryFile,
  rows: InventoryRows,
  { signal }: CallOptions,
): Promise<void> {
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => false });
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        yield chunk;
      }
    },
    createGunzip(),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) rows.add(csv.push(chunk), key);
      rows.add(csv.end(), key);
    },
    { signal },
  );
}

function problemOf(error: unknown): ManifestProblemKind | undefined {
  if (!(error instanceof BrigadeError)) return undefined;
  if (error.code === 'NotFound') return 'dataMissing';
  if (error.code === 'AccessDenied') return 'dataDenied';
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('Z_') ? 'dataNotGzip' : undefined;
}
