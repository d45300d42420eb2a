import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricStore } from '../../../../src/sandbox/cloudwatch/metricStore.ts';
import type { MetricName } from '../../../../src/sandbox/cloudwatch/metricTables.ts';
import { rollUp } from '../../../../src/sandbox/cloudwatch/rollUp.ts';
import { Store } from '../../../../src/sandbox/store.ts';

const NOON = Date.UTC(2026, 0, 1, 12) / 1000;
const ALL = { start: 0, end: NOON * 2 };
const duration = {
  namespace: 'AWS/Lambda',
  metricName: 'Duration',
  dimensions: { Resource: 'f', FunctionName: 'f' },
  unit: 'Milliseconds',
};
const at = (seconds: number) => new Date((NOON + seconds) * 1000);

let folder: string;
let store: Store;
let metrics: MetricStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brigade-metrics-'));
  store = new Store(folder);
  metrics = new MetricStore(store, { now: () => at(0) });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

describe('the metric store', () => {
  it('keeps the statistics of each minute, and every value with its count', () => {
    metrics.put([
      { ...duration, timestamp: at(1), value: 10 },
      { ...duration, timestamp: at(59.9), value: 30, count: 3 },
      { ...duration, timestamp: at(60), value: 5 },
    ]);
    const [series] = metrics.series(duration);
    expect(metrics.aggregates([series!], 60, ALL)).toEqual([
      { time: NOON, samples: 4, sum: 100, minimum: 10, maximum: 30 },
      { time: NOON + 60, samples: 1, sum: 5, minimum: 5, maximum: 5 },
    ]);
    expect(metrics.values([series!], 300, ALL)).toEqual([
      { time: NOON, value: 5, count: 1 },
      { time: NOON, value: 10, count: 1 },
      { time: NOON, value: 30, count: 3 },
    ]);
  });

  it('takes dimensions in any order for the same, and other ones for another metric', () => {
    metrics.put([{ ...duration, timestamp: at(0), value: 1 }]);
    expect(
      metrics.series({ ...duration, dimensions: { FunctionName: 'f', Resource: 'f' } }),
    ).toHaveLength(1);
    expect(metrics.series({ ...duration, dimensions: { FunctionName: 'f' } })).toEqual([]);
  });

  it('forgets what a rolled back transaction wrote, and goes on', () => {
    const datum = { ...duration, timestamp: at(0), value: 1 };
    expect(() =>
      store.transaction(() => {
        metrics.put([datum]);
        throw new Error('no');
      }),
    ).toThrow('no');
    metrics.put([datum, { ...datum, unit: undefined }]);
    expect(metrics.series(duration).map(series => series.unit)).toEqual(['Milliseconds', 'None']);
    expect(metrics.aggregates([metrics.series(duration)[0]!], 60, ALL)[0]?.samples).toBe(1);
  });

  it('keeps seconds apart where the resolution is high', () => {
    metrics.put(
      [0, 1].map(s => ({ ...duration, timestamp: at(s), value: s, storageResolution: 1 })),
    );
    expect(metrics.aggregates([metrics.series(duration)[0]!], 1, ALL)).toHaveLength(2);
  });

  it('begins periods where the range begins', () => {
    metrics.put([0, 60, 120, 180].map(s => ({ ...duration, timestamp: at(s), value: s })));
    const series = metrics.series(duration);
    const shifted = { start: NOON + 60, end: NOON + 240 };
    expect(metrics.aggregates(series, 120, shifted)).toMatchObject([
      { time: NOON + 60, samples: 2, sum: 180 },
      { time: NOON + 180, samples: 1, sum: 180 },
    ]);
    expect(metrics.values(series, 120, shifted).map(({ time }) => time)).toEqual([
      NOON + 60,
      NOON + 60,
      NOON + 180,
    ]);
  });

  it('joins old points to longer periods, losing no observation, and deletes the oldest', () => {
    const ages = [0, 3 * 3600 + 60, 15 * 86400 + 300, 63 * 86400 + 3600, 456 * 86400];
    // Two seconds, a minute and two minutes apart: what is joined depends on the age.
    const offsets = [0, 2, 60, 120];
    metrics.put(
      ages.flatMap(age =>
        offsets.map(offset => ({
          ...duration,
          timestamp: at(offset - age),
          value: offset,
          storageResolution: 1 as const,
        })),
      ),
    );
    rollUp(store, NOON);
    const series = metrics.series(duration);
    const points = metrics.aggregates(series, 1, ALL);
    const ofAge = (age: number) =>
      points.filter(({ time }) => Math.abs(time - (NOON - age)) <= 3600).map(p => p.samples);
    expect(ages.map(ofAge)).toEqual([[1, 1, 1, 1], [2, 1, 1], [4], [4], []]);
    expect(points.reduce((sum, one) => sum + one.sum, 0)).toBe(4 * 182);
    const values = metrics.values(series, 1, ALL);
    expect(values.reduce((sum, { count }) => sum + count, 0)).toBe(16);
    rollUp(store, NOON);
    expect(metrics.aggregates(series, 1, ALL)).toEqual(points);
  });

  it('lists metrics once, whatever their units, that had data since', () => {
    metrics.put([
      { ...duration, timestamp: at(0), value: 1 },
      { ...duration, timestamp: at(0), value: 1, unit: 'Seconds' },
      { ...duration, metricName: 'Errors', timestamp: at(-100), value: 1 },
      { ...duration, namespace: 'Other', timestamp: at(-9000), value: 1 },
    ]);
    const names = (filter: object, after?: MetricName) =>
      [...metrics.list({ activeSince: at(-3600), ...filter }, after)].map(m => m.metricName);
    expect(names({})).toEqual(['Duration', 'Errors']);
    expect(names({ metricName: 'Errors' })).toEqual(['Errors']);
    expect(names({ namespace: 'Other', activeSince: at(-10_000) })).toEqual(['Duration']);
    expect(names({}, duration)).toEqual(['Errors']);
  });

  it('tells percentiles of statistics whose values are all the same', () => {
    const set = { ...duration, timestamp: at(0), minimum: 5, maximum: 5 };
    metrics.putStatistics({ ...set, samples: 3, sum: 15 });
    expect(metrics.values(metrics.series(duration), 60, ALL)).toMatchObject([
      { value: 5, count: 3 },
    ]);
  });

  it('keeps the sum that a set of statistics says', () => {
    const set = { ...duration, timestamp: at(0), minimum: 5, maximum: 5 };
    metrics.putStatistics({ ...set, samples: 3, sum: 16 });
    const series = metrics.series(duration);
    expect(metrics.aggregates(series, 60, ALL)).toMatchObject([{ samples: 3, sum: 16 }]);
    expect(metrics.values(series, 60, ALL)).toEqual([]);
  });
});
