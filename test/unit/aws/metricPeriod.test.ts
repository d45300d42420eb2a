import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alignSpan,
  choosePeriod,
  leastPeriod,
  PERIODS,
} from '../../../src/aws/metrics/metricPeriod.ts';

const NOW = 1_795_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

describe('the period of charts', () => {
  test.each([
    [HOUR, 60],
    [3 * HOUR, 60],
    [DAY, 60],
    [3 * DAY, 300],
    [7 * DAY, 900],
    [14 * DAY, 900],
    [60 * DAY, HOUR],
    [400 * DAY, 86_400],
  ])('of the last %i seconds is %i seconds', (last, period) => {
    expect(choosePeriod({ start: NOW - last, end: NOW }, NOW)).toBe(period);
  });

  test.each([
    [14 * DAY, 60],
    [15 * DAY, 300],
    [62 * DAY, 300],
    [63 * DAY, 3600],
    [500 * DAY, 3600],
  ])('of what is %i seconds old is at least %i', (age, period) => {
    expect(leastPeriod(NOW - age, NOW)).toBe(period);
  });

  test('is always one that CloudWatch has and never makes too many points', () => {
    const seconds = fc.integer({ min: 0, max: 455 * DAY });
    fc.assert(
      fc.property(seconds, seconds, (age, length) => {
        const span = { start: NOW - age, end: NOW - age + Math.min(length, age) };
        const period = choosePeriod(span, NOW);
        expect(PERIODS).toContain(period);
        expect(period).toBeGreaterThanOrEqual(leastPeriod(span.start, NOW));
        expect((span.end - span.start) / period).toBeLessThanOrEqual(1500);
      }),
    );
  });

  test('spans are widened to whole periods', () => {
    expect(alignSpan({ start: 119, end: 121 }, 60)).toEqual({ start: 60, end: 180 });
    expect(alignSpan({ start: 120, end: 180 }, 60)).toEqual({ start: 120, end: 180 });
  });
});
