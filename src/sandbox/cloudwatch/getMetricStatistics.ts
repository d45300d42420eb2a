import { AwsError, notImplemented } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import { Double, OutputMap, Timestamp } from '../output.ts';
import type { MetricsOperation } from './metricsContext.ts';
import { readPeriod } from './dataQueries.ts';
import { invalidValue, notInSet, readMetric, readUnit } from './metricInput.ts';
import { collect, statisticValue } from './metricPoints.ts';
import type { MetricStore } from './metricStore.ts';
import type { Aggregate, Series, ValueCount } from './metricTables.ts';
import type { TimeRange } from './timeRange.ts';
import { SIMPLE_STATISTICS, isSimple, parseStatistic } from './statistic.ts';
import type { Statistic } from './statistic.ts';
import { availableRange } from './timeRange.ts';

const MAX_POINTS = 1440;
const MAX_EXTENDED = 10;

interface NamedStatistic {
  readonly name: string;
  readonly statistic: Statistic;
}

/** Statistics of one metric. */
export const getMetricStatistics: MetricsOperation = (context, { caller }, input) => {
  authorize(context, caller, 'cloudwatch:GetMetricStatistics', '*');
  input.only(
    ...['Namespace', 'MetricName', 'Dimensions', 'StartTime', 'EndTime', 'Period', 'Statistics'],
    ...['ExtendedStatistics', 'Unit'],
  );
  const metric = readMetric(input);
  const unit = readUnit(input);
  const statistics = readStatistics(input);
  const { period, range } = readRange(input, context.clock.now());
  const series = context.metrics
    .series(metric)
    .filter(one => unit === undefined || one.unit === unit);
  return {
    Label: metric.metricName,
    // Points of different units are not mixed: each has its own.
    Datapoints: series.flatMap(one =>
      dataPoints(context.metrics, one, statistics, { period, range }),
    ),
  };
};

function readRange(input: Input, now: Date): { period: number; range: TimeRange } {
  const [start, end] = [input.requiredTime('StartTime'), input.requiredTime('EndTime')];
  const period = readPeriod(input, 'Period') ?? input.requiredNumber('Period');
  if (start >= end) {
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  const points = Math.floor((end.getTime() - start.getTime()) / 1000 / period);
  if (points > MAX_POINTS) {
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      `You have requested up to ${points} datapoints, which exceeds the limit of ${MAX_POINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  return { period, range: availableRange(start, end, period, now) };
}

function readStatistics(input: Input): NamedStatistic[] {
  const [simple, extended] = [input.texts('Statistics'), input.texts('ExtendedStatistics')];
  if (simple.length > 0 === extended.length > 0) {
    const rule = simple.length > 0 ? ', but not both' : '';
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      `Must specify either Statistics or ExtendedStatistics${rule}`,
    );
  }
  const wrong = simple.findIndex(name => !isSimple(name));
  if (wrong !== -1) throw notInSet(`Statistics.member.${wrong + 1}`, SIMPLE_STATISTICS);
  checkSize('Statistics', simple, SIMPLE_STATISTICS.length);
  checkSize('ExtendedStatistics', extended, MAX_EXTENDED);
  return [
    ...simple.filter(isSimple).map(name => ({ name, statistic: name })),
    ...extended.map(name => ({ name, statistic: readExtended(name) })),
  ];
}

function checkSize(member: string, { length }: readonly string[], most: number): void {
  if (length <= most) return;
  throw invalidValue(`The collection ${member} must not have a size greater than ${most}.`);
}

function readExtended(name: string): Statistic {
  const statistic = parseStatistic(name);
  if (statistic === 'refused') throw notImplemented(`the statistic ${name}`);
  if (typeof statistic === 'object') return statistic;
  throw invalidValue(`The value ${name} for parameter ExtendedStatistics is not supported.`);
}

function dataPoints(
  metrics: MetricStore,
  series: Series,
  statistics: readonly NamedStatistic[],
  { period, range }: { readonly period: number; readonly range: TimeRange },
): Output[] {
  const percentiles = statistics.some(({ statistic }) => typeof statistic === 'object');
  const observed = percentiles ? metrics.values([series], period, range) : [];
  const values = collect(new Map(), observed);
  return metrics
    .aggregates([series], period, range)
    .flatMap(aggregate =>
      toOutput(series, statistics, aggregate, values.get(aggregate.time) ?? []),
    );
}

/** One point; none where no statistic that was asked for is known. */
function toOutput(
  { unit }: Series,
  statistics: readonly NamedStatistic[],
  aggregate: Aggregate,
  values: readonly ValueCount[],
): Output[] {
  const simple: Record<string, Double> = {};
  const extended: [string, Double][] = [];
  for (const { name, statistic } of statistics) {
    const value = statisticValue(statistic, aggregate, values);
    if (value === undefined) continue;
    if (isSimple(name)) simple[name] = new Double(value);
    else extended.push([name, new Double(value)]);
  }
  const shown =
    extended.length > 0 ? { ...simple, ExtendedStatistics: new OutputMap(extended) } : simple;
  if (Object.keys(shown).length === 0) return [];
  return [{ Timestamp: new Timestamp(aggregate.time), ...shown, Unit: unit }];
}
