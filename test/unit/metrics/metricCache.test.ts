import { expect, test } from 'vitest';
import { MetricCache } from '../../../src/metrics/metricCache.ts';

const NOW = 600_000;
const span = (start: number, end: number) => ({ start: NOW + start, end: NOW + end });
const invocations = (...points: [number, number][]) => ({
  invocations: { times: points.map(([at]) => NOW + at), values: points.map(([, value]) => value) },
});

function readCache(): MetricCache {
  const cache = new MetricCache();
  cache.add(span(-3600, 60), invocations([-3600, 1], [-60, 2], [0, 3]), NOW);
  return cache;
}

test('nothing known: the whole span is read', () => {
  expect(new MetricCache().missing(span(-3600, 0), NOW, false)).toEqual(span(-3600, 0));
});

test('after a minute only what may have changed is read', () => {
  expect(readCache().missing(span(-3540, 120), NOW + 61, false)).toEqual(span(-300, 120));
});

test('within a minute nothing is read, unless it is asked for by hand', () => {
  const cache = readCache();
  expect(cache.missing(span(-3600, 60), NOW + 30, false)).toBeUndefined();
  expect(cache.missing(span(-3600, 60), NOW + 30, true)).toEqual(span(-300, 60));
});

test('a span of the past that is known is never read again', () => {
  expect(readCache().missing(span(-3000, -600), NOW + 9999, true)).toBeUndefined();
});

test('an earlier span is read whole', () => {
  expect(readCache().missing(span(-7200, 0), NOW + 61, false)).toEqual(span(-7200, 0));
});

test('a later reading replaces the points of its span, also by none', () => {
  const cache = readCache();
  cache.add(span(-300, 120), invocations([0, 5], [60, 1]), NOW + 61);
  expect(cache.series(span(-3600, 120))).toEqual(invocations([-3600, 1], [0, 5], [60, 1]));
});

test('a reading far after what is known begins anew: no gap is taken for known', () => {
  const cache = readCache();
  cache.add(span(7200, 10_800), invocations([7200, 1]), NOW + 10_800);
  expect(cache.missing(span(0, 10_800), NOW + 10_800, false)).toEqual(span(0, 10_800));
  expect(cache.series(span(-3600, 10_800))).toEqual(invocations([7200, 1]));
});
