import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawResponse } from './signedRequest.ts';
import { sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(async () => {
  expect(test.log).toEqual([]);
  await test.close();
});

const TARGETS = { monitoring: 'GraniteServiceVersion20100801', logs: 'Logs_20140328' };

function send(
  service: keyof typeof TARGETS,
  operation: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawResponse> {
  const target = { 'x-amz-target': `${TARGETS[service]}.${operation}` };
  const request = { method: 'POST', body: body as string, headers: { ...target, ...headers } };
  return sendSigned(test.sandbox, request, { service });
}

const typeOf = ({ body }: RawResponse): unknown => (JSON.parse(body) as { __type: unknown }).__type;

describe('requests that no SDK sends', () => {
  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['a text for a number', '{"MetricDataQueries":[],"MaxDatapoints":"5"}'],
    ['a number for a list', '{"MetricDataQueries":5}'],
    ['a list in a list', '{"MetricDataQueries":[[]]}'],
    ['a text for a time', '{"MetricDataQueries":[{"Id":"e","Expression":"m"}],"StartTime":"now"}'],
    [
      'a time that no calendar has',
      '{"MetricDataQueries":[{"Id":"e","Expression":"m"}],"StartTime":1e300}',
    ],
  ])('are refused: %s', async (_what, body) => {
    const answer = await send('monitoring', 'GetMetricData', body);
    expect(answer.status).toBe(400);
    expect(['SerializationException', 'ValidationException']).toContain(typeOf(answer));
  });

  it('do not reach what is no operation', async () => {
    for (const name of ['toString', '__proto__', 'constructor', '']) {
      const answer = await send('logs', name, '{}');
      expect([answer.status, typeOf(answer)]).toEqual([501, 'NotImplemented']);
    }
  });

  it('may name dimensions and groups as objects have members', async () => {
    const dimensions = '[{"Name":"__proto__","Value":"constructor"}]';
    const data = `[{"MetricName":"__proto__","Value":1,"Dimensions":${dimensions}}]`;
    const put = await send('monitoring', 'PutMetricData', `{"Namespace":"x","MetricData":${data}}`);
    expect(put.status).toBe(200);
    const list = await send('monitoring', 'ListMetrics', '{"Namespace":"x"}');
    expect(JSON.parse(list.body)).toEqual({
      Metrics: [
        {
          Namespace: 'x',
          MetricName: '__proto__',
          Dimensions: [{ Name: '__proto__', Value: 'constructor' }],
        },
      ],
    });
  });

  it('are not unpacked without end', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const answer = await send('monitoring', 'PutMetricData', bomb, { 'content-encoding': 'gzip' });
    expect([answer.status, typeOf(answer)]).toEqual([400, 'MaxMessageLengthExceeded']);
    const broken = await send('monitoring', 'PutMetricData', 'x', { 'content-encoding': 'gzip' });
    expect(typeOf(broken)).toBe('SerializationException');
  });

  it('do not compute without end', async () => {
    const put = await send(
      'monitoring',
      'PutMetricData',
      '{"Namespace":"bomb","MetricData":[{"MetricName":"m","Value":1}]}',
    );
    expect(put.status).toBe(200);
    const Metric = { Namespace: 'bomb', MetricName: 'm' };
    const metrics = Array.from({ length: 200 }, (_, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    }));
    const EndTime = Math.ceil(Date.now() / 1000) + 1;
    for (const Expression of [
      'SUM(FILL(METRICS(), 0))',
      'FILL(METRICS(), m0 + TIME_SERIES(1))',
      'SUM(METRICS() + TIME_SERIES(1))',
    ]) {
      const MetricDataQueries = [...metrics, { Id: 'e', Expression }];
      const body = JSON.stringify({ MetricDataQueries, StartTime: 0, EndTime });
      const answer = await send('monitoring', 'GetMetricData', body);
      expect([answer.status, typeOf(answer)]).toEqual([400, 'Throttling']);
    }
    const fits = [...metrics.slice(0, 10), { Id: 'e', Expression: 'SUM(FILL(METRICS(), 0))' }];
    const body = JSON.stringify({ MetricDataQueries: fits, StartTime: EndTime - 86_400, EndTime });
    expect((await send('monitoring', 'GetMetricData', body)).status).toBe(200);
  });

  const stat = { Metric: { Namespace: 'bomb', MetricName: 'm' }, Period: 60, Stat: 'Sum' };
  const expressions = (texts: readonly string[]): string => {
    const EndTime = Math.floor(Date.now() / 1000);
    const queries = texts.map((Expression, index) => ({ Id: `e${index}`, Expression }));
    const MetricDataQueries = [{ Id: 'm', MetricStat: stat }, ...queries];
    return JSON.stringify({ MetricDataQueries, StartTime: EndTime - 3600, EndTime });
  };
  const upTo = (count: number, text: (index: number) => string): string[] =>
    Array.from({ length: count }, (_none, index) => text(index));

  it.each<[string, string[], RegExp]>([
    ['refer to each other in a circle', ['e1', 'e2 + 1', 'e0'], /depends on itself/],
    ['double arrays', [...upTo(20, i => `[e${i + 1}, e${i + 1}]`), 'm'], /500 time series at most/],
    ['nest parentheses', [`${'('.repeat(1000)}m${')'.repeat(1000)}`], /nests too deeply/],
    ['nest powers', [`${'m^'.repeat(1000)}2`], /nests too deeply/],
    ['name what objects have', ['hasOwnProperty + 1'], /Unknown Id hasOwnProperty/],
    ['call what objects have', ['constructor(m)'], /Unknown function constructor/],
    ['are 501', upTo(500, () => 'm'), /size greater than 500/],
  ])('are refused when expressions %s', async (_what, texts, message) => {
    const answer = await send('monitoring', 'GetMetricData', expressions(texts));
    expect([answer.status, typeOf(answer)]).toEqual([400, 'ValidationException']);
    expect(answer.body).toMatch(message);
  });

  it('may have expressions one upon the other, and Ids as objects have members', async () => {
    const texts = [...upTo(498, index => `e${index + 1} + 1`), 'TIME_SERIES(1)'];
    const answer = await send('monitoring', 'GetMetricData', expressions(texts));
    const { MetricDataResults } = JSON.parse(answer.body) as {
      MetricDataResults: { Id: string; Values: number[] }[];
    };
    expect(MetricDataResults.find(({ Id }) => Id === 'e0')?.Values[0]).toBe(499);
    const members = expressions(['constructor', '1e308 * constructor * 10']).replace(
      '"Id":"m"',
      '"Id":"constructor"',
    );
    expect((await send('monitoring', 'GetMetricData', members)).status).toBe(200);
  });

  it('do not go on with the page of another request', async () => {
    const Metric = { Namespace: 'pages', MetricName: 'm' };
    const now = Math.floor(Date.now() / 60_000) * 60;
    const MetricData = [2, 1].map(age => ({
      MetricName: 'm',
      Value: age,
      Timestamp: now - age * 60,
    }));
    await send('monitoring', 'PutMetricData', JSON.stringify({ Namespace: 'pages', MetricData }));
    const input = {
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
      StartTime: now - 600,
      EndTime: now,
      MaxDatapoints: 1,
    };
    const first = await send('monitoring', 'GetMetricData', JSON.stringify(input));
    const { NextToken } = JSON.parse(first.body) as { NextToken: string };
    const next = async (changes: object): Promise<unknown> => {
      const body = JSON.stringify({ ...input, NextToken, ...changes });
      const answer = await send('monitoring', 'GetMetricData', body);
      return answer.status === 200 ? 200 : typeOf(answer);
    };
    expect(await next({})).toBe(200);
    expect(await next({ ScanBy: 'TimestampAscending' })).toBe('InvalidNextToken');
    expect(await next({ StartTime: now - 660 })).toBe('InvalidNextToken');
    expect(await next({ MetricDataQueries: [{ ...input.MetricDataQueries[0], Id: 'n' }] })).toBe(
      'InvalidNextToken',
    );
    expect(await next({ NextToken: NextToken.slice(1) })).toBe('InvalidNextToken');
  });

  it('are refused in their own protocol when their signature is wrong or missing', async () => {
    const request = { method: 'POST', headers: { 'x-amz-target': 'Logs_20140328.X' }, body: '{}' };
    const wrong = { service: 'logs', secretAccessKey: 'wrong' };
    const logs = await sendSigned(test.sandbox, request, wrong);
    expect([logs.status, typeOf(logs)]).toEqual([400, 'InvalidSignatureException']);
    expect(logs.headers['content-type']).toBe('application/x-amz-json-1.1');
    const headers = { 'x-amz-target': `${TARGETS.monitoring}.ListMetrics` };
    const unknown = { service: 'monitoring', accessKeyId: 'AKIAUNKNOWN' };
    const cloudwatch = await sendSigned(test.sandbox, { ...request, headers }, unknown);
    expect(typeOf(cloudwatch)).toBe('UnrecognizedClientException');
    expect(cloudwatch.headers['x-amzn-query-error']).toBe('InvalidClientTokenId;Sender');
  });

  it('are refused when a token was changed', async () => {
    const { logs } = test.sandbox.services;
    const events = [1, 2].map(() => ({ timestamp: new Date(), message: 'm' }));
    for (const stream of ['s', 't']) logs.append({ group: 'tokens', stream, events });
    const changed = [null, 5, {}, [], 'x', { timestamp: {}, id: 'x' }, { name: {}, lastEvent: 1 }];
    for (const operation of ['FilterLogEvents', 'DescribeLogStreams']) {
      const input = { logGroupName: 'tokens', limit: 1 };
      const first = await send('logs', operation, JSON.stringify(input));
      const { nextToken } = JSON.parse(first.body) as { nextToken: string };
      const [request, , written] = JSON.parse(
        Buffer.from(nextToken, 'base64url').toString(),
      ) as unknown[];
      for (const position of changed) {
        const token = Buffer.from(JSON.stringify([request, position, written]));
        const body = JSON.stringify({ ...input, nextToken: token.toString('base64url') });
        const answer = await send('logs', operation, body);
        expect([answer.status, typeOf(answer)]).toEqual([400, 'InvalidParameterException']);
      }
    }
    const beyond = { logGroupName: 'tokens', logStreamName: 's', nextToken: `f/${'9'.repeat(56)}` };
    const answer = await send('logs', 'GetLogEvents', JSON.stringify(beyond));
    expect(typeOf(answer)).toBe('InvalidParameterException');
  });

  it('are refused where CBOR has bytes for a structure', async () => {
    const answer = await sendSigned(
      test.sandbox,
      {
        method: 'POST',
        path: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        body: Buffer.from([0x41, 0x00]),
      },
      { service: 'monitoring' },
    );
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('SerializationException');
  });

  it('are refused where the query of a form contradicts itself', async () => {
    const body = 'Action=ListMetrics&Version=2010-08-01&Dimensions=1&Dimensions.member.1.Name=a';
    const answer = await sendSigned(
      test.sandbox,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body },
      { service: 'monitoring' },
    );
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('<Code>SerializationException</Code>');
  });
});

it('a line of a megabyte of markup and control characters comes back as it was', async () => {
  const { logs } = test.sandbox.services;
  const message = `<script>alert(1)</script>\u001b[31m\u0000${'<'.repeat(1_000_000)}`;
  logs.append({ group: 'g', stream: 's', events: [{ timestamp: new Date(), message }] });
  const answer = await send('logs', 'FilterLogEvents', '{"logGroupName":"g"}');
  expect(JSON.parse(answer.body)).toMatchObject({ events: [{ message }] });
});
