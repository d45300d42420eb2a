import type { TimeRange } from '../timeRange.ts';
import { sideBySide, withPoints } from '../timeSeries.ts';
import type { TimeSeries } from '../timeSeries.ts';
import type { Expression } from './parseExpression.ts';
import { eachSeries, isSeries, wrongArgument } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';

/** The periods of a request that can have points, for a series' period. */
export type RangeOf = (period: number) => TimeRange;

/** Every time that a series of this period can have in the request. */
export function* periodsOf(period: number, rangeOf: RangeOf): Generator<number> {
  const { start, end } = rangeOf(period);
  for (let time = start; time < end; time += period) yield time;
}

/**
 * FILL: gives the periods without a point the filler's value, the last one's (REPEAT) or one on the line
 * between its neighbours (LINEAR). A metric that was never observed stays empty.
 */
export function fill(
  value: MathValue,
  filler: Expression,
  evaluate: (filler: Expression) => MathValue,
  rangeOf: RangeOf,
): MathValue {
  if (filler.kind === 'name' && filler.name === 'REPEAT') {
    return eachSeries(value, series => repeat(series, rangeOf));
  }
  if (filler.kind === 'name' && filler.name === 'LINEAR') {
    return eachSeries(value, series => interpolate(series, rangeOf));
  }
  const by = evaluate(filler);
  if (typeof by === 'number') {
    return eachSeries(value, series => onGrid(series, rangeOf, () => by));
  }
  if (!isSeries(by)) throw wrongArgument();
  return eachSeries(value, series => fillFrom(series, by));
}

function onGrid(
  series: TimeSeries,
  rangeOf: RangeOf,
  missing: (time: number) => number | undefined,
): TimeSeries {
  if (!series.known) return series;
  const known = new Map(series.times.map((time, index) => [time, series.values[index]]));
  const points = [...periodsOf(series.period, rangeOf)].map(
    time => [time, known.get(time) ?? missing(time)] as const,
  );
  return withPoints(series, points);
}

function repeat(series: TimeSeries, rangeOf: RangeOf): TimeSeries {
  let position = 0;
  return onGrid(series, rangeOf, time => {
    while ((series.times[position] ?? Infinity) < time) position += 1;
    return series.values[position - 1];
  });
}

function interpolate(series: TimeSeries, rangeOf: RangeOf): TimeSeries {
  let next = 0;
  return onGrid(series, rangeOf, time => {
    while ((series.times[next] ?? Infinity) < time) next += 1;
    const [before, after] = [series.times[next - 1], series.times[next]];
    const [from, to] = [series.values[next - 1], series.values[next]];
    if (before === undefined || after === undefined) return undefined;
    if (from === undefined || to === undefined) return undefined;
    return from + ((to - from) * (time - before)) / (after - before);
  });
}

function fillFrom(series: TimeSeries, by: TimeSeries): TimeSeries {
  const points: (readonly [number, number | undefined])[] = [];
  for (const [time, [own, other]] of sideBySide([series, by])) points.push([time, own ?? other]);
  return withPoints(series, points);
}
