import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFunctionMetrics } from '../../src/aws/metrics/functionMetrics.ts';
import { readRangeTotals } from '../../src/aws/metrics/rangeTotals.ts';
import { MetricsReader, spanOf } from '../../src/metrics/metricsReader.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const HOUR = 3600;
const functionName = 'resize';

let world: SandboxClients;
/** A whole minute of an hour ago, so that nothing of the tests is still to settle. */
let base: number;

beforeAll(async () => {
  world = await startSandboxClients();
  base = Math.floor(Date.now() / 60_000) * 60 - HOUR;
  for (let minute = 0; minute < 10; minute++) {
    if (minute === 4) continue;
    put('Invocations', minute, 1, 4);
    put('Errors', minute, 1, minute === 7 ? 1 : 0);
    put('Errors', minute, 0, minute === 7 ? 3 : 4);
    put('Duration', minute, 100 + minute, 4);
  }
});
afterAll(() => world.close());

function put(metricName: string, minute: number, value: number, count: number): void {
  if (count === 0) return;
  const timestamp = new Date((base + minute * 60) * 1000);
  const dimensions = { FunctionName: functionName };
  world.sandbox.services.metrics.put([
    { namespace: 'AWS/Lambda', metricName, dimensions, timestamp, value, count },
  ]);
}

describe('the metrics of a function', () => {
  test('come in order, with gaps where nothing happened', async () => {
    const query = { functionName, start: base, end: base + 600, period: 60 };
    const asked: number[] = [];
    const onAsked = (metrics: number) => void asked.push(metrics);
    const { series, problems } = await readFunctionMetrics(world.clients, query, { onAsked });
    expect(series.invocations?.times).toEqual(
      [0, 1, 2, 3, 5, 6, 7, 8, 9].map(minute => base + minute * 60),
    );
    expect(series.invocations?.values).toEqual(new Array(9).fill(4));
    expect(series.errors?.values).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(series.throttles).toEqual({ times: [], values: [] });
    expect(problems).toEqual([]);
    expect(asked).toEqual([10]);
  });

  test('of a whole range are those of the range, wherever it begins', async () => {
    const span = { start: base + 60, end: base + 60 + 420 };
    const totals = await readRangeTotals(world.clients, { functionName, ...span });
    expect(totals).toEqual({ invocations: 24, errors: 1, durationP95: 107 });
    const before = { start: span.start - HOUR, end: span.start - 60 };
    expect(await readRangeTotals(world.clients, { functionName, ...before })).toEqual({
      invocations: 0,
      errors: 0,
      durationP95: undefined,
    });
  });
});

describe('a panel', () => {
  test('counts what it asks for, and asks nothing twice', async () => {
    const now = base + HOUR;
    const reader = new MetricsReader(() => now);
    const request = {
      functionName,
      region: world.clients.region,
      range: { start: base, end: base + 600 },
      period: 60,
      fresh: false,
    };
    const { signal } = new AbortController();
    const first = await reader.read(world.clients, request, signal);
    expect(first.totals).toEqual({
      invocations: 36,
      errors: 1,
      successRate: 100 - 100 / 36,
      durationP95: 109,
    });
    expect(first.series.successRate?.values.filter(rate => rate !== 100)).toEqual([75]);
    expect(first.asked).toBe(14);
    const again = await reader.read(world.clients, request, signal);
    expect(again).toEqual(first);
  });

  test.each([60, 300, 0])('of two weeks at %i seconds is against the two before', async period => {
    const range = { last: 14 * 24 * HOUR };
    const request = { functionName, region: world.clients.region, range, period, fresh: false };
    const { signal } = new AbortController();
    const reading = await new MetricsReader().read(world.clients, request, signal);
    expect(reading.totalsError).toBeUndefined();
    expect(reading.totals).toMatchObject({ invocations: 36, durationP95: 109 });
    expect(reading.before?.invocations).toBe(0);
  });

  test('takes a longer period where a shorter one would have too many points', () => {
    const range = { start: 0, end: base };
    expect(spanOf({ range, period: 60 }, base).period).toBe(24 * HOUR);
    expect(spanOf({ range: { last: 14 * 24 * HOUR }, period: 60 }, base).period).toBe(60);
    // Of an hour no more than an hour is counted, whatever period was chosen before.
    const hour = spanOf({ range: { last: HOUR }, period: 24 * HOUR }, base);
    expect(hour.period).toBeLessThanOrEqual(HOUR);
    expect(hour.span.end - hour.span.start).toBeLessThanOrEqual(HOUR + hour.period);
  });
});
