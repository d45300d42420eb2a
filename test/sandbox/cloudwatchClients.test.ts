import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  AwsJson1_0Protocol,
  AwsQueryProtocol,
  AwsSmithyRpcV2CborProtocol,
} from '@aws-sdk/core/protocols';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aws, boto3Installed, cliInstalled, python } from './pythonClients.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(async () => {
  expect(test.log).toEqual([]);
  await test.close();
});

const PROTOCOLS = [
  ['json', AwsJson1_0Protocol, 'application/x-amz-json-1.0'],
  ['cbor', AwsSmithyRpcV2CborProtocol, 'application/cbor'],
  ['query', AwsQueryProtocol, 'text/xml'],
] as const;

describe.each(PROTOCOLS)('the SDK for JavaScript over %s', (name, protocol, contentType) => {
  const Namespace = `Sdk-${name}`;
  const metric = {
    Namespace,
    MetricName: 'Size & <"Mass">',
    Dimensions: [{ Name: 'a', Value: 'b' }],
  };
  const { MetricName, Dimensions } = metric;
  let client: CloudWatchClient;
  let answered: (string | undefined)[];
  beforeAll(() => {
    const { endpoint, region, accessKeyId, secretAccessKey } = test.sandbox;
    client = new CloudWatchClient({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
      protocol,
      // Its CBOR protocol announces the length before compression, so that no server can read it.
      disableRequestCompression: name === 'cbor',
    });
    answered = [];
    client.middlewareStack.add(
      next => async args => {
        const result = await next(args);
        const { headers } = result.response as { headers: Record<string, string> };
        answered.push(headers['content-type']);
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
  });

  it('puts values, sets and many, and reads them', async () => {
    const Timestamp = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
    const times = { StartTime: Timestamp, EndTime: new Date(Timestamp.getTime() + 60_000) };
    const one = { MetricName, Dimensions, Timestamp, Unit: 'Milliseconds' } as const;
    const set = { SampleCount: 2, Sum: 10.5, Minimum: -1.5, Maximum: 12 };
    const many = Array.from({ length: 400 }, (_, Value) => ({ ...one, MetricName: 'many', Value }));
    for (const MetricData of [
      [{ ...one, Values: [0.5, 7], Counts: [1, 3] }],
      [{ ...one, StatisticValues: set }],
      many,
    ]) {
      await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
    }
    const { Datapoints, Label } = await client.send(
      new GetMetricStatisticsCommand({
        ...metric,
        ...times,
        Period: 60,
        Statistics: ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'],
      }),
    );
    expect({ Datapoints, Label }).toEqual({
      Label: MetricName,
      Datapoints: [
        {
          Timestamp,
          SampleCount: 6,
          Sum: 32,
          Minimum: -1.5,
          Maximum: 12,
          Average: 32 / 6,
          Unit: 'Milliseconds',
        },
      ],
    });
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...times,
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: { Metric: { ...metric, MetricName: 'many' }, Period: 60, Stat: 'p90' },
          },
          { Id: 'e', Expression: 'm / 2', Label: 'half' },
        ],
      }),
    );
    const shown = { Timestamps: [Timestamp], StatusCode: 'Complete' };
    expect(MetricDataResults).toEqual([
      { Id: 'm', Label: 'many', Values: [359], ...shown },
      { Id: 'e', Label: 'half', Values: [179.5], ...shown },
    ]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace, MetricName }));
    expect(Metrics).toEqual([metric]);
    expect(new Set(answered.slice(3))).toEqual(new Set([contentType]));
  });

  it('hears errors with the codes of both eras', async () => {
    for (const empty of [{ Namespace: '' }, { MetricName: '' }]) {
      expect((await failure(client.send(new ListMetricsCommand(empty)))).status).toBe(400);
    }
    const invalid = await failure(client.send(new ListMetricsCommand({ NextToken: 'none' })));
    expect(invalid).toMatchObject({
      name: 'InvalidParameterValueException',
      status: 400,
      error: { Code: 'InvalidParameterValue', $fault: 'client' },
    });
    const refused = await failure(client.send(new DescribeAlarmsCommand({})));
    expect(refused).toMatchObject({
      name: 'NotImplemented',
      status: 501,
      message: 'The sandbox does not implement DescribeAlarms.',
    });
    client.config.credentials = () =>
      Promise.resolve({ accessKeyId: test.sandbox.accessKeyId, secretAccessKey: 'wrong' });
    const unsigned = await failure(client.send(new ListMetricsCommand({})));
    expect(unsigned).toMatchObject({ error: { Code: 'SignatureDoesNotMatch' } });
  });
});

const SCRIPT = `
import datetime
import botocore.model
if PROTOCOL: botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = (PROTOCOL,)
import boto3, botocore.exceptions
client = boto3.client('cloudwatch')
kinds = set()
client.meta.events.register('before-send.*', lambda request, **_: kinds.add(request.headers['Content-Type']))
now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - datetime.timedelta(minutes=2)
times = dict(StartTime=now, EndTime=now + datetime.timedelta(minutes=1))
data = [dict(MetricName='m', Timestamp=now, Value=float(value)) for value in range(1, 301)]
client.put_metric_data(Namespace=NAMESPACE, MetricData=data)
metric = dict(Namespace=NAMESPACE, MetricName='m')
queries = [dict(Id='m', MetricStat=dict(Metric=metric, Period=60, Stat='p95')), dict(Id='e', Expression='m - 0.5')]
results = client.get_metric_data(MetricDataQueries=queries, **times)['MetricDataResults']
assert [r['Values'] for r in results] == [[285], [284.5]], results
assert results[0]['Timestamps'] == [now], results
points = client.get_metric_statistics(Period=60, ExtendedStatistics=['p50'], **metric, **times)['Datapoints']
assert points == [dict(Timestamp=now, Unit='None', ExtendedStatistics=dict(p50=150))], points
pages = client.get_paginator('list_metrics').paginate(Namespace=NAMESPACE)
assert [m['MetricName'] for page in pages for m in page['Metrics']] == ['m']
try: client.get_metric_data(MetricDataQueries=[dict(Id='e', Expression='(')], **times)
except botocore.exceptions.ClientError as error: code = error.response['Error']['Code']
try: client.list_metrics(NextToken='none')
except client.exceptions.InvalidParameterValueException as error: code += ' ' + error.response['Error']['Code']
print(code, *[str(kind).replace("b'", '').replace("'", '') for kind in kinds])
`;

describe.skipIf(!boto3Installed)('boto3 (where it is installed)', () => {
  it.each([
    ['', 'application/x-amz-json-1.0'],
    ['json', 'application/x-amz-json-1.0'],
    ['smithy-rpc-v2-cbor', 'application/cbor'],
    ['query', 'application/x-www-form-urlencoded; charset=utf-8'],
  ])('puts and reads metrics, protocol %j', async (protocol, contentType) => {
    const names = `PROTOCOL = '${protocol}'\nNAMESPACE = 'Boto-${protocol}'\n`;
    const output = await python(test.sandbox, names + SCRIPT);
    // What a boto3 prefers by itself changes with its release.
    const kinds = protocol === '' ? /\S+/ : new RegExp(contentType.replaceAll('.', '\\.'));
    expect(output).toMatch(/^ValidationError InvalidParameterValue /);
    expect(output).toMatch(kinds);
  });
});

const LONG_LINES = `
import boto3, time
logs = boto3.client('logs')
names = dict(logGroupName='long', logStreamName='s')
logs.create_log_group(logGroupName='long')
logs.create_log_stream(**names)
now = int(time.time() * 1000)
logs.put_log_events(**names, logEvents=[dict(timestamp=now, message='é' * 250000), dict(timestamp=now, message='end')])
pages = logs.get_paginator('filter_log_events').paginate(logGroupName='long', PaginationConfig=dict(PageSize=1))
print([len(event['message']) for page in pages for event in page['events']])
`;

const SHAPES = `
import boto3, botocore.exceptions, botocore.model, datetime, json, time
botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = ('json',)
WRONG, SEEN = [], set()
KINDS = dict(string=str, boolean=bool, integer=int, long=int, double=(int, float), timestamp=(int, float))
def check(shape, value, path):
    kind = shape.type_name
    if kind == 'structure':
        if not isinstance(value, dict): return WRONG.append(path)
        for name in value:
            if name in shape.members: check(shape.members[name], value[name], path + '.' + name)
            else: WRONG.append(path + '.' + name)
        WRONG.extend(path + '.' + name for name in shape.required_members if name not in value)
    elif kind == 'list':
        if not isinstance(value, list): return WRONG.append(path)
        for each in value: check(shape.member, each, path + '[]')
    elif kind == 'map':
        for each in value.values(): check(shape.value, each, path + '{}')
    elif not isinstance(value, KINDS[kind]) or (getattr(shape, 'enum', None) and value not in shape.enum):
        WRONG.append('%s %r' % (path, value))
def look(operation_model, response_dict, **_):
    SEEN.add(operation_model.name)
    body = response_dict['body']
    if response_dict['status_code'] == 200 and operation_model.output_shape and body:
        check(operation_model.output_shape, json.loads(body), operation_model.name)
cloudwatch, logs = boto3.client('cloudwatch'), boto3.client('logs')
for client in (cloudwatch, logs): client.meta.events.register('before-parse', look)
now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - datetime.timedelta(minutes=3)
times = dict(StartTime=now, EndTime=now + datetime.timedelta(minutes=3))
metric = dict(Namespace='Shapes', MetricName='m', Dimensions=[dict(Name='a', Value='b')])
data = [dict(MetricName='m', Dimensions=metric['Dimensions'], Timestamp=now + datetime.timedelta(minutes=i), Value=i + 0.5) for i in range(3)]
cloudwatch.put_metric_data(Namespace='Shapes', MetricData=data)
cloudwatch.list_metrics(Namespace='Shapes')
statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']
cloudwatch.get_metric_statistics(Period=60, Statistics=statistics, **metric, **times)
cloudwatch.get_metric_statistics(Period=60, ExtendedStatistics=['p50', 'p99.9'], **metric, **times)
queries = [dict(Id='m', MetricStat=dict(Metric=metric, Period=60, Stat='p95'))]
pages = list(cloudwatch.get_paginator('get_metric_data').paginate(MetricDataQueries=queries, PaginationConfig=dict(PageSize=1), **times))
assert [value for page in pages for value in page['MetricDataResults'][0]['Values']] == [2.5, 1.5, 0.5], pages
group, at = dict(logGroupName='/shapes'), int(time.time() * 1000)
logs.create_log_group(**group)
logs.put_retention_policy(retentionInDays=7, **group)
for stream in ('a', 'b'):
    logs.create_log_stream(logStreamName=stream, **group)
    events = [dict(timestamp=at + i, message='%s %d' % (stream, i)) for i in range(3)]
    logs.put_log_events(logStreamName=stream, logEvents=events, **group)
logs.put_log_events(logStreamName='a', logEvents=[dict(timestamp=at - 15 * 86400000, message='old')], **group)
def pages(operation, member, **given):
    found = logs.get_paginator(operation).paginate(PaginationConfig=dict(PageSize=1), **given)
    return [each for page in found for each in page[member]]
assert len(pages('describe_log_groups', 'logGroups', logGroupNamePrefix='/shapes')) == 1
assert [s['logStreamName'] for s in pages('describe_log_streams', 'logStreams', **group)] == ['a', 'b']
found = pages('filter_log_events', 'events', filterPattern='?"a 1" ?"b 2"', **group)
assert [e['message'] for e in found] == ['a 1', 'b 2'], found
page = logs.get_log_events(logStreamName='a', startFromHead=True, limit=2, **group)
page = logs.get_log_events(logStreamName='a', nextToken=page['nextForwardToken'], **group)
assert [e['message'] for e in page['events']] == ['a 2'], page
try: logs.get_log_events(logStreamName='c', **group)
except logs.exceptions.ResourceNotFoundException: pass
try: logs.filter_log_events(filterPattern='(', **group)
except logs.exceptions.InvalidParameterException: pass
try: cloudwatch.put_metric_data(Namespace='Shapes', MetricData=[dict(MetricName='m')])
except cloudwatch.exceptions.MissingRequiredParameterException: pass
try: cloudwatch.get_metric_data(MetricDataQueries=queries, NextToken='x', **times)
except cloudwatch.exceptions.InvalidNextToken: pass
assert not WRONG, WRONG
print(len(SEEN))
`;

it.skipIf(!boto3Installed)(
  "answers have no member that is not in boto3's models, none of another type, and none too few",
  async () => {
    expect(await python(test.sandbox, SHAPES)).toBe('12\n');
  },
);

it.skipIf(!boto3Installed)(
  'boto3 writes a batch whose JSON is longer than a megabyte',
  async () => {
    expect(await python(test.sandbox, LONG_LINES)).toBe('[250000, 3]\n');
  },
);

describe.skipIf(!cliInstalled)('the aws CLI (where it is installed)', { timeout: 120_000 }, () => {
  it('puts and reads metrics', async () => {
    const { sandbox } = test;
    const metric = ['--namespace', 'Cli', '--metric-name', 'm'];
    const time = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000).toISOString();
    const put = ['--value', '2.5', '--unit', 'Count', '--dimensions', 'F=g', '--timestamp', time];
    await aws(sandbox, 'cloudwatch', 'put-metric-data', ...metric, ...put);
    const Metric = { Namespace: 'Cli', MetricName: 'm', Dimensions: [{ Name: 'F', Value: 'g' }] };
    const queries = JSON.stringify([
      { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } },
      { Id: 'e', Expression: 'FILL(m, 0) * 2' },
    ]);
    const range = ['--start-time', time, '--end-time', new Date().toISOString()];
    const ascending = ['--scan-by', 'TimestampAscending'];
    const data = ['--metric-data-queries', queries, ...range, ...ascending];
    const [answer] = await Promise.all([
      aws(sandbox, 'cloudwatch', 'get-metric-data', ...data),
      expect(
        aws(sandbox, 'cloudwatch', 'list-metrics', '--starting-token', 'none'),
      ).rejects.toThrow(/InvalidParameterValue|[Tt]oken/),
    ]);
    expect(answer).toMatchObject({
      MetricDataResults: [
        { Id: 'm', Label: 'm', Values: [2.5], StatusCode: 'Complete' },
        { Id: 'e', Label: 'e', Values: [5, 0], StatusCode: 'Complete' },
      ],
    });
  });

  it('writes and finds log lines', async () => {
    const { sandbox } = test;
    const stream = '2026/01/01/[$LATEST]0';
    sandbox.services.logs.append({ group: '/cli/group', stream, events: [] });
    const names = ['--log-group-name', '/cli/group', '--log-stream-name', stream];
    const message = 'ERROR: "quoted", é😀';
    const events = JSON.stringify([{ timestamp: Date.now(), message }]);
    await aws(sandbox, 'logs', 'put-log-events', ...names, '--log-events', events);
    const group = names.slice(0, 2);
    const filter = ['--filter-pattern', '"ERROR:" -WARN'];
    const [found] = await Promise.all([
      aws(sandbox, 'logs', 'filter-log-events', ...group, ...filter),
      expect(aws(sandbox, 'logs', 'filter-log-events', '--log-group-name', 'none')).rejects.toThrow(
        /ResourceNotFoundException/,
      ),
    ]);
    expect(found).toMatchObject({ events: [{ message, logStreamName: stream }] });
  });
});
