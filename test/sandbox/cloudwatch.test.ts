import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { observationClients } from './observedSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const clock = new FakeClock(new Date(NOON));
const at = (minutes: number): Date => new Date(NOON + minutes * 60_000);
const Namespace = 'Test';
const Dimensions = [{ Name: 'FunctionName', Value: 'resize' }];

let test: TestSandbox;
let clients: ReturnType<typeof observationClients>;
beforeAll(async () => {
  test = await startTestSandbox({ clock });
  clients = observationClients(test.sandbox);
  for (const client of Object.values(clients)) client.config.systemClockOffset = NOON - Date.now();
});
afterAll(async () => {
  expect(test.log).toEqual([]);
  await test.close();
});

const stat = (Id: string, MetricName: string, Stat: string, Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Stat, Period },
});

const getData = (input: Partial<GetMetricDataCommandInput>) =>
  clients.cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [],
      StartTime: at(-10),
      EndTime: at(0),
      ScanBy: 'TimestampAscending',
      ...input,
    }),
  );

const put = (MetricName: string, data: readonly (readonly [minute: number, value: number])[]) =>
  clients.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace,
      MetricData: data.map(([minute, Value]) => ({
        MetricName,
        Dimensions,
        Timestamp: at(minute),
        Value,
        Unit: 'Count',
      })),
    }),
  );

describe('metrics', () => {
  it('come back as points of their minutes, with gaps where nothing was put', async () => {
    await put('Invocations', [
      [-9, 1],
      [-9, 3],
      [-5, 2],
    ]);
    await put('Errors', [[-9, 1]]);
    const { MetricDataResults } = await getData({
      MetricDataQueries: [
        stat('invocations', 'Invocations', 'Sum'),
        { ...stat('errors', 'Errors', 'Sum'), ReturnData: false },
        {
          Id: 'rate',
          Expression: '100 - 100 * errors / MAX([errors, invocations])',
          Label: 'Success rate (%)',
        },
      ],
    });
    expect(MetricDataResults).toEqual([
      {
        Id: 'invocations',
        Label: 'Invocations',
        Timestamps: [at(-9), at(-5)],
        Values: [4, 2],
        StatusCode: 'Complete',
      },
      {
        Id: 'rate',
        Label: 'Success rate (%)',
        Timestamps: [at(-9), at(-5)],
        Values: [75, 100],
        StatusCode: 'Complete',
      },
    ]);
  });

  it('have statistics and percentiles, and are listed', async () => {
    await put(
      'Duration',
      Array.from({ length: 100 }, (_, index) => [-3, index + 1] as const),
    );
    const input = {
      Namespace,
      MetricName: 'Duration',
      Dimensions,
      StartTime: at(-5),
      EndTime: at(0),
      Period: 300,
    };
    const { Datapoints } = await clients.cloudwatch.send(
      new GetMetricStatisticsCommand({ ...input, ExtendedStatistics: ['p95', 'p99.5'] }),
    );
    expect(Datapoints).toEqual([
      { Timestamp: at(-5), Unit: 'Count', ExtendedStatistics: { p95: 95, 'p99.5': 100 } },
    ]);
    const { Metrics } = await clients.cloudwatch.send(
      new ListMetricsCommand({ MetricName: 'Duration' }),
    );
    expect(Metrics).toEqual([{ Namespace, MetricName: 'Duration', Dimensions }]);
  });

  it('have no percentiles where only statistics of theirs were put', async () => {
    const StatisticValues = { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 };
    await clients.cloudwatch.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [{ MetricName: 'Sets', Dimensions, Timestamp: at(-3), StatisticValues }],
      }),
    );
    const input = { Namespace, MetricName: 'Sets', Dimensions, StartTime: at(-5), EndTime: at(0) };
    const points = async (statistics: object) => {
      const command = new GetMetricStatisticsCommand({ ...input, Period: 60, ...statistics });
      return (await clients.cloudwatch.send(command)).Datapoints;
    };
    expect(await points({ ExtendedStatistics: ['p50'] })).toEqual([]);
    expect(await points({ Statistics: ['Average'] })).toEqual([
      { Timestamp: at(-3), Average: 2.5, Unit: 'None' },
    ]);
    const { MetricDataResults } = await getData({ MetricDataQueries: [stat('p', 'Sets', 'p50')] });
    expect(MetricDataResults).toMatchObject([{ Values: [], StatusCode: 'Complete' }]);
  });

  it('are refused as on AWS', async () => {
    const error = await failure(
      getData({ MetricDataQueries: [{ Id: 'e1', Expression: 'nothing * 2' }] }),
    );
    expect(error).toMatchObject({
      status: 400,
      message: "Error in expression 'e1': Unknown Id nothing.",
      error: { Code: 'ValidationError' },
    });
  });
});
