import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type {
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  ListMetricsCommandInput,
  MetricDataQuery,
  MetricDatum,
  MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rolePrincipal } from '../../src/sandbox/principal.ts';
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

const Metric = { Namespace: 'AWS/Lambda', MetricName: 'Duration' };
const query: MetricDataQuery = { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
const times = { StartTime: new Date(NOW - DAY), EndTime: new Date(NOW) };

/** The code and the message that a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<readonly [string, string]> {
  const { error, message } = await failure(call);
  return [(error as { Code?: string }).Code ?? error.name, message];
}

const getData = (input: Partial<GetMetricDataCommandInput>) =>
  cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries: [query], ...times, ...input }));

describe('GetMetricData refuses', () => {
  const stat = (changes: object): MetricDataQuery[] => [
    { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum', ...changes } },
  ];
  const expression = (text: string): MetricDataQuery[] => [query, { Id: 'e', Expression: text }];
  it.each<[string, Partial<GetMetricDataCommandInput>, string | RegExp]>([
    ['an end before the start', { EndTime: new Date(0) }, /EndTime must be greater/],
    ['no time between', { EndTime: times.StartTime }, /must not equal/],
    ['no query', { MetricDataQueries: [] }, /MetricDataQueries is required/],
    [
      '501 queries',
      { MetricDataQueries: Array<MetricDataQuery>(501).fill(query) },
      'The collection MetricDataQueries must not have a size greater than 500.',
    ],
    ['an Id twice', { MetricDataQueries: [query, query] }, /id .* are not unique/],
    ['an Id with a capital', { MetricDataQueries: [{ ...query, Id: 'M' }] }, /\^\[a-z\]/],
    ['neither form', { MetricDataQueries: [{ Id: 'm' }] }, /member\.1\.MetricStat is required/],
    [
      'both forms',
      { MetricDataQueries: [{ ...query, Expression: 'm' }] },
      /mutually exclusive and you have specified both/,
    ],
    ['another statistic', { MetricDataQueries: stat({ Stat: 'Median' }) }, /not a valid statistic/],
    ['another period', { MetricDataQueries: stat({ Period: 90 }) }, /90 .*multiple of 60/],
    [
      'another unit',
      { MetricDataQueries: stat({ Unit: 'Meters' }) },
      /Unit must be a value in the set \[Seconds, /,
    ],
    ['101,000 points', { MaxDatapoints: 101_000 }, /between 1 and 100800/],
    ['another order', { ScanBy: 'Random' as 'TimestampAscending' }, /ScanBy/],
    ['another time zone', { LabelOptions: { Timezone: 'CET' } }, /Timezone/],
    ['a broken expression', { MetricDataQueries: expression('m +') }, /^Error in expression 'e': /],
    ['a scalar', { MetricDataQueries: expression('SUM(m)') }, /must be a time series or an array/],
    ['a circle', { MetricDataQueries: expression('e + 1') }, /depends on itself/],
    ['a long expression', { MetricDataQueries: expression(' '.repeat(2049)) }, /2048/],
  ])('%s', async (_what, input, message) => {
    const [code, text] = await refusal(getData(input));
    expect(code).toBe('ValidationError');
    expect(text).toMatch(message);
  });

  it('a token of another request', async () => {
    const first = await getData({ MaxDatapoints: 1 });
    expect(first.NextToken).toBeUndefined();
    expect((await refusal(getData({ NextToken: 'x' })))[0]).toBe('InvalidNextToken');
  });

  it.each<[string, MetricDataQuery]>([
    ['a Metrics Insights query', { Id: 'e', Expression: 'SELECT AVG(Duration) FROM "AWS/Lambda"' }],
    ['a dynamic label', { ...query, Label: '${MAX}' }],
    ['a trimmed mean', { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'tm90' } }],
    ['SEARCH', { Id: 'e', Expression: "SEARCH('x', 'Sum')" }],
    ['another account', { ...query, AccountId: '210987654321' }],
  ])('%s with 501', async (_what, refused) => {
    const error = await failure(getData({ MetricDataQueries: [refused] }));
    expect(error).toMatchObject({ name: 'NotImplemented', status: 501 });
  });
});

describe('GetMetricStatistics refuses', () => {
  const base: GetMetricStatisticsCommandInput = {
    ...Metric,
    ...times,
    Period: 60,
    Statistics: ['Sum'],
  };
  const wide = { StartTime: new Date(NOW - DAY - MINUTE) };
  it.each<[string, object, string, RegExp]>([
    [
      'more than 1,440 points',
      wide,
      'InvalidParameterCombination',
      /up to 1441 datapoints, which exceeds the limit of 1440\. You may reduce/,
    ],
    ['no statistic', { Statistics: undefined }, 'InvalidParameterCombination', /either/],
    ['both kinds', { ExtendedStatistics: ['p50'] }, 'InvalidParameterCombination', /both/],
    [
      'another',
      { Statistics: ['Sum', 'sum'] },
      'InvalidParameterValue',
      /^The parameter Statistics\.member\.2 must be a value in the set \[SampleCount, /,
    ],
    ['a start after the end', { StartTime: new Date() }, 'InvalidParameterValue', /less than/],
    ['no time between', { EndTime: times.StartTime }, 'InvalidParameterValue', /less than/],
    [
      'six statistics',
      { Statistics: Array<string>(6).fill('Sum') },
      'InvalidParameterValue',
      /size greater than 5/,
    ],
    [
      'a simple statistic as an extended one',
      { Statistics: undefined, ExtendedStatistics: ['Sum'] },
      'InvalidParameterValue',
      /The value Sum for parameter ExtendedStatistics/,
    ],
    ['another period', { Period: 0 }, 'InvalidParameterValue', /Period/],
    ['no metric', { MetricName: '' }, 'MissingParameter', /MetricName is required/],
    [
      'a bad dimension',
      { Dimensions: [{ Name: ':a', Value: 'b' }] },
      'InvalidParameterValue',
      /:a/,
    ],
  ])('%s', async (_what, input, code, message) => {
    const call = cloudwatch.send(new GetMetricStatisticsCommand({ ...base, ...input }));
    const [refused, text] = await refusal(call);
    expect(refused).toBe(code);
    expect(text).toMatch(message);
  });
});

describe('PutMetricData refuses', () => {
  const put = (datum: Partial<MetricDatum>, Namespace = 'Own') =>
    cloudwatch.send(
      new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', ...datum }] }),
    );
  const set = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 };
  it.each<[string, Partial<MetricDatum>, string]>([
    ['no value', {}, 'MissingParameter'],
    ['two forms', { Value: 1, StatisticValues: set }, 'InvalidParameterCombination'],
    ['NaN', { Value: Number.NaN }, 'InvalidParameterValue'],
    ['what is too large', { Value: 2 ** 361 }, 'InvalidParameterValue'],
    ['151 values', { Values: Array<number>(151).fill(1) }, 'InvalidParameterValue'],
    ['other counts', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValue'],
    ['a count of nothing', { Values: [1], Counts: [0] }, 'InvalidParameterValue'],
    ['15 days ago', { Value: 1, Timestamp: new Date(NOW - 15 * DAY) }, 'InvalidParameterValue'],
    ['tomorrow', { Value: 1, Timestamp: new Date(NOW + DAY) }, 'InvalidParameterValue'],
    ['an odd set', { StatisticValues: { ...set, Minimum: 2 } }, 'InvalidParameterValue'],
    ['a resolution', { Value: 1, StorageResolution: 30 }, 'InvalidParameterValue'],
    ['another unit', { Value: 1, Unit: 'Meters' as 'Count' }, 'InvalidParameterValue'],
    [
      '31 dimensions',
      {
        Value: 1,
        Dimensions: Array.from({ length: 31 }, (_none, i) => ({ Name: `d${i}`, Value: 'v' })),
      },
      'InvalidParameterValue',
    ],
  ])('%s, and keeps nothing', async (_what, datum, code) => {
    const good = { MetricName: 'good', Value: 1 };
    const call = cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'Own',
        MetricData: [good, { MetricName: 'm', ...datum }],
      }),
    );
    expect((await refusal(call))[0]).toBe(code);
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Own' }));
    expect(Metrics).toEqual([]);
  });

  it.each<[string, object, string | RegExp]>([
    [
      'a name of other than ASCII',
      { MetricName: 'Größe' },
      'The value for parameter MetricData.member.1.MetricName contains non-ASCII characters.',
    ],
    ['a name with a NUL', { MetricName: 'a\0b' }, /MetricName contains non-ASCII/],
    ['a name of spaces', { MetricName: '  ' }, /MetricName is invalid/],
    ['a long name', { MetricName: 'm'.repeat(256) }, /MetricName must be shorter than 256/],
    [
      'a long dimension',
      { Dimensions: [{ Name: 'd', Value: 'v'.repeat(1025) }] },
      'The parameter MetricData.member.1.Dimensions.member.1.Value must be shorter than 1025 characters.',
    ],
    [
      'a line end in a dimension',
      { Dimensions: [{ Name: 'd', Value: 'v\n' }] },
      /Dimensions\.member\.1\.Value contains non-ASCII/,
    ],
    [
      'a dimension twice',
      {
        Dimensions: [
          { Name: 'd', Value: 'v' },
          { Name: 'd', Value: 'w' },
        ],
      },
      'No metric may specify the same dimension name twice.',
    ],
    [
      'a time long ago',
      { Timestamp: new Date(NOW - 15 * DAY) },
      'The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.',
    ],
    [
      'a time far ahead',
      { Timestamp: new Date(NOW + DAY) },
      'The parameter MetricData.member.1.Timestamp must specify a time no more than two hours in the future.',
    ],
  ])('%s, in the words of AWS', async (_what, datum, message) => {
    const [code, text] = await refusal(put({ Value: 1, ...datum }));
    expect(code).toBe('InvalidParameterValue');
    expect(text).toMatch(message);
  });

  it('namespaces that are no printable ASCII', async () => {
    for (const namespace of ['N\0x', 'Größe', 'a\n', '  ', ':a']) {
      expect((await refusal(put({ Value: 1 }, namespace)))[0]).toBe('InvalidParameterValue');
    }
  });

  it("AWS's own namespaces", async () => {
    expect(await refusal(put({ Value: 1 }, 'AWS/Lambda'))).toEqual([
      'InvalidParameterValue',
      'The value AWS/Lambda for parameter Namespace is invalid.',
    ]);
  });

  it('entities with 501', async () => {
    const EntityMetricData = [{ MetricData: [{ MetricName: 'm', Value: 1 }] }];
    const call = cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Own', EntityMetricData }));
    expect(await failure(call)).toMatchObject({ status: 501 });
  });
});

describe('ListMetrics', () => {
  beforeAll(() => {
    const { metrics } = test.sandbox.services;
    const timestamp = new Date(NOW - 60 * MINUTE);
    metrics.put(
      Array.from({ length: 1100 }, (_none, index) => ({
        namespace: 'List',
        metricName: `m${index % 2}`,
        dimensions: { Number: String(index), Side: index < 500 ? 'left' : 'right' },
        timestamp: index < 10 ? new Date(NOW - DAY) : timestamp,
        value: 1,
      })),
    );
  });
  const all = async (input: ListMetricsCommandInput): Promise<number[]> => {
    const sizes: number[] = [];
    let NextToken: string | undefined;
    const seen = new Set<string>();
    do {
      const command = new ListMetricsCommand({ Namespace: 'List', ...input, NextToken });
      const page = await cloudwatch.send(command);
      sizes.push(page.Metrics?.length ?? 0);
      page.Metrics?.forEach(metric => seen.add(JSON.stringify(metric)));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(seen.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
    return sizes;
  };

  it('pages by 500, and filters by name, dimensions and activity', async () => {
    expect(await all({})).toEqual([500, 500, 100]);
    expect(await all({ MetricName: 'm1' })).toEqual([500, 50]);
    expect(await all({ Dimensions: [{ Name: 'Side', Value: 'left' }] })).toEqual([500]);
    expect(await all({ Dimensions: [{ Name: 'Number', Value: '7' }] })).toEqual([1]);
    expect(await all({ Dimensions: [{ Name: 'Side' }], MetricName: 'm0' })).toEqual([500, 50]);
    expect(await all({ Dimensions: [{ Name: 'side' }] })).toEqual([0]);
    expect(await all({ RecentlyActive: 'PT3H' })).toEqual([500, 500, 90]);
  });
});

describe('a role', () => {
  const accountId = '123456789012';
  /** Clients with credentials of a role that may do this. */
  function clientsOf(name: string, statements: readonly object[]) {
    const { iam, credentials } = test.sandbox.services;
    const arn = `arn:aws:iam::${test.sandbox.accountId}:role/${name}`;
    const role = {
      id: `AROA${name.toUpperCase()}`,
      name,
      path: '/',
      arn,
      description: undefined,
      trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      maxSessionDuration: 3600,
      tags: [],
      created: new Date(),
    };
    iam.save(role);
    const document = { Version: '2012-10-17', Statement: statements };
    iam.putInlinePolicy(role, 'p', JSON.stringify(document));
    const session = credentials.createSession(rolePrincipal(role, 's'), 900);
    return observationClients(test.sandbox, session);
  }

  it('reads and puts what its policy allows', async () => {
    const clients = clientsOf('reader', [
      { Effect: 'Allow', Action: ['cloudwatch:GetMetricData'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'Mine' } },
      },
    ]);
    const send = (Namespace: string) =>
      clients.cloudwatch.send(
        new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] }),
      );
    await send('Mine');
    const input = { MetricDataQueries: [query], ...times };
    await clients.cloudwatch.send(new GetMetricDataCommand(input));
    expect(await refusal(send('Yours'))).toEqual([
      'AccessDenied',
      expect.stringContaining('not authorized to perform: cloudwatch:PutMetricData'),
    ]);
    const list = clients.cloudwatch.send(new ListMetricsCommand({}));
    expect(await failure(list)).toMatchObject({ name: 'AccessDenied', status: 400 });
  });

  it('writes the logs of its function only', async () => {
    const { logs } = clientsOf('writer', [
      {
        Effect: 'Allow',
        Action: 'logs:CreateLogGroup',
        Resource: `arn:aws:logs:us-east-1:${accountId}:log-group:/aws/lambda/mine:*`,
      },
    ]);
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/mine' }));
    const other = logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/yours' }));
    expect(await failure(other)).toMatchObject({
      name: 'AccessDeniedException',
      status: 400,
      message: expect.stringContaining(
        `logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:${accountId}:log-group:/aws/lambda/yours:log-stream:`,
      ) as string,
    });
    const describing = logs.send(new DescribeLogGroupsCommand({}));
    expect(await failure(describing)).toMatchObject({ name: 'AccessDeniedException' });
  });
});

// Recorded from AWS: LocalStack's tests/aws/services/cloudwatch, test_label_generation.
describe('labels that AWS makes', () => {
  const labels = async (asked: readonly Partial<MetricStat>[]) => {
    const MetricDataQueries = asked.map((stat, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: 60, Stat: 'Sum', ...stat },
    }));
    const command = new GetMetricDataCommand({ ...times, MetricDataQueries });
    const { MetricDataResults } = await cloudwatch.send(command);
    return MetricDataResults?.map(({ Label }) => Label);
  };
  const other = { ...Metric, MetricName: 'Errors' };
  const of = (Value: string) => ({ ...Metric, Dimensions: [{ Name: 'FunctionName', Value }] });
  it.each<[string, Partial<MetricStat>[], string[]]>([
    ['nothing', [{}, {}], ['Duration', 'Duration']],
    ['units', [{ Unit: 'Seconds' }, { Unit: 'Count' }], ['Duration', 'Duration']],
    ['statistics', [{}, { Stat: 'Minimum' }], ['Duration Sum', 'Duration Minimum']],
    ['periods', [{}, { Period: 30 }], ['Duration 60', 'Duration 30']],
    ['both', [{}, { Stat: 'Minimum', Period: 30 }], ['Duration Sum 60', 'Duration Minimum 30']],
    ['names', [{}, { Metric: other }], ['Duration', 'Errors']],
    ['dimensions', [{ Metric: of('a') }, { Metric: of('b') }], ['a Duration', 'b Duration']],
  ])('tell apart what differs in %s', async (_what, asked, expected) => {
    expect(await labels(asked)).toEqual(expected);
  });
});

it('records values and statistics of one datum, as AWS takes them together', async () => {
  const StatisticValues = { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 };
  const datum = { MetricName: 'both', Timestamp: new Date(NOW - MINUTE), Values: [1, 20] };
  const MetricData = [{ ...datum, StatisticValues }];
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Own', MetricData }));
  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      ...{ Namespace: 'Own', MetricName: 'both', ...times, Period: 3600 },
      Statistics: ['SampleCount', 'Sum', 'Maximum'],
    }),
  );
  expect(Datapoints).toMatchObject([{ SampleCount: 12, Sum: 76, Maximum: 20 }]);
});
