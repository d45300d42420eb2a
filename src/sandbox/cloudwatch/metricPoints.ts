import type { MetricStore } from './metricStore.ts';
import type { Aggregate, MetricName, ValueCount } from './metricTables.ts';
import type { TimeRange } from './timeRange.ts';
import { percentileValue, simpleValue } from './statistic.ts';
import type { Statistic } from './statistic.ts';
import type { TimeSeries } from './timeSeries.ts';

/** What of a metric is asked for. */
export interface MetricStat {
  readonly metric: MetricName;
  readonly statistic: Statistic;
  /** Seconds. */
  readonly period: number;
  /** Only what was observed in this unit. */
  readonly unit: string | undefined;
}

/** One statistic of a metric by period. */
export function readTimeSeries(
  metrics: MetricStore,
  { metric, statistic, period, unit }: MetricStat,
  range: TimeRange,
  label: string,
): TimeSeries {
  const all = metrics.series(metric);
  const series = all.filter(one => unit === undefined || one.unit === unit);
  const aggregates = metrics.aggregates(series, period, range);
  const values = new Map<number, ValueCount[]>();
  if (typeof statistic === 'object') collect(values, metrics.values(series, period, range));
  const times: number[] = [];
  const points: number[] = [];
  for (const aggregate of aggregates) {
    const value = statisticValue(statistic, aggregate, values.get(aggregate.time) ?? []);
    if (value === undefined) continue;
    times.push(aggregate.time);
    points.push(value);
  }
  return { label, times, values: points, period, known: all.length > 0 };
}

/** A statistic of one period; undefined where AWS has none. */
export function statisticValue(
  statistic: Statistic,
  aggregate: Aggregate,
  values: readonly ValueCount[],
): number | undefined {
  return typeof statistic === 'string'
    ? simpleValue(statistic, aggregate)
    : percentileValue(statistic.percentile, values, aggregate);
}

/** Sorts values into their periods. */
export function collect(
  byTime: Map<number, ValueCount[]>,
  values: readonly ValueCount[],
): ReadonlyMap<number, ValueCount[]> {
  for (const value of values) {
    const period = byTime.get(value.time);
    if (period) period.push(value);
    else byTime.set(value.time, [value]);
  }
  return byTime;
}
