import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { plainFunctionName } from '../functionArn.ts';
import type { FunctionAddress } from './functions.ts';

/**
 * How many invocations of a function Lambda turned away from a minute on, for a quarter of an hour.
 * CloudWatch knows of a minute some minutes later.
 *
 * @throws BrigadeError `AccessDenied` (cloudwatch:GetMetricStatistics) …
 */
export async function readThrottles(
  clients: AwsClients,
  { functionName, region, since }: FunctionAddress & { readonly since: Date },
  options: CallOptions = {},
): Promise<number> {
  const start = Math.floor(since.getTime() / MINUTE_MS) * MINUTE_MS;
  const command = new GetMetricStatisticsCommand({
    ...{ Namespace: 'AWS/Lambda', MetricName: 'Throttles', Statistics: ['Sum'], Period: 60 },
    Dimensions: [{ Name: 'FunctionName', Value: plainFunctionName(functionName) }],
    StartTime: new Date(start),
    EndTime: new Date(start + SPAN_MS),
  });
  const { Datapoints: points = [] } = await callWithAction(
    'cloudwatch:GetMetricStatistics',
    functionName,
    options,
    () => clients.cloudWatch(region).send(command, { abortSignal: options.signal }),
  );
  return points.reduce((sum, { Sum: count = 0 }) => sum + count, 0);
}

const MINUTE_MS = 60_000;
const SPAN_MS = 15 * MINUTE_MS;
