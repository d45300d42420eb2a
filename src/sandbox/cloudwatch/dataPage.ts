import { AwsError } from '../errors.ts';
import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { DataResult } from './dataResults.ts';

export type ScanBy = 'TimestampAscending' | 'TimestampDescending';

/** What one page shows of a result. */
export interface PagedResult {
  readonly result: DataResult;
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Whether later pages have more of it. */
  readonly partial: boolean;
}

export interface Page {
  readonly results: readonly PagedResult[];
  /** Where the next page begins. */
  readonly next: number | undefined;
}

/** More results than any request can have. */
const MOST_RESULTS = 2 ** 18;

/**
 * Cuts a page of at most `limit` points out of all results, in the order of time; of one time, in the
 * order of the results.
 * @param from where the page begins, as the page before said
 */
export function cutPage(
  results: readonly DataResult[],
  scanBy: ScanBy,
  limit: number,
  from = -Infinity,
): Page {
  const sign = scanBy === 'TimestampAscending' ? 1 : -1;
  const position = (time: number, index: number): number => sign * time * MOST_RESULTS + index;
  const left: number[] = [];
  results.forEach(({ series }, index) => {
    for (const time of series.times) {
      const here = position(time, index);
      if (here >= from) left.push(here);
    }
  });
  const next = left.length > limit ? Float64Array.from(left).sort()[limit] : undefined;
  const to = next ?? Infinity;
  return {
    next,
    results: results.map((result, index) => {
      const { times, values } = result.series;
      const inScanOrder = sign === 1 ? [...times.keys()] : [...times.keys()].reverse();
      const at = (point: number): number => position(times[point] ?? 0, index);
      const shown = inScanOrder.filter(point => at(point) >= from && at(point) < to);
      return {
        result,
        times: shown.map(point => times[point] ?? 0),
        values: shown.map(point => values[point] ?? 0),
        partial: times.length > 0 && at(inScanOrder.at(-1) ?? 0) >= to,
      };
    }),
  };
}

/** A token that says where the next page begins, for this request only. */
export function writeToken(next: number, request: string): string {
  return encodeToken({ next, request });
}

/** @throws AwsError InvalidNextToken when no answer to this request held it */
export function readToken(token: string, request: string): number {
  const parsed = (decodeToken(token) ?? {}) as { next?: unknown; request?: unknown };
  if (typeof parsed.next === 'number' && parsed.request === request) return parsed.next;
  throw new AwsError('InvalidNextToken', 400, 'The next token specified is invalid.');
}
