import { AwsError } from '../errors.ts';
import { isArray, isSeries } from './math/mathValue.ts';
import type { MathValue } from './math/mathValue.ts';
import { evaluate } from './math/evaluate.ts';
import type { MathScope } from './math/evaluate.ts';
import { MathError } from './math/mathError.ts';
import type { Expression } from './math/parseExpression.ts';
import { readTimeSeries } from './metricPoints.ts';
import type { MetricStore } from './metricStore.ts';
import { explainMathErrors, isExpression, isMetric } from './dataQueries.ts';
import type { DataQuery, ExpressionQuery, MetricQuery } from './dataQueries.ts';
import { DAY, availableRange } from './timeRange.ts';
import type { TimeSeries } from './timeSeries.ts';

/** One time series of the answer. */
export interface DataResult {
  readonly id: string;
  readonly series: TimeSeries;
}

export interface DataRequest {
  readonly queries: readonly DataQuery[];
  readonly start: Date;
  readonly end: Date;
}

/**
 * The series of every query that returns data, in the order of the queries.
 * @throws AwsError ValidationError for an expression that makes no sense
 */
export function computeResults(
  metrics: MetricStore,
  request: DataRequest,
  now: Date,
): DataResult[] {
  const computation = new Computation(metrics, request, now);
  return request.queries
    .map(query => ({ query, value: computation.valueOf(query) }))
    .filter(({ query }) => query.returnData)
    .flatMap(({ query, value }) => toResults(query, value));
}

function toResults({ id, label }: DataQuery, value: MathValue): DataResult[] {
  if (isSeries(value)) return [{ id, series: label === undefined ? value : { ...value, label } }];
  if (!isArray(value)) {
    return explainMathErrors(id, () => {
      throw new MathError('The result must be a time series or an array of time series.');
    });
  }
  // Metric math in the user guide: "Expression-Label Metric-Label", or the latter alone.
  const prefix = label === '' ? '' : `${label ?? id} `;
  return value.map(series => ({ id, series: { ...series, label: prefix + series.label } }));
}

/**
 * Points that a request may take up, of all its pages, each as often as a metric or a part of an expression
 * has it. AWS throttles by points too: 396,000 a second (CloudWatch quotas, GetMetricData "Datapoints per
 * second").
 */
const MAX_POINTS = 4_000_000;

class Computation {
  private readonly metrics: MetricStore;
  private readonly request: DataRequest;
  private readonly now: Date;
  private readonly byId: ReadonlyMap<string, DataQuery>;
  private readonly labels: ReadonlyMap<string, string>;
  private readonly values = new Map<string, MathValue>();
  private readonly running = new Set<string>();
  private points = 0;

  constructor(metrics: MetricStore, request: DataRequest, now: Date) {
    this.metrics = metrics;
    this.request = request;
    this.now = now;
    this.byId = new Map(request.queries.map(query => [query.id, query]));
    this.labels = defaultLabels(request.queries);
  }

  valueOf(query: DataQuery): MathValue {
    const known = this.values.get(query.id);
    if (known !== undefined) return known;
    const value = isExpression(query)
      ? explainMathErrors(query.id, () => this.compute(query))
      : this.read(query);
    this.values.set(query.id, value);
    return value;
  }

  private read(query: MetricQuery): TimeSeries {
    const { start, end } = this.request;
    const range = availableRange(start, end, query.period, this.now);
    const label = query.label ?? this.labels.get(query.id) ?? query.metric.metricName;
    const series = readTimeSeries(this.metrics, query, range, label);
    this.count(series.times.length);
    return series;
  }

  /** @throws AwsError Throttling when the request has taken up too many points with these */
  private count(points: number): void {
    this.points += points;
    if (this.points > MAX_POINTS) throw new AwsError('Throttling', 400, 'Rate exceeded');
  }

  /** What it refers to is computed first, so that the stack is as deep as one expression. */
  private compute(query: ExpressionQuery): MathValue {
    const { id, expression } = query;
    if (this.running.has(id)) throw new MathError('It depends on itself.');
    this.running.add(id);
    for (const name of namesIn(expression)) {
      const other = this.byId.get(name);
      if (other) this.valueOf(other);
    }
    this.running.delete(id);
    const value = evaluate(expression, this.scope(query));
    return isSeries(value) ? { ...value, label: id } : value;
  }

  private scope(query: ExpressionQuery): MathScope {
    const metricQueries = this.request.queries.filter(isMetric);
    return {
      valueOf: name => {
        const other = this.byId.get(name);
        if (!other) throw new MathError(`Unknown Id ${name}.`);
        return this.valueOf(other);
      },
      metrics: () => metricQueries.map(other => [other.id, this.valueOf(other) as TimeSeries]),
      rangeOf: period => {
        const { start, end } = this.request;
        // What has not happened yet is not missing.
        const past = end < this.now ? end : this.now;
        const range = availableRange(start, past, period, this.now);
        // It is asked for to make a point of each period.
        this.count(Math.max(0, range.end - range.start) / period);
        return range;
      },
      count: points => this.count(points),
      period:
        query.period ?? metricQueries.reduce((least, { period }) => Math.min(least, period), DAY),
    };
  }
}

function* namesIn(expression: Expression): Generator<string> {
  const open: Expression[] = [expression];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'name') yield next.name;
    else if (next.kind === 'call') open.push(...next.args);
    else if (next.kind === 'array') open.push(...next.items);
    else if (next.kind === 'negative') open.push(next.operand);
    else if (next.kind === 'binary') open.push(next.left, next.right);
  }
}

/**
 * AWS makes labels of what the metrics differ in: the name first, with the statistic and the period where
 * names are shared and these differ (recorded), else also the values of the dimensions.
 */
function defaultLabels(queries: readonly DataQuery[]): ReadonlyMap<string, string> {
  const metrics = queries.filter(isMetric);
  const differ = (part: (query: MetricQuery) => unknown): boolean =>
    new Set(metrics.map(part)).size > 1;
  const name = ({ metric }: MetricQuery): string => metric.metricName;
  const [statistics, periods] = [differ(one => one.statisticName), differ(one => one.period)];
  const withDifferences = (query: MetricQuery): string =>
    [
      name(query),
      ...(statistics ? [query.statisticName] : []),
      ...(periods ? [query.period] : []),
    ].join(' ');
  const withDimensions = (query: MetricQuery): string =>
    [...Object.values(query.metric.dimensions), withDifferences(query)].join(' ');
  const forms = [name, withDifferences, withDimensions];
  const apart = forms.find(form => new Set(metrics.map(form)).size === metrics.length);
  const form = apart ?? withDifferences;
  return new Map(metrics.map(query => [query.id, form(query)]));
}
