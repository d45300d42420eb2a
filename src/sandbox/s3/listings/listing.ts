import type { Query } from '../../store.ts';
import { commonPrefix, compareKeys, prefixEnd } from '../keyOrder.ts';

export interface ListRange {
  readonly bucketId: number;
  readonly prefix: string;
  /** Empty: nothing is rolled up. */
  readonly delimiter: string;
  /** The first key that may be listed. */
  readonly from: string;
  /** How many keys and common prefixes together. */
  readonly max: number;
}

export type ListEntry<Row> = { readonly row: Row } | { readonly prefix: string };

export interface ListPage<Row> {
  readonly entries: readonly ListEntry<Row>[];
  /** Whether there is more behind them. */
  readonly truncated: boolean;
}

/** Keys of one common prefix that are read over before a new search jumps behind it. */
const MAX_READ_OVER = 32;
/** Greater than any text in SQLite's order. */
const NO_END = Buffer.alloc(0);

/**
 * One page of a listing in byte order of the keys, with common prefixes rolled up.
 * @param query takes a bucket's id, the first key and the end; gives rows by key.
 * @param accept rows it refuses are left out.
 */
export function listPage<Row extends { readonly key: string }>(
  query: Query<Row>,
  range: ListRange,
  accept: (row: Row) => boolean = () => true,
): ListPage<Row> {
  const { bucketId, prefix, delimiter, max } = range;
  const entries: ListEntry<Row>[] = [];
  if (max === 0) return { entries, truncated: false };
  const end = prefixEnd(prefix) ?? NO_END;
  let from: string | undefined = compareKeys(range.from, prefix) > 0 ? range.from : prefix;
  let rolledUp: string | undefined;
  while (from !== undefined) {
    const start: string = from;
    from = undefined;
    let readOver = 0;
    for (const row of query.iterate(bucketId, start, end)) {
      if (!accept(row)) continue;
      const common = commonPrefix(row.key, prefix, delimiter);
      if (common !== undefined && common === rolledUp) {
        readOver += 1;
        if (readOver <= MAX_READ_OVER) continue;
        from = prefixEnd(common);
        break;
      }
      if (entries.length === max) return { entries, truncated: true };
      rolledUp = common;
      readOver = 0;
      entries.push(common === undefined ? { row } : { prefix: common });
    }
  }
  return { entries, truncated: false };
}
