import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricStore } from '../../../../src/sandbox/cloudwatch/metricStore.ts';
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
});
