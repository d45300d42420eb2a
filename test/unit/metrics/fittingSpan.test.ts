import { expect, test } from 'vitest';
import { fittingSpan } from '../../../media/metrics/fittingSpan.ts';

const END = 1_000_000_000;
const HOUR = 3600;
const range = { start: END - 3 * HOUR, end: END };

test.each([
  ['one invocation a minute ago', [60], 900],
  ['some in a quarter of an hour', [900, 300], 900],
  ['some in an hour', [1800, 60], HOUR],
  ['some in two hours', [2 * HOUR, 60], 3 * HOUR],
  ['none', [], 3 * HOUR],
])('a range shows as much as it needs for %s', (_, ages, length) => {
  const times = ages.map(age => END - age);
  const points = { times, values: times.map(() => 1) };
  expect(fittingSpan({ span: range, series: { invocations: points } })).toEqual({
    start: END - length,
    end: END,
  });
});
