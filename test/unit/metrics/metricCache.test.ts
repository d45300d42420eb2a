import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricProblem } from '../../../src/aws/metrics/metricSeries.ts';
import { MetricCache } from '../../../src/metrics/metricCache.ts';

const NOW = 600_000;
const PERIOD = 60;
const span = (start: number, end: number) => ({ start: NOW + start, end: NOW + end });
const points = (...all: [number, number][]) => ({
  invocations: { times: all.map(([at]) => NOW + at), values: all.map(([, value]) => value) },
});
const read = (...all: [number, number][]) => ({ series: points(...all), problems: [] });
const partial: MetricProblem = { metric: 'invocations', kind: 'partial', message: '' };

function readCache(): MetricCache {
  const cache = new MetricCache(PERIOD);
  cache.add(span(-3600, 60), read([-3600, 1], [-60, 2], [0, 3]), NOW);
  return cache;
}

describe('what is asked for', () => {
  test('is the whole span where nothing is known', () => {
    const cache = new MetricCache(PERIOD);
    expect(cache.missing(span(-3600, 0), NOW, false)).toEqual(span(-3600, 0));
  });

  test('is only what may have changed, after a minute', () => {
    expect(readCache().missing(span(-3540, 120), NOW + 61, false)).toEqual(span(-1200, 120));
  });

  test('is nothing within a minute, unless it is asked for by hand', () => {
    const cache = readCache();
    expect(cache.missing(span(-3600, 60), NOW + 30, false)).toBeUndefined();
    expect(cache.missing(span(-3600, 60), NOW + 30, true)).toEqual(span(-1200, 60));
  });

  test('is never again a span of the past that is known', () => {
    expect(readCache().missing(span(-3000, -1200), NOW + 9999, true)).toBeUndefined();
  });

  test('is an earlier span as a whole', () => {
    expect(readCache().missing(span(-7200, 0), NOW + 61, false)).toEqual(span(-7200, 0));
  });

  test('is in whole periods, however long they are', () => {
    const hours = new MetricCache(3600);
    const day = { start: 0, end: 86_400 };
    hours.add(day, read(), day.end - 1000);
    // The hour before is whole, but points may come late.
    expect(hours.missing(day, day.end, true)).toEqual({ start: 82_800, end: 86_400 });
  });
});

describe('a later reading', () => {
  test('replaces the points of its span, also by none', () => {
    const cache = readCache();
    cache.add(span(-1200, 120), read([0, 5], [60, 1]), NOW + 61);
    expect(cache.series(span(-3600, 120))).toEqual(points([-3600, 1], [0, 5], [60, 1]));
  });

  test('far after what is known begins anew: no gap is taken for known', () => {
    const cache = readCache();
    cache.add(span(7200, 10_800), read([7200, 1]), NOW + 10_800);
    expect(cache.missing(span(0, 10_800), NOW + 10_800, false)).toEqual(span(0, 10_800));
    expect(cache.series(span(-3600, 10_800))).toEqual(points([7200, 1]));
  });

  test('far before what is known begins anew too', () => {
    const cache = readCache();
    cache.add(span(-9000, -7200), read([-9000, 1]), NOW + 61);
    expect(cache.missing(span(-9000, 60), NOW + 61, false)).toEqual(span(-7200, 60));
  });

  test('of the past keeps what is settled, and nothing that may have changed', () => {
    const cache = readCache();
    cache.add(span(-7200, -3000), read([-7200, 9]), NOW + 30);
    expect(cache.missing(span(-3600, 60), NOW + 30, false)).toEqual(span(-1200, 60));
    expect(cache.series(span(-7200, 60))).toEqual(points([-7200, 9]));
  });
});

describe('what was read with a problem', () => {
  test('is shown, and asked for again after a minute or by hand', () => {
    const cache = new MetricCache(PERIOD);
    cache.add(span(-3600, 60), { series: points([-60, 2]), problems: [partial] }, NOW);
    expect(cache.series(span(-3600, 60))).toEqual(points([-60, 2]));
    expect(cache.problems(span(-3600, 60))).toEqual([partial]);
    expect(cache.missing(span(-3600, 60), NOW + 30, false)).toBeUndefined();
    expect(cache.missing(span(-3600, 60), NOW + 30, true)).toEqual(span(-3600, 60));
    expect(cache.missing(span(-3540, 120), NOW + 61, false)).toEqual(span(-3540, 120));
  });

  test('does not unsettle what was read well, and is forgotten once it is read well', () => {
    const cache = readCache();
    cache.add(span(-1200, 120), { ...read(), problems: [partial] }, NOW + 3600);
    expect(cache.problems(span(-3600, -1200))).toEqual([]);
    expect(cache.missing(span(-3600, 120), NOW + 3700, false)).toEqual(span(-1200, 120));
    cache.add(span(-1200, 120), read([0, 7]), NOW + 3700);
    expect(cache.problems(span(-3600, 120))).toEqual([]);
    expect(cache.missing(span(-3600, 120), NOW + 9999, false)).toBeUndefined();
  });
});

test('a panel that is open for weeks holds no more than CloudWatch has', () => {
  const cache = new MetricCache(PERIOD);
  const value: [number, number][] = [[0, 1]];
  cache.add(span(0, 60), read(...value), NOW);
  const weeks = 5 * 7 * 86_400;
  for (let at = 3600; at <= weeks; at += 3600) {
    cache.add(span(at - 3600, at), read([at - 3600, 1]), NOW + at + 1200);
  }
  const { times = [] } = cache.series(span(0, weeks)).invocations ?? {};
  expect(times).toHaveLength(15 * 24);
});

test('whatever is read, nothing is taken for known that was not', () => {
  const minute = fc.integer({ min: 0, max: 60 }).map(n => n * 60);
  const look = fc.record({ start: minute, length: minute, later: minute, bad: fc.boolean() });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 20 }), looks => {
      const cache = new MetricCache(PERIOD);
      const truth = new Map<number, number>();
      let now = NOW + 3600;
      for (const { start, length, later, bad } of looks) {
        now += later;
        const wanted = span(start, start + length + 60);
        const missing = cache.missing(wanted, now, true);
        if (missing) {
          expect(missing.start).toBeGreaterThanOrEqual(wanted.start);
          const times: number[] = [];
          for (let at = missing.start; at < missing.end; at += 60) times.push(at);
          times.forEach(at => truth.set(at, now));
          const series = { invocations: { times, values: times.map(() => now) } };
          cache.add(missing, { series, problems: bad ? [partial] : [] }, now);
        }
        const { times = [], values = [] } = cache.series(wanted).invocations ?? {};
        expect(times).toHaveLength((wanted.end - wanted.start) / 60);
        times.forEach((at, index) => expect(values[index]).toBe(truth.get(at)));
      }
    }),
  );
});
