import type { TimeSeries } from '../timeSeries.ts';
import { MathError } from './mathError.ts';

/** AWS's S, TS and TS[]. */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

/** How many series an array may have, which bounds what an expression may cost. */
const MAX_SERIES = 500;

export function isSeries(value: MathValue): value is TimeSeries {
  return typeof value === 'object' && !isArray(value);
}

export function isArray(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

/** An array of series, none of which is dropped silently. @throws MathError when there are too many */
export function seriesArray(series: readonly TimeSeries[]): readonly TimeSeries[] {
  if (series.length <= MAX_SERIES) return series;
  throw new MathError(`An array may have ${MAX_SERIES} time series at most.`);
}

/** Does to one series, or to each one of an array. @throws MathError for a scalar */
export function eachSeries(
  value: MathValue | undefined,
  change: (series: TimeSeries) => TimeSeries,
): MathValue {
  if (value === undefined || typeof value === 'number') throw wrongArgument();
  return isArray(value) ? value.map(change) : change(value);
}

export function wrongArgument(): MathError {
  return new MathError('A function has arguments of the wrong number or type.');
}
