import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { MetricsReader } from '../../src/metrics/metricsReader.ts';
import type { MetricsRequest } from '../../src/metrics/protocol.ts';
import {
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../support/scriptedServer.ts';

const HOUR = 3600;
const DAY = 86_400;
const REQUEST: MetricsRequest = {
  functionName: 'f',
  region: 'us-east-1',
  range: { last: HOUR },
  period: 60,
  fresh: false,
};
const { signal } = new AbortController();

interface Query {
  readonly StartTime: number;
  readonly EndTime: number;
}
type Answer = (operation: string, query: Query, response: ServerResponse) => void;

/** CloudWatch by its JSON protocol, as the test has it. */
async function serve(answer: Answer): Promise<ScriptedServer> {
  return await startScriptedServer(({ headers, body }, response) => {
    answer(operationOf(headers), JSON.parse(body) as Query, response);
  });
}

function operationOf(headers: ScriptedRequest['headers']): string {
  return String(headers['x-amz-target']).split('.').pop() ?? '';
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

/** One invocation in the last minute but one of what is asked for. */
function sendPoint(response: ServerResponse, { EndTime }: Query, StatusCode = 'Complete'): void {
  const result = { Timestamps: [EndTime - 120], Values: [1], StatusCode };
  send(response, {
    MetricDataResults: [
      { Id: 'invocations', ...result },
      { Id: 'errors', ...result, Values: [0] },
    ],
  });
}

function deny(response: ServerResponse, action: string): void {
  const message =
    `User: arn:aws:iam::123456789012:user/student is not authorized to perform: ${action} ` +
    'because no identity-based policy allows the action';
  send(response, { __type: 'com.amazonaws.cloudwatch#AccessDeniedException', message }, 403);
}

describe('totals that are refused', () => {
  it('leave the charts and the counts, and are not asked for with every refresh', async () => {
    const { clients, requests } = await serve((operation, query, response) => {
      if (operation === 'GetMetricData') sendPoint(response, query);
      else deny(response, 'cloudwatch:GetMetricStatistics');
    });
    let now = Math.floor(Date.now() / 1000);
    const reader = new MetricsReader(() => now);
    const aws = clients();
    const reading = await reader.read(aws, REQUEST, signal);
    expect(reading.totals).toEqual({
      invocations: 1,
      errors: 0,
      successRate: 100,
      durationP95: undefined,
    });
    expect(reading.before).toBeUndefined();
    expect(reading.totalsError).toMatchObject({
      code: 'AccessDenied',
      action: 'cloudwatch:GetMetricStatistics',
    });
    now += 61;
    expect((await reader.read(aws, REQUEST, signal)).totalsError?.code).toBe('AccessDenied');
    const operations = requests.map(({ headers }) => operationOf(headers));
    expect(operations.filter(each => each === 'GetMetricData')).toHaveLength(2);
    expect(operations.length).toBeLessThanOrEqual(2 + 4);
  });
});

describe('metrics that are refused', () => {
  it('name the permission, also where AWS does not', async () => {
    const { clients } = await serve((_, __, response) =>
      send(response, { __type: 'AccessDenied', message: 'Access Denied' }, 403),
    );
    await expect(new MetricsReader().read(clients(), REQUEST, signal)).rejects.toMatchObject({
      code: 'AccessDenied',
      subject: 'CloudWatch',
      action: 'cloudwatch:GetMetricData',
    });
  });

  it('of a part are asked for again, and their problem is said until they came', async () => {
    const spans: number[] = [];
    const statuses = ['PartialData', 'PartialData', 'Complete'];
    const { clients } = await serve((operation, query, response) => {
      if (operation === 'GetMetricData') {
        sendPoint(response, query, statuses[spans.length]);
        spans.push(query.EndTime - query.StartTime);
      } else send(response, { Datapoints: [] });
    });
    // In the middle of a minute, so that a second more or less changes nothing.
    let now = Math.floor(Date.now() / 60_000) * 60 + 30;
    const reader = new MetricsReader(() => now);
    const aws = clients();
    const read = async () => {
      now += 60;
      return (await reader.read(aws, REQUEST, signal)).problems.length;
    };
    expect([await read(), await read(), await read(), await read()]).toEqual([2, 2, 0, 0]);
    // From the third on only what may still change is read.
    expect(spans).toEqual([HOUR + 60, HOUR + 60, HOUR + 60, 1320]);
  });
});

describe('a clock that is wrong', () => {
  it.each([DAY, -DAY])('by %i seconds does not shift what is shown', async skew => {
    const real = Math.floor(Date.now() / 1000) + skew;
    const { clients, requests } = await serve((operation, query, response) => {
      response.setHeader('date', new Date(real * 1000).toUTCString());
      if (operation === 'GetMetricData') sendPoint(response, query);
      else send(response, { Datapoints: [] });
    });
    const aws = clients();
    const reader = new MetricsReader();
    const { span, series, readAt, totals } = await reader.read(aws, REQUEST, signal);
    expect(Math.abs(span.end - real)).toBeLessThan(120);
    // A person compares it with the clock on the screen.
    expect(Math.abs(readAt - Date.now() / 1000)).toBeLessThan(60);
    expect(series.invocations?.times).toEqual([span.end - 120]);
    expect(totals.invocations).toBe(1);
    const sent = requests.length;
    await reader.read(aws, { ...REQUEST, fresh: true }, signal);
    const again = requests.slice(sent).filter(({ headers }) => /Data$/.test(operationOf(headers)));
    expect(again).toHaveLength(1);
  });
});

describe('a reading that is given up', () => {
  it('cuts its request off, and is Cancelled', async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<unknown>();
    const { clients } = await serve((_, __, response) => {
      response.on('close', () => closed.resolve(true));
      controller.abort();
    });
    await expect(
      new MetricsReader().read(clients(), REQUEST, controller.signal),
    ).rejects.toMatchObject({ code: 'Cancelled' });
    await closed.promise;
  });

  it('at its totals is no problem of them', async () => {
    const controller = new AbortController();
    const { clients } = await serve((operation, query, response) => {
      if (operation === 'GetMetricData') sendPoint(response, query);
      else controller.abort();
    });
    await expect(
      new MetricsReader().read(clients(), REQUEST, controller.signal),
    ).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
