import { mapValues, withPoints } from '../timeSeries.ts';
import type { TimeSeries } from '../timeSeries.ts';
import { isArray, wrongArgument } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';

/** Functions of each point alone. */
const POINTWISE: Readonly<Record<string, (value: number) => number>> = {
  ABS: value => Math.abs(value),
  CEIL: value => Math.ceil(value),
  FLOOR: value => Math.floor(value),
  LOG: value => Math.log(value),
  LOG10: value => Math.log10(value),
};

/** Functions of each point and the one before it. */
const SUCCESSIVE: Readonly<Record<string, (step: number, seconds: number) => number>> = {
  DIFF: step => step,
  DIFF_TIME: (_step, seconds) => seconds,
  RATE: (step, seconds) => step / seconds,
};

export function seriesFunction(name: string): ((series: TimeSeries) => TimeSeries) | undefined {
  const pointwise = Object.hasOwn(POINTWISE, name) ? POINTWISE[name] : undefined;
  if (pointwise) return series => mapValues(series, pointwise);
  const successive = Object.hasOwn(SUCCESSIVE, name) ? SUCCESSIVE[name] : undefined;
  if (successive) return series => differences(series, successive);
  return name === 'RUNNING_SUM' ? runningSum : undefined;
}

function differences(
  series: TimeSeries,
  compute: (step: number, seconds: number) => number,
): TimeSeries {
  const { times, values } = series;
  const points = times.slice(1).map((time, index) => {
    const step = (values[index + 1] ?? 0) - (values[index] ?? 0);
    return [time, compute(step, time - (times[index] ?? 0))] as const;
  });
  return withPoints(series, points);
}

function runningSum(series: TimeSeries): TimeSeries {
  let total = 0;
  return mapValues(series, value => (total += value));
}

/** Functions of arrays of series. */
export const OF_ARRAYS: Readonly<
  Record<string, (series: readonly TimeSeries[], args: readonly MathValue[]) => MathValue>
> = {
  FIRST: series => series[0] ?? fail(),
  LAST: series => series.at(-1) ?? fail(),
  METRIC_COUNT: series => series.length,
  REMOVE_EMPTY: series => series.filter(({ times }) => times.length > 0),
  SLICE: (series, [start, end]) => {
    if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number')) return fail();
    return series.slice(Math.max(0, start), end);
  },
};

export function arrayOf(value: MathValue | undefined): readonly TimeSeries[] {
  if (value === undefined || !isArray(value)) throw wrongArgument();
  return value;
}

function fail(): never {
  throw wrongArgument();
}
