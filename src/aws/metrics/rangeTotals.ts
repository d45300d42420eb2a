import { GetMetricStatisticsCommand, type Datapoint } from '@aws-sdk/client-cloudwatch';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import type { TimeSpan } from './metricPeriod.ts';

/** What a function did in a whole span. */
export interface RangeTotals {
  readonly invocations: number;
  readonly errors: number;
  /** Milliseconds; undefined where nothing was invoked. */
  readonly durationP95?: number;
}

/** How many metrics `readRangeTotals` asks CloudWatch for. */
export const TOTALS_ASKED = 3;

/**
 * Counts and the 95th percentile of a whole span, as one period that begins where the span does:
 * GetMetricStatistics counts its periods from StartTime, and a percentile of a span can't be told
 * from those of its parts.
 *
 * @param query a span of whole minutes
 * @throws BrigadeError `AccessDenied` (cloudwatch:GetMetricStatistics), `Throttled` …
 */
export async function readRangeTotals(
  clients: AwsClients,
  query: FunctionAddress & TimeSpan,
  options: CallOptions = {},
): Promise<RangeTotals> {
  const read = (metric: string, statistic: Statistic): Promise<Datapoint[]> =>
    readPoints(clients, query, metric, statistic, options);
  const [invocations, errors, duration] = await Promise.all([
    read('Invocations', { Statistics: ['Sum'] }),
    read('Errors', { Statistics: ['Sum'] }),
    read('Duration', { ExtendedStatistics: ['p95'] }),
  ]);
  const sum = (points: readonly Datapoint[]): number =>
    points.reduce((total, { Sum = 0 }) => total + Sum, 0);
  return {
    invocations: sum(invocations),
    errors: sum(errors),
    durationP95: duration[0]?.ExtendedStatistics?.['p95'],
  };
}

type Statistic = { Statistics: ['Sum'] } | { ExtendedStatistics: ['p95'] };

async function readPoints(
  clients: AwsClients,
  query: FunctionAddress & TimeSpan,
  metricName: string,
  statistic: Statistic,
  options: CallOptions,
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
  const output = await call(query.functionName, options, () =>
    clients.cloudWatch(query.region).send(command, { abortSignal: options.signal }),
  );
  return output.Datapoints ?? [];
}
