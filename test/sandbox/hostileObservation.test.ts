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
    const body = 'Action=ListMetrics&Dimensions=1&Dimensions.member.1.Name=a';
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
