import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { successRate } from '../../src/aws/metrics/successRate.ts';
import { observationClients } from './observedSandbox.ts';
import { boto3Installed, python } from './pythonClients.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

const MINUTES = 24;
/** A whole hour, so that all periods of the tests begin at their multiples. */
const BASE = Math.floor(Date.now() / 3_600_000) * 3600 - 3600;
const dimensions = { FunctionName: 'resize' };
const Dimensions = [{ Name: 'FunctionName', Value: 'resize' }];

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

interface Observation {
  readonly minute: number;
  readonly value: number;
}

function put(namespace: string, metricName: string, observations: readonly Observation[]): void {
  test.sandbox.services.metrics.put(
    observations.map(({ minute, value }) => ({
      namespace,
      metricName,
      dimensions,
      timestamp: new Date((BASE + minute * 60) * 1000),
      value,
    })),
  );
}

/** Times in seconds with their values, by Id. */
async function read(
  MetricDataQueries: MetricDataQuery[],
): Promise<ReadonlyMap<string, readonly (readonly [number, number])[]>> {
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(BASE * 1000),
      EndTime: new Date((BASE + MINUTES * 60) * 1000),
      ScanBy: 'TimestampAscending',
    }),
  );
  return new Map(
    MetricDataResults.map(({ Id = '', Timestamps = [], Values = [] }) => [
      Id,
      Timestamps.map((time, index) => [time.getTime() / 1000, Values[index] ?? Number.NaN]),
    ]),
  );
}

const query = (
  Id: string,
  Namespace: string,
  MetricName: string,
  Stat: string,
  Period = 60,
): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Stat, Period },
});

/** What each statistic is of all values of a period, by its definition and without any shortcut. */
const DEFINITIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SampleCount: values => values.length,
  Sum: values => values.reduce((sum, value) => sum + value, 0),
  Average: values => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: values => Math.min(...values),
  Maximum: values => Math.max(...values),
  p0: values => Math.min(...values),
  p50: values => nearestRank(values, 500),
  'p95.5': values => nearestRank(values, 955),
  p100: values => Math.max(...values),
};

/** The least value that this many thousandths of all values do not exceed. */
function nearestRank(values: readonly number[], thousandths: number): number {
  const share = (candidate: number): number =>
    values.filter(value => value <= candidate).length * 1000;
  return Math.min(...values.filter(value => share(value) >= thousandths * values.length));
}

let run = 0;
const observations = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: MINUTES - 1 }),
    value: fc.integer({ min: 0, max: 20 }),
  }),
  { maxLength: 150 },
);

it('statistics of any period are those of all its observations', async () => {
  await fc.assert(
    fc.asyncProperty(observations, fc.constantFrom(60, 180, 300, 1440), async (all, period) => {
      const namespace = `Statistics-${run++}`;
      put(namespace, 'm', all);
      const names = Object.keys(DEFINITIONS);
      const found = await read(
        names.map((name, i) => query(`m${i}`, namespace, 'm', name, period)),
      );
      names.forEach((name, index) => {
        const expected = Array.from({ length: Math.ceil((MINUTES * 60) / period) }, (_none, at) => {
          const ofPeriod = all.filter(({ minute }) => Math.floor((minute * 60) / period) === at);
          return [BASE + at * period, ofPeriod.map(({ value }) => value)] as const;
        })
          .filter(([, values]) => values.length > 0)
          .map(([time, values]) => [time, DEFINITIONS[name]?.(values)]);
        expect(found.get(`m${index}`), name).toEqual(expected);
      });
    }),
    { numRuns: 40 },
  );
});

describe("the graph of Lambda's console", () => {
  const counts = fc.uniqueArray(
    fc.record({
      minute: fc.integer({ min: 0, max: MINUTES - 1 }),
      invocations: fc.integer({ min: 0, max: 9 }),
      errors: fc.integer({ min: 0, max: 9 }),
    }),
    { selector: ({ minute }) => minute },
  );

  it('has the success rate that the panel computes of the same metrics', async () => {
    await fc.assert(
      fc.asyncProperty(counts, async all => {
        const namespace = `Console-${run++}`;
        put(
          namespace,
          'Invocations',
          all.map(({ minute, invocations }) => ({ minute, value: invocations })),
        );
        put(
          namespace,
          'Errors',
          all.map(({ minute, errors }) => ({ minute, value: errors })),
        );
        const found = await read([
          query('errors', namespace, 'Errors', 'Sum'),
          query('invocations', namespace, 'Invocations', 'Sum'),
          { Id: 'availability', Expression: '100 - 100 * errors / MAX([errors, invocations])' },
        ]);
        const seriesOf = (id: string) => ({
          times: (found.get(id) ?? []).map(([time]) => time),
          values: (found.get(id) ?? []).map(([, value]) => value),
        });
        expect(seriesOf('availability')).toEqual(
          successRate(seriesOf('invocations'), seriesOf('errors')),
        );
      }),
      { numRuns: 40 },
    );
  });
});

const NUMPY = `
import boto3, datetime, numpy, random
random.seed(7)
client = boto3.client('cloudwatch')
now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - datetime.timedelta(minutes=2)
for size in (1, 2, 7, 100, 999):
    name = 'm%d' % size
    values = [random.choice([random.expovariate(0.01), float(random.randrange(5))]) for _ in range(size)]
    for at in range(0, size, 150):
        client.put_metric_data(Namespace='NumPy', MetricData=[dict(MetricName=name, Timestamp=now, Values=values[at:at + 150])])
    percentiles = [0, 0.1, 5, 25, 50, 90, 95, 99, 99.9, 100]
    points = client.get_metric_statistics(Namespace='NumPy', MetricName=name, Period=60, StartTime=now,
        EndTime=now + datetime.timedelta(minutes=1), ExtendedStatistics=['p%s' % p for p in percentiles])['Datapoints']
    found = [points[0]['ExtendedStatistics']['p%s' % p] for p in percentiles]
    wanted = list(numpy.percentile(values, percentiles, method='inverted_cdf'))
    assert found == wanted, (size, found, wanted)
print('same')
`;

it.skipIf(!boto3Installed)(
  "percentiles are NumPy's of the inverted distribution function (where boto3 and NumPy are installed)",
  async context => {
    try {
      await python(test.sandbox, 'import numpy');
    } catch {
      context.skip('NumPy is not installed');
    }
    expect(await python(test.sandbox, NUMPY)).toBe('same\n');
  },
);
