import { describe, expect, test } from 'vitest';
import { gridOf } from '../../../media/metrics/grid.ts';
import type { MetricsReply, MetricSeries } from '../../../src/metrics/protocol.ts';

function reply(start: number, end: number, period: number, invocations?: MetricSeries) {
  const span = { start, end };
  return { span, period, series: invocations ? { invocations } : {} } as unknown as MetricsReply;
}

describe('the grid of a chart', () => {
  test('has a gap where there is no point, and all gaps where there is no series', () => {
    const grid = gridOf(reply(0, 300, 60, { times: [60, 180], values: [1, 0] }));
    expect(grid.times).toEqual([0, 60, 120, 180, 240]);
    expect(grid.column('invocations')).toEqual([null, 1, null, 0, null]);
    expect(grid.column('errors')).toEqual([null, null, null, null, null]);
  });

  test('leaves out what is no number or outside of the span', () => {
    const points = { times: [-60, 0, 60, 120], values: [9, NaN, Infinity, 9] };
    expect(gridOf(reply(0, 120, 60, points)).column('invocations')).toEqual([null, null]);
  });

  test('counts on in seconds where a local hour comes twice or never', () => {
    // Europe/Berlin, 2026-10-25: 02:00 to 03:00 comes twice.
    const start = Date.UTC(2026, 9, 24, 22) / 1000;
    const { times } = gridOf(reply(start, start + 6 * 3600, 3600));
    expect(new Set(times).size).toBe(6);
    expect(times.every((time, index) => time === start + 3600 * index)).toBe(true);
  });

  test('takes a million points', () => {
    const count = 1_000_000;
    const times = Array.from({ length: count }, (_, index) => index);
    const column = gridOf(reply(0, count, 1, { times, values: times })).column('invocations');
    expect(column).toHaveLength(count);
    expect(column.at(-1)).toBe(count - 1);
  });
});
