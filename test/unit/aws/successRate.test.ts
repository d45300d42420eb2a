import { expect, test } from 'vitest';
import { rateOf, successRate } from '../../../src/aws/metrics/successRate.ts';

test('the success rate is the formula of the console', () => {
  const invocations = { times: [0, 60, 120, 180], values: [4, 1, 2, 0] };
  const errors = { times: [0, 60, 120, 180], values: [1, 1, 0, 0] };
  expect(successRate(invocations, errors)).toEqual({ times: [0, 60, 120], values: [75, 0, 100] });
});

test('a period without invocations, or without a count of errors, is a gap and never 100 %', () => {
  expect(successRate({ times: [], values: [] }, { times: [0], values: [0] }).times).toEqual([]);
  expect(successRate({ times: [0], values: [3] }, { times: [], values: [] }).times).toEqual([]);
  expect(rateOf(0, 0)).toBeUndefined();
});

test('an error counted before its invocation makes no negative rate', () => {
  expect(rateOf(1, 2)).toBe(0);
});
