import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CallOptions } from '../call.ts';
import { csvCell } from './retryManifest.ts';
import { eachRow } from './readRows.ts';
import type { IndexedRow } from './rowLine.ts';

export interface ExportRowsInput {
  readonly folder: string;
  readonly view?: string;
  /** A local file; written over. */
  readonly file: string;
}

const HEADER = 'Bucket,Key,VersionId,TaskStatus,HTTPStatusCode,ErrorCode,ResultMessage\n';

/**
 * Writes the rows of a view as CSV, their keys decoded, with a header. A failure or cancellation
 * leaves no file.
 *
 * @returns how many rows
 * @throws a node:fs error, also when cancelled
 */
export async function exportRows(
  { file, ...rows }: ExportRowsInput,
  { signal, onProgress }: CallOptions & { readonly onProgress?: (rows: number) => void } = {},
): Promise<number> {
  let written = 0;
  async function* lines(): AsyncGenerator<string, void, undefined> {
    yield HEADER;
    for await (const batch of eachRow(rows, signal)) {
      yield batch.map(lineOf).join('');
      written += batch.length;
      onProgress?.(written);
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(file), { signal });
    return written;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function lineOf({ bucket, key, versionId, succeeded, ...row }: IndexedRow): string {
  const status = succeeded ? 'succeeded' : 'failed';
  const { httpStatus, errorCode, message } = row;
  const cells = [bucket, key, versionId ?? '', status, httpStatus ?? '', errorCode, message];
  return `${cells.map(cell => csvCell(String(cell))).join(',')}\n`;
}
