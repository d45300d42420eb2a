import { open, type FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { renameFile } from '../../system/renameFile.ts';
import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { RECORD_BYTES, RECORDS_FILE, ROWS_FILE, type RowRecord } from './indexFiles.ts';
import { readBytes, readSummary, recordsOf } from './readRows.ts';
import { rowOf, textMatcher } from './rowLine.ts';
import type { RowQuery } from './rowQuery.ts';

export interface QueryReportInput {
  readonly folder: string;
  readonly query: RowQuery;
}

export interface QueryResult {
  /** The file of the view in the folder; absent where all rows are wanted as they come. */
  readonly view?: string;
  readonly rows: number;
}

/** Rows that are sorted by their keys: these are in memory meanwhile. */
export const MAX_SORTED_BY_KEY = 2_000_000;
/** Records looked at in one go. */
const BATCH = 16_384;

/**
 * Finds the rows of an index that fit, and sorts them, into a view of the index. Memory: 4 bytes for
 * each row that fits, and its key where they are sorted by that.
 *
 * @throws BrigadeError `InvalidInput` when there are too many rows to sort by their keys; `Cancelled`
 */
export async function queryReport(
  { folder, query }: QueryReportInput,
  options: CallOptions & { readonly onProgress?: (rows: number) => void } = {},
): Promise<QueryResult> {
  await using records = await open(path.join(folder, RECORDS_FILE));
  await using rows = await open(path.join(folder, ROWS_FILE));
  if (isWhole(query)) {
    return { rows: Math.floor((await records.stat()).size / RECORD_BYTES) };
  }
  const found = new Found(query);
  for (let from = 0; ; from += BATCH) {
    if (options.signal?.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
    const bytes = await readBytes(records, from * RECORD_BYTES, BATCH * RECORD_BYTES);
    const batch = recordsOf(bytes);
    if (batch.length > 0) await found.look(batch, from, rows);
    options.onProgress?.(from + batch.length);
    if (batch.length < BATCH) break;
  }
  const ids = found.sorted(await errorRanks(folder));
  const view = `view-${createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 16)}.ids`;
  await writeIds(path.join(folder, view), ids);
  return { view, rows: ids.length };
}

function isWhole({ status, groups, text = '', sort }: RowQuery): boolean {
  return status === undefined && groups === undefined && text === '' && sort === undefined;
}

/** By a record's group: how its error compares to others; a success comes after all of them. */
async function errorRanks(folder: string): Promise<number[]> {
  const { groups = [] } = (await readSummary(folder)) ?? {};
  const order = groups
    .map(({ errorCode, httpStatus = 0 }, index) => ({ errorCode, httpStatus, group: index + 1 }))
    .sort((a, b) => compareTexts(a.errorCode, b.errorCode) || a.httpStatus - b.httpStatus);
  const ranks = [order.length];
  order.forEach(({ group }, rank) => (ranks[group] = rank));
  return ranks;
}

async function writeIds(file: string, ids: Uint32Array): Promise<void> {
  const temporary = `${file}.new`;
  {
    await using handle = await open(temporary, 'w');
    await handle.writeFile(Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength));
  }
  await renameFile(temporary, file);
}

/** What fits, as it is found. */
class Found {
  readonly #query: RowQuery;
  readonly #matches: ((line: string) => boolean) | undefined;
  readonly #groups: ReadonlySet<number> | undefined;
  #ids = new Uint32Array(1024);
  #groupsOf = new Uint16Array(1024);
  readonly #keys: string[] = [];
  #length = 0;

  constructor(query: RowQuery) {
    const { text = '', groups } = query;
    this.#query = query;
    this.#matches = text === '' ? undefined : textMatcher(text);
    this.#groups = groups && new Set(groups);
  }

  async look(batch: readonly RowRecord[], from: number, rows: FileHandle): Promise<void> {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    const isByKey = this.#query.sort?.by === 'key';
    const reads = isByKey || this.#matches !== undefined;
    const length = last.offset + last.length - first.offset;
    const bytes = reads ? await readBytes(rows, first.offset, length) : undefined;
    batch.forEach((record, index) => {
      if (!this.#isWanted(record.group)) return;
      const at = record.offset - first.offset;
      const line = bytes?.toString('utf8', at, at + record.length) ?? '';
      if (this.#matches && !this.#matches(line)) return;
      this.#add(from + index, record.group, isByKey ? rowOf(line).key : undefined);
    });
  }

  #isWanted(group: number): boolean {
    const { status } = this.#query;
    if (status !== undefined && (status === 'succeeded') !== (group === 0)) return false;
    return this.#groups === undefined || (group > 0 && this.#groups.has(group - 1));
  }

  #add(id: number, group: number, key: string | undefined): void {
    if (this.#length === this.#ids.length) this.#grow();
    this.#ids[this.#length] = id;
    this.#groupsOf[this.#length] = group;
    this.#length += 1;
    if (key === undefined) return;
    if (this.#keys.length === MAX_SORTED_BY_KEY) {
      const sentence = `More than ${MAX_SORTED_BY_KEY} rows can't be sorted by their keys`;
      throw new BrigadeError('InvalidInput', sentence, {
        problem: { kind: 'manyRowsToSort', max: MAX_SORTED_BY_KEY },
      });
    }
    this.#keys.push(key);
  }

  #grow(): void {
    const ids = new Uint32Array(2 * this.#length);
    const groups = new Uint16Array(2 * this.#length);
    ids.set(this.#ids);
    groups.set(this.#groupsOf);
    this.#ids = ids;
    this.#groupsOf = groups;
  }

  /** The ids in the order that was asked for; rows that are equal stay as they came. */
  sorted(ranks: readonly number[]): Uint32Array {
    const { sort } = this.#query;
    const ids = this.#ids.subarray(0, this.#length);
    if (sort === undefined) return ids;
    const order = Uint32Array.from({ length: this.#length }, (_, index) => index);
    const sign = sort.descending ? -1 : 1;
    const keys = this.#keys;
    const groups = this.#groupsOf;
    const compare =
      sort.by === 'key'
        ? (a: number, b: number) => sign * compareTexts(keys[a] ?? '', keys[b] ?? '')
        : (a: number, b: number) =>
            sign * ((ranks[groups[a] ?? 0] ?? 0) - (ranks[groups[b] ?? 0] ?? 0));
    order.sort((a, b) => compare(a, b) || a - b);
    return order.map(index => ids[index] ?? 0);
  }
}

/** By code units: a collator takes ten times as long. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
