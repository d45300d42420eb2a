import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendSigned, signedHeaders } from './signedRequest.ts';
import type { RawRequest } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

// What AWS writes, as LocalStack's tests/aws/services/cloudwatch recorded it (test_basic_operations_multiple_
// protocols): doubles and times are no whole numbers in any protocol.
const TARGET = 'GraniteServiceVersion20100801';
/** A whole minute, two to three ago. */
const TIME = Math.floor(Date.now() / 60_000) * 60 - 120;
const METRIC = { Namespace: 'Wire', MetricName: 'm' };
const TIMES = { StartTime: TIME, EndTime: TIME + 60 };
const SERVICE = { service: 'monitoring' };

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
  const MetricData = [{ MetricName: 'm', Value: 41, Timestamp: TIME }];
  const put = await post(jsonRequest('PutMetricData', { Namespace: 'Wire', MetricData }));
  expect(put.status).toBe(200);
});
afterAll(() => test.close());

const post = (request: RawRequest) => sendSigned(test.sandbox, request, SERVICE);
const jsonRequest = (operation: string, body: object): RawRequest => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${TARGET}.${operation}`,
  },
  body: JSON.stringify(body),
});
const STATISTICS = { ...METRIC, ...TIMES, Period: 60, Statistics: ['Sum'] };

it('writes doubles as such in JSON', async () => {
  const MetricStat = { Metric: METRIC, Period: 60, Stat: 'Sum' };
  const data = { ...TIMES, MetricDataQueries: [{ Id: 'm', MetricStat }] };
  const { body, headers } = await post(jsonRequest('GetMetricData', data));
  expect(body).toContain('"Values":[41.0]');
  expect(body).toContain(`"Timestamps":[${TIME}.0]`);
  expect(headers['x-amzn-requestid']).toMatch(/./);
  const statistics = await post(jsonRequest('GetMetricStatistics', STATISTICS));
  expect(statistics.body).toContain('"Sum":41.0');
});

it('writes doubles as such in the query protocol', async () => {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const form = new URLSearchParams({
    ...{ Action: 'GetMetricStatistics', Version: '2010-08-01', ...METRIC, Period: '60' },
    ...{ StartTime: time(TIME), EndTime: time(TIME + 60), 'Statistics.member.1': 'Sum' },
  });
  const { body } = await post({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(form),
  });
  expect(body).toContain('<Sum>41.0</Sum>');
  expect(body).toContain(`<Timestamp>${time(TIME).replace('.000Z', 'Z')}</Timestamp>`);
});

it('writes doubles of eight bytes in CBOR', async () => {
  const path = `/service/${TARGET}/operation/GetMetricStatistics`;
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  const text = (value: string): Buffer =>
    Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
  const double = (value: number): Buffer => {
    const bytes = Buffer.alloc(9, 0xfb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  };
  const tagged = (seconds: number): Buffer => Buffer.concat([Buffer.from([0xc1]), double(seconds)]);
  const body = Buffer.concat([
    ...[Buffer.from([0xa6]), text('Namespace'), text('Wire'), text('MetricName'), text('m')],
    ...[text('StartTime'), tagged(TIME), text('EndTime'), tagged(TIME + 60)],
    ...[text('Period'), Buffer.from([0x18, 60]), text('Statistics'), Buffer.from([0x81])],
    text('Sum'),
  ]);
  const signed = await signedHeaders(
    test.sandbox,
    { method: 'POST', path, headers, body },
    SERVICE,
  );
  const response = await fetch(test.sandbox.endpoint + path, {
    method: 'POST',
    headers: signed,
    body,
  });
  const answer = Buffer.from(await response.arrayBuffer());
  expect(response.status).toBe(200);
  expect(answer.includes(Buffer.concat([text('Sum'), double(41)]))).toBe(true);
  expect(answer.includes(Buffer.concat([text('Timestamp'), tagged(TIME)]))).toBe(true);
});
