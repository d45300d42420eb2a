import { describe, expect, it } from 'vitest';
import {
  DAY,
  HOUR,
  availableRange,
  isPeriod,
} from '../../../../src/sandbox/cloudwatch/timeRange.ts';

const NOW = new Date('2026-06-01T12:34:56Z');
const now = NOW.getTime() / 1000;
const range = (age: number, period: number) =>
  availableRange(new Date((now - age) * 1000), NOW, period, NOW);
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

describe('the range of a request', () => {
  it('begins at a rounded time, by its age and period', () => {
    expect(iso(range(2 * HOUR, 60).start)).toBe('2026-06-01T10:34:00.000Z');
    expect(iso(range(2 * HOUR, 10).start)).toBe('2026-06-01T10:34:50.000Z');
    expect(iso(range(20 * DAY, 300).start)).toBe('2026-05-12T12:30:00.000Z');
    expect(iso(range(70 * DAY, 3600).start)).toBe('2026-03-23T12:00:00.000Z');
    expect(iso(range(2 * DAY, DAY).start)).toBe('2026-05-30T12:34:00.000Z');
  });

  it.each([
    [1, 3 * HOUR],
    [30, 3 * HOUR],
    [60, 15 * DAY],
    [120, 15 * DAY],
    [300, 63 * DAY],
    [900, 63 * DAY],
    [3600, 455 * DAY],
    [86400, 455 * DAY],
  ])('of period %d reaches back as far as AWS keeps it', (period, kept) => {
    const { start } = range(1000 * DAY, period);
    expect(start).toBeGreaterThanOrEqual(now - kept);
    expect(start).toBeLessThan(now - kept + period);
    const within = range(kept - period - HOUR, period).start;
    expect(within).toBeLessThanOrEqual(now - kept + period + HOUR);
    expect(within).toBeGreaterThan(now - kept);
  });

  it('ends before its end', () => {
    expect(range(HOUR, 60).end).toBe(now);
    const end = new Date(NOW.getTime() + 1);
    expect(availableRange(new Date(0), end, 60, NOW).end).toBe(now + 1);
  });
});

it('periods are the short ones of AWS or whole minutes', () => {
  expect([1, 5, 10, 20, 30, 60, 120, 86400].filter(period => !isPeriod(period))).toEqual([]);
  expect([0, -60, 2, 15, 59, 61, 90, Number.NaN].filter(isPeriod)).toEqual([]);
});
