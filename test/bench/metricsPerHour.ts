import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../../src/aws/clients.ts';
import { MetricsReader } from '../../src/metrics/metricsReader.ts';
import { startSandboxClients } from '../support/sandboxClients.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

const HOUR = 3600;
const FUNCTION = 'ImageResizeFunction';
/** Some of the panel's "Refresh every", in seconds; a minute is its default. */
const INTERVALS = [10, 60, 300];

/**
 * Watches a function for an hour, three hours at a time, as the panel does by default: how many
 * metrics CloudWatch is asked for (what it charges for), against asking for all of them at each
 * refresh. The hour passes as fast as the sandbox answers.
 */
export async function measureMetricsPerHour(): Promise<Row[]> {
  const world = await startSandboxClients();
  try {
    putMetrics(world.sandbox.services.metrics);
    const asked = countAsked(world.clients);
    const rows: Row[] = [];
    for (const interval of INTERVALS) {
      const kept = await watch(world.clients, interval, false);
      const ours = asked.take();
      const anew = await watch(world.clients, interval, true);
      if (kept !== anew) throw new Error('What is kept is not what CloudWatch has.');
      rows.push({
        group: 'Metrics panel',
        measure: `an hour, refreshed every ${interval} s`,
        unit: 'metrics',
        ours: summarize([ours]),
        peer: { name: 'all anew', sample: summarize([asked.take()]) },
      });
    }
    return rows;
  } finally {
    await world.close();
  }
}

/** Reads every so many seconds of the last hour; answers what was read last. */
async function watch(clients: AwsClients, interval: number, anew: boolean): Promise<string> {
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  let now = end - HOUR;
  const newReader = (): MetricsReader => new MetricsReader(() => now);
  let reader = newReader();
  const request = {
    functionName: FUNCTION,
    region: 'us-east-1',
    range: { last: 3 * HOUR },
    period: 0,
    fresh: false,
  };
  let series: unknown;
  for (; now < end; now += interval) {
    if (anew) reader = newReader();
    ({ series } = await reader.read(clients, request, new AbortController().signal));
  }
  return JSON.stringify(series);
}

interface Query {
  readonly MetricDataQueries?: readonly MetricDataQuery[];
}

/** Counts what is charged for: each metric of a request, whatever its points. */
function countAsked(clients: AwsClients): { take(): number } {
  let count = 0;
  clients.cloudWatch('us-east-1').middlewareStack.add(
    next => args => {
      count += (args.input as Query).MetricDataQueries?.length ?? 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  return {
    take() {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}

type Metrics = Awaited<ReturnType<typeof startSandboxClients>>['sandbox']['services']['metrics'];

/** Invocations in each minute of the last five hours. */
function putMetrics(metrics: Metrics): void {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const dimensions = { FunctionName: FUNCTION };
  for (let minute = 0; minute < 300; minute++) {
    const timestamp = new Date(now - minute * 60_000);
    const put = (metricName: string, value: number) =>
      metrics.put([{ namespace: 'AWS/Lambda', metricName, dimensions, timestamp, value }]);
    put('Invocations', 1);
    put('Errors', minute % 7 === 0 ? 1 : 0);
    put('Duration', 100 + (minute % 50));
  }
}
