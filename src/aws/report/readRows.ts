import { open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import {
  ID_BYTES,
  RECORD_BYTES,
  RECORDS_FILE,
  readRecord,
  ROWS_FILE,
  SUMMARY_FILE,
  type ReportSummary,
  type RowRecord,
} from './indexFiles.ts';
import { rowOf, type IndexedRow } from './rowLine.ts';

export interface RowsInput {
  readonly folder: string;
  /** A file of `queryReport` in the folder; all rows in the order of the report when absent. */
  readonly view?: string;
  /** Counted from 0, in the view. */
  readonly from: number;
  readonly count: number;
}

/** Rows read at once when all are. */
const BATCH = 4096;

/**
 * Some rows of an index, few and far between or in one piece: what a table shows. Reads a few
 * kilobytes, also while the index is still being written.
 *
 * @returns fewer than asked for where the view ends
 * @throws a node:fs error when the index is gone
 */
export async function readRows({ folder, view, from, count }: RowsInput): Promise<IndexedRow[]> {
  await using records = await open(path.join(folder, RECORDS_FILE));
  await using rows = await open(path.join(folder, ROWS_FILE));
  if (view === undefined) return await readInARow(records, rows, from, count);
  await using ids = await open(path.join(folder, view));
  const chosen = await readBytes(ids, from * ID_BYTES, count * ID_BYTES);
  const wanted = Array.from({ length: Math.floor(chosen.length / ID_BYTES) }, (_, index) =>
    chosen.readUInt32LE(index * ID_BYTES),
  );
  const found: IndexedRow[] = [];
  for (const [first, length] of stretches(wanted)) {
    found.push(...(await readInARow(records, rows, first, length)));
  }
  return found;
}

/** All rows of a view, or only those that failed, batch by batch. */
export async function* eachRow(
  { folder, view }: Pick<RowsInput, 'folder' | 'view'>,
  signal?: AbortSignal,
): AsyncGenerator<IndexedRow[], void, undefined> {
  for (let from = 0; ; from += BATCH) {
    signal?.throwIfAborted();
    const rows = await readRows({
      folder,
      from,
      count: BATCH,
      ...(view !== undefined && { view }),
    });
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH) return;
  }
}

/** What an index says of its report; undefined where it is not whole, or of another version. */
export async function readSummary(folder: string): Promise<ReportSummary | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, SUMMARY_FILE), 'utf8')) as ReportSummary;
  } catch {
    return undefined;
  }
}

async function readInARow(
  records: FileHandle,
  rows: FileHandle,
  from: number,
  count: number,
): Promise<IndexedRow[]> {
  const bytes = await readBytes(records, from * RECORD_BYTES, count * RECORD_BYTES);
  const found = recordsOf(bytes);
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return [];
  const text = await readBytes(rows, first.offset, last.offset + last.length - first.offset);
  return found.map(({ offset, length }) => {
    const at = offset - first.offset;
    return rowOf(text.toString('utf8', at, at + length));
  });
}

/** The whole records of some bytes. */
export function recordsOf(bytes: Buffer): RowRecord[] {
  const count = Math.floor(bytes.length / RECORD_BYTES);
  return Array.from({ length: count }, (_, index) => readRecord(bytes, index));
}

/** As many of the bytes as there are. */
export async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** Numbers that follow each other, as [first, how many]: most views have long ones. */
function stretches(ids: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const id of ids) {
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === id) last[1] += 1;
    else found.push([id, 1]);
  }
  return found;
}
