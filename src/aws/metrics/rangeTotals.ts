import { GetMetricStatisticsCommand, type Datapoint } from '@aws-sdk/client-cloudwatch';
import { callWithAction } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import type { MetricCallOptions } from './functionMetrics.ts';
import type { TimeSpan } from './metricPeriod.ts';

/** What a function did in a whole span. */
export interface RangeTotals {
  readonly invocations: number;
  readonly errors: number;
  /** Milliseconds; undefined where nothing was invoked. */
  readonly durationP95?: number;
}

type Query = FunctionAddress & TimeSpan;
type Statistic = { Statistics: ['Sum'] } | { ExtendedStatistics: ['p95'] };

/**
 * Counts and the 95th percentile of a whole span.
 *
 * @param query a span of whole minutes
 * @throws BrigadeError `AccessDenied` (cloudwatch:GetMetricStatistics), `Throttled` …
 */
export async function readRangeTotals(
  clients: AwsClients,
  query: Query,
  options: MetricCallOptions = {},
): Promise<RangeTotals> {
  const sum = async (metricName: string): Promise<number> => {
    const points = await readPoints(clients, query, metricName, { Statistics: ['Sum'] }, options);
    return points.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  const [invocations, errors, durationP95] = await Promise.all([
    sum('Invocations'),
    sum('Errors'),
    readRangeP95(clients, query, options),
  ]);
  return { invocations, errors, durationP95 };
}

/**
 * The 95th percentile of the durations of a whole span, in milliseconds: it can't be told from those
 * of the span's parts. Undefined where nothing was invoked.
 *
 * @param query a span of whole minutes
 * @throws BrigadeError as `readRangeTotals`
 */
export async function readRangeP95(
  clients: AwsClients,
  query: Query,
  options: MetricCallOptions = {},
): Promise<number | undefined> {
  const p95: Statistic = { ExtendedStatistics: ['p95'] };
  const [point] = await readPoints(clients, query, 'Duration', p95, options);
  return point?.ExtendedStatistics?.['p95'];
}

/** One period that begins where the span does: GetMetricStatistics counts them from StartTime. */
async function readPoints(
  clients: AwsClients,
  query: Query,
  metricName: string,
  statistic: Statistic,
  options: MetricCallOptions,
): Promise<Datapoint[]> {
  const command = new GetMetricStatisticsCommand({
    Namespace: 'AWS/Lambda',
    MetricName: metricName,
    Dimensions: [{ Name: 'FunctionName', Value: query.functionName }],
    StartTime: new Date(query.start * 1000),
    EndTime: new Date(query.end * 1000),
    Period: query.end - query.start,
    ...statistic,
  });
  options.onAsked?.(1);
  const output = await callWithAction('cloudwatch:GetMetricStatistics', 'CloudWatch', options, () =>
    clients.cloudWatch(query.region).send(command, { abortSignal: options.signal }),
  );
  return output.Datapoints ?? [];
}
