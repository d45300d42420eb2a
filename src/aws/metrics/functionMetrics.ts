import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { GetMetricDataCommandOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import type { EpochSeconds, TimeSpan } from './metricPeriod.ts';
import { FUNCTION_METRICS, METRIC_IDS } from './metricSeries.ts';
import type { FunctionMetrics, MetricId, MetricProblem } from './metricSeries.ts';

export interface MetricCallOptions extends CallOptions {
  /** Told for how many metrics CloudWatch is being asked; each is charged for, read or not. */
  readonly onAsked?: (metrics: number) => void;
}

export interface MetricsQuery extends FunctionAddress, TimeSpan {
  /** Seconds. */
  readonly period: number;
  /** All of them by default. */
  readonly metrics?: readonly MetricId[];
}

/**
 * Reads the metrics of a function, every page. What one metric lacks is a problem of that metric; the
 * others are there all the same.
 *
 * @throws BrigadeError `AccessDenied` (cloudwatch:GetMetricData), `Throttled`, `InvalidInput` …
 */
export async function readFunctionMetrics(
  clients: AwsClients,
  query: MetricsQuery,
  options: MetricCallOptions = {},
): Promise<FunctionMetrics> {
  const ids = query.metrics ?? METRIC_IDS;
  const collected = new Map<MetricId, CollectedMetric>();
  let token: string | undefined;
  do {
    options.onAsked?.(ids.length);
    const output = await readPage(clients, query, ids, token, options);
    for (const result of output.MetricDataResults ?? []) collect(collected, result);
    token = output.NextToken === '' ? undefined : output.NextToken;
  } while (token !== undefined);
  return { series: seriesOf(collected), problems: problemsOf(collected) };
}

function readPage(
  clients: AwsClients,
  query: MetricsQuery,
  ids: readonly MetricId[],
  token: string | undefined,
  options: CallOptions,
): Promise<GetMetricDataCommandOutput> {
  const command = new GetMetricDataCommand({
    MetricDataQueries: ids.map(id => metricQuery(id, query)),
    StartTime: new Date(query.start * 1000),
    EndTime: new Date(query.end * 1000),
    // Descending is the default.
    ScanBy: 'TimestampAscending',
    NextToken: token,
  });
  return callWithAction('cloudwatch:GetMetricData', 'CloudWatch', options, () =>
    clients.cloudWatch(query.region).send(command, { abortSignal: options.signal }),
  );
}

function metricQuery(id: MetricId, { functionName, period }: MetricsQuery): MetricDataQuery {
  const [metricName, statistic] = FUNCTION_METRICS[id];
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: metricName,
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: period,
      Stat: statistic,
    },
  };
}

interface CollectedMetric {
  readonly times: EpochSeconds[];
  readonly values: number[];
  status: string;
  message: string;
}

/** Pages of one metric follow one another; a later page's status is the true one. */
function collect(collected: Map<MetricId, CollectedMetric>, result: MetricDataResult): void {
  const id = METRIC_IDS.find(each => each === result.Id);
  if (id === undefined) return;
  const metric = collected.get(id) ?? { times: [], values: [], status: '', message: '' };
  collected.set(id, metric);
  const { Timestamps = [], Values = [] } = result;
  Timestamps.forEach((time, index) => {
    const value = Values[index];
    if (value === undefined || !Number.isFinite(value)) return;
    metric.times.push(Math.floor(time.getTime() / 1000));
    metric.values.push(value);
  });
  metric.status = result.StatusCode ?? 'Complete';
  metric.message = (result.Messages ?? []).map(({ Value = '' }) => Value).join(' ');
}

function seriesOf(collected: ReadonlyMap<MetricId, CollectedMetric>): FunctionMetrics['series'] {
  return Object.fromEntries(
    [...collected].map(([id, { times, values }]) => [id, { times, values }]),
  );
}

const KINDS: Readonly<Record<string, MetricProblem['kind']>> = {
  Forbidden: 'forbidden',
  InternalError: 'internalError',
  PartialData: 'partial',
};

function problemsOf(collected: ReadonlyMap<MetricId, CollectedMetric>): MetricProblem[] {
  return [...collected].flatMap(([metric, { status, message }]) => {
    const kind = KINDS[status];
    return kind === undefined ? [] : [{ metric, kind, message }];
  });
}
