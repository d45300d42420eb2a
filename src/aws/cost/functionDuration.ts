import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

const DAY = 24 * 3600;
/** Days that are averaged over. */
const DAYS = 14;

/**
 * How long an invocation of a function takes on average, by what it did in the last two weeks.
 *
 * @returns seconds; undefined where it was not invoked, or where the caller may not know
 */
export async function functionDuration(
  clients: AwsClients,
  { functionName, region }: { readonly functionName: string; readonly region?: string },
  options: CallOptions = {},
): Promise<number | undefined> {
  const end = Math.ceil(Date.now() / 1000 / DAY) * DAY;
  const command = new GetMetricStatisticsCommand({
    ...{ Namespace: 'AWS/Lambda', MetricName: 'Duration', Period: DAYS * DAY },
    Dimensions: [{ Name: 'FunctionName', Value: functionName }],
    StartTime: new Date((end - DAYS * DAY) * 1000),
    EndTime: new Date(end * 1000),
    Statistics: ['Average'],
  });
  const output = await recoverFrom(['AccessDenied', 'NoService', 'InvalidInput'], undefined, () =>
    call(functionName, options, () =>
      clients.cloudWatch(region).send(command, { abortSignal: options.signal }),
    ),
  );
  const averages = (output?.Datapoints ?? []).flatMap(({ Average }) => Average ?? []);
  const average = averages.at(0);
  return average === undefined ? undefined : average / 1000;
}
