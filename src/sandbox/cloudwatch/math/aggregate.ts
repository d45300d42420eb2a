import { joinSeries } from '../timeSeries.ts';
import { isArray, isSeries, wrongArgument } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';

export type AggregateName = 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'STDDEV' | 'DATAPOINT_COUNT';

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;

const AGGREGATES: Readonly<Record<AggregateName, (values: readonly number[]) => number>> = {
  SUM: sum,
  AVG: average,
  MIN: values => values.reduce((least, one) => Math.min(least, one), Infinity),
  MAX: values => values.reduce((most, one) => Math.max(most, one), -Infinity),
  STDDEV: values => {
    const mean = average(values);
    return Math.sqrt(average(values.map(value => (value - mean) ** 2)));
  },
  DATAPOINT_COUNT: values => values.length,
};

/** Of an array, missing values count as 0 here (AVG's description); elsewhere they are left out. */
const MISSING_IS_ZERO: ReadonlySet<string> = new Set(['AVG', 'STDDEV']);

export function isAggregate(name: string): name is AggregateName {
  return Object.hasOwn(AGGREGATES, name);
}

/**
 * A scalar of all points of one series, or a series of the points that an array has at each time.
 * @throws MathError for a scalar
 */
export function aggregate(name: AggregateName, value: MathValue): MathValue {
  const compute = AGGREGATES[name];
  if (isArray(value)) {
    const zero = MISSING_IS_ZERO.has(name);
    return joinSeries(value, values =>
      compute(values.map(one => (zero ? (one ?? 0) : one)).filter(one => one !== undefined)),
    );
  }
  if (!isSeries(value)) throw wrongArgument();
  return compute(value.values);
}
