import { GetMetricDataCommand, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observationClients } from './observedSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A whole hour, at most one ago. */
const NOW = Math.floor(Date.now() / (60 * MINUTE)) * 60 * MINUTE;

let test: TestSandbox;
let cloudwatch: ReturnType<typeof observationClients>['cloudwatch'];
beforeAll(async () => {
  test = await startTestSandbox();
  ({ cloudwatch } = observationClients(test.sandbox));
});
afterAll(async () => {
  expect(test.log).toEqual([]);
  await test.close();
});

const getData = (input: Partial<GetMetricDataCommandInput>) =>
  cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [],
      StartTime: new Date(NOW - DAY),
      EndTime: new Date(NOW),
      ...input,
    }),
  );

describe('fourteen days of six metrics at one minute', () => {
  const names = ['Invocations', 'Errors', 'Duration', 'Throttles', 'Age', 'Concurrency'];
  const MINUTES = 14 * 24 * 60;
  const dimensions = { FunctionName: 'resize' };
  const Dimensions = [{ Name: 'FunctionName', Value: 'resize' }];
  beforeAll(() => {
    const { metrics, store } = test.sandbox.services;
    store.transaction(() => {
      for (const metricName of names) {
        metrics.put(
          Array.from({ length: MINUTES }, (_none, minute) => ({
            namespace: 'AWS/Lambda',
            metricName,
            dimensions,
            unit: 'Count',
            timestamp: new Date(NOW - (minute + 1) * MINUTE),
            value: minute % 1000,
          })),
        );
      }
    });
  });
  const queries: MetricDataQuery[] = names.map((MetricName, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions },
      Period: 60,
      Stat: index === 2 ? 'p95' : 'Sum',
    },
  }));

  it.each(['TimestampAscending', 'TimestampDescending'] as const)(
    'come whole in two pages, %s',
    async ScanBy => {
      const input: GetMetricDataCommandInput = {
        MetricDataQueries: queries,
        StartTime: new Date(NOW - 14 * DAY),
        EndTime: new Date(NOW),
        ScanBy,
      };
      const found = new Map<string, number[]>();
      const pages: string[][] = [];
      for await (const page of paginateGetMetricData({ client: cloudwatch }, input)) {
        const results = page.MetricDataResults ?? [];
        pages.push(results.map(({ StatusCode }) => StatusCode ?? ''));
        for (const { Id = '', Timestamps = [] } of results) {
          const all = found.get(Id) ?? [];
          all.push(...Timestamps.map(time => time.getTime()));
          found.set(Id, all);
        }
      }
      expect(pages).toEqual([names.map(() => 'PartialData'), names.map(() => 'Complete')]);
      const expected = Array.from({ length: MINUTES }, (_none, i) => NOW - (i + 1) * MINUTE);
      if (ScanBy === 'TimestampAscending') expected.reverse();
      for (const { Id = '' } of queries) expect(found.get(Id)).toEqual(expected);
    },
  );

  it('are refused for more metrics than the sandbox can read at once', async () => {
    const MetricDataQueries = Array.from({ length: 200 }, (_none, index) => ({
      ...queries[0],
      Id: `m${index}`,
    }));
    const input = { MetricDataQueries, StartTime: new Date(NOW - 14 * DAY) };
    expect(await failure(getData(input))).toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
    });
  });

  it('are summed up by longer periods', async () => {
    const hour = { ...queries[0], MetricStat: { ...queries[0]!.MetricStat!, Period: 3600 } };
    const { MetricDataResults } = await getData({
      MetricDataQueries: [{ ...hour, Id: 'h' }],
      StartTime: new Date(NOW - 14 * DAY),
    });
    const values = MetricDataResults?.[0]?.Values ?? [];
    expect(values).toHaveLength(14 * 24);
    const total = Array.from({ length: MINUTES }, (_none, minute) => minute % 1000);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(
      total.reduce((sum, value) => sum + value, 0),
    );
  });
});

it('the pages of one answer fit together, whatever is put meanwhile', async () => {
  const paged = { namespace: 'Paged', metricName: 'm', dimensions: {} };
  const put = (minutesAgo: number, value: number): void =>
    test.sandbox.services.metrics.put([
      { ...paged, timestamp: new Date(NOW - minutesAgo * MINUTE), value },
    ]);
  put(3, 1);
  put(2, 2);
  put(1, 3);
  const Metric = { Namespace: 'Paged', MetricName: 'm' };
  const page = async (input: Partial<GetMetricDataCommandInput>) => {
    const { MetricDataResults, NextToken } = await getData({
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
      ScanBy: 'TimestampAscending',
      ...input,
    });
    return { values: MetricDataResults?.[0]?.Values, NextToken };
  };
  const { values, NextToken } = await page({ MaxDatapoints: 2 });
  expect(values).toEqual([1, 2]);
  put(1, 10);
  expect(await page({ MaxDatapoints: 2, NextToken })).toEqual({ values: [3] });
  expect((await page({})).values).toEqual([1, 2, 13]);
});

it('an answer with expressions has no further page', async () => {
  const { metrics } = test.sandbox.services;
  const metric = { namespace: 'Cut', metricName: 'm', dimensions: {} };
  metrics.put(
    [3, 2, 1].map(age => ({ ...metric, timestamp: new Date(NOW - age * MINUTE), value: age })),
  );
  const Metric = { Namespace: 'Cut', MetricName: 'm' };
  const answer = await getData({
    MetricDataQueries: [
      { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
      { Id: 'e', Expression: 'm * 2' },
    ],
    MaxDatapoints: 2,
  });
  expect(answer.NextToken).toBeUndefined();
  expect(answer.MetricDataResults).toMatchObject([{ StatusCode: 'PartialData', Values: [2, 4] }]);
});
