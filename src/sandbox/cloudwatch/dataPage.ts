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
const MAX_RESULTS = 2 ** 18;

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
  const scans = results.map(({ series }, index) => new Scan(series.times, index, scanBy));
  const next = endOfPage(scans, limit, from);
  return {
    next,
    results: results.map((result, index) => {
      const { times, values } = result.series;
      const scan = scans[index];
      const [first, last] = [
        scan?.countBefore(from) ?? 0,
        scan?.countBefore(next ?? Infinity) ?? 0,
      ];
      const cut = (points: readonly number[]): readonly number[] =>
        scanBy === 'TimestampAscending'
          ? points.slice(first, last)
          : points.slice(points.length - last, points.length - first).reverse();
      return { result, times: cut(times), values: cut(values), partial: last < times.length };
    }),
  };
}

/** The points of one result in the order of the pages, in which each has a position: a whole number. */
class Scan {
  private readonly times: readonly number[];
  private readonly index: number;
  private readonly sign: 1 | -1;

  constructor(times: readonly number[], index: number, scanBy: ScanBy) {
    this.times = times;
    this.index = index;
    this.sign = scanBy === 'TimestampAscending' ? 1 : -1;
  }

  /** How many points stand before a position. */
  countBefore(position: number): number {
    // The position's time; the division by a power of two is exact.
    const time = (this.sign * (position - this.index)) / MAX_RESULTS;
    if (this.sign === 1) return leastWhere(0, this.times.length, at => this.timeAt(at) >= time);
    return this.times.length - leastWhere(0, this.times.length, at => this.timeAt(at) > time);
  }

  /** The positions of both ends; none without points. */
  get bounds(): readonly number[] {
    const ends =
      this.times.length === 0 ? [] : [this.timeAt(0), this.timeAt(this.times.length - 1)];
    return ends.map(time => this.sign * time * MAX_RESULTS + this.index);
  }

  private timeAt(at: number): number {
    return this.times[at] ?? 0;
  }
}

/** The position of the first point that the page has no room for; undefined when it has for all. */
function endOfPage(scans: readonly Scan[], limit: number, from: number): number | undefined {
  const shown = (position: number): number =>
    scans.reduce((sum, scan) => sum + scan.countBefore(position), 0);
  const before = shown(from);
  if (shown(Infinity) - before <= limit) return undefined;
  const bounds = scans.flatMap(scan => scan.bounds);
  const least = bounds.reduce((one, other) => Math.min(one, other), Infinity);
  const most = bounds.reduce((one, other) => Math.max(one, other), -Infinity);
  return leastWhere(least, most, position => shown(position + 1) - before > limit);
}

/** The least whole number from `low` on that passes a test, which then all greater ones do; else `high`. */
function leastWhere(low: number, high: number, test: (number: number) => boolean): number {
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
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
