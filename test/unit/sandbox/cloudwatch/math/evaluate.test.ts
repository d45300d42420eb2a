import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../src/sandbox/errors.ts';
import { evaluate } from '../../../../../src/sandbox/cloudwatch/math/evaluate.ts';
import { MathError } from '../../../../../src/sandbox/cloudwatch/math/mathError.ts';
import { isArray, isSeries } from '../../../../../src/sandbox/cloudwatch/math/mathValue.ts';
import { parseExpression } from '../../../../../src/sandbox/cloudwatch/math/parseExpression.ts';
import type { TimeSeries } from '../../../../../src/sandbox/cloudwatch/timeSeries.ts';

const STEP = 60;
/** Points of the test's range; `undefined` is a gap, as `-` in AWS's tables. */
type Points = readonly (number | undefined)[];
const _ = undefined;

function series(label: string, points: Points): TimeSeries {
  const known = points.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  return {
    label,
    period: STEP,
    times: known.map(({ index }) => index * STEP),
    values: known.map(({ value }) => value),
    known: true,
  };
}

function run(text: string, given: Readonly<Record<string, Points>>, length = 5) {
  const all = new Map(Object.entries(given).map(([id, points]) => [id, series(id, points)]));
  return evaluate(parseExpression(text), {
    valueOf: id => {
      const found = all.get(id);
      if (!found) throw new MathError(`Unknown Id ${id}.`);
      return found;
    },
    metrics: () => [...all],
    rangeOf: () => ({ start: 0, end: length * STEP }),
    count: () => undefined,
    period: STEP,
  });
}

const pointsOf = (one: TimeSeries, length = 5): Points =>
  Array.from({ length }, (_none, index) => one.values[one.times.indexOf(index * STEP)]);

/** A series as its points, an array as a list of them. */
function result(text: string, given: Readonly<Record<string, Points>>): unknown {
  const value = run(text, given);
  if (isSeries(value)) return pointsOf(value);
  return isArray(value) ? value.map(one => pointsOf(one)) : value;
}

describe('metric math', () => {
  const errors: Points = [1, _, _, 2, _];
  const invocations: Points = [4, 2, _, 1, _];

  it('takes missing values for 0, drops divisions by zero, and leaves gaps where nothing was', () => {
    const given = { errors, invocations };
    const rate = '100 - 100 * errors / MAX([errors, invocations])';
    expect(result(rate, given)).toEqual([75, 100, _, 0, _]);
    expect(result('errors / invocations', given)).toEqual([0.25, 0, _, 2, _]);
    expect(result('invocations / errors', given)).toEqual([4, _, _, 0.5, _]);
    expect(result('errors - invocations', given)).toEqual([-3, -2, _, 1, _]);
    expect(result('-errors ^ 0.5', { errors: [4, -4, _, _, _] })).toEqual([-2, _, _, _, _]);
  });

  it('makes scalars of one series and a series of several', () => {
    const given = { errors, invocations };
    expect(result('SUM(invocations)', given)).toBe(7);
    expect(result('AVG(errors)', given)).toBe(1.5);
    expect(result('DATAPOINT_COUNT(errors)', given)).toBe(2);
    expect(result('STDDEV(errors)', given)).toBe(0.5);
    expect(result('SUM(METRICS())', given)).toEqual([5, 2, _, 3, _]);
    expect(result('MIN(METRICS())', given)).toEqual([1, 2, _, 1, _]);
    expect(result('AVG(METRICS())', given)).toEqual([2.5, 1, _, 1.5, _]);
    expect(result('DATAPOINT_COUNT(METRICS())', given)).toEqual([2, 1, _, 2, _]);
    expect(result('METRICS("err") * 2', given)).toEqual([[2, _, _, 4, _]]);
    expect(result('METRIC_COUNT([METRICS(), errors])', given)).toBe(3);
    expect(result('invocations - MIN(invocations)', given)).toEqual([3, 1, _, 0, _]);
  });

  it('compares as in the tables of AWS', () => {
    const given = { metric1: [30, 20, 0, 0, _], metric2: [20, _, 20, _, _] };
    expect(result('metric1 < metric2', given)).toEqual([0, 0, 1, 0, _]);
    expect(result('metric1 >= 30', given)).toEqual([1, 0, 0, 0, _]);
    expect(result('metric1 > 15 AND metric2 > 15', given)).toEqual([1, 0, 0, 0, _]);
    expect(result('metric1 > 25 || metric2 == 20', given)).toEqual([1, 0, 1, 0, _]);
    expect(result('1 < 2', given)).toBe(1);
  });

  it('decides as in the tables of AWS', () => {
    const metric1: Points = [1, 1, 0, 0, _];
    const metric2: Points = [30, _, 0, 0, 30];
    const metric3: Points = [0, 0, 20, _, 20];
    const given = { metric1, metric2, metric3 };
    expect(result('IF(metric1, metric2, metric3)', given)).toEqual([30, 0, 20, _, _]);
    expect(result('IF(metric1, 5, metric3)', given)).toEqual([5, 5, 20, _, _]);
    expect(result('IF(metric1, metric2, 5)', given)).toEqual([30, 0, 5, 5, _]);
    expect(result('IF(metric1, metric2)', given)).toEqual([30, 0, _, _, _]);
    expect(result('IF(metric2 < 25, 10, 2)', given)).toEqual([2, _, 10, 10, 2]);
    expect(result('IF(1 > 2, metric2, metric3)', given)).toEqual(metric3);
  });

  it('fills gaps by a number, a series, the last value or a line', () => {
    const given = { m: [_, 2, _, 4, _], n: [9, 9, 9, _, _], none: [_, _, _, _, _] };
    expect(result('FILL(m, 0)', given)).toEqual([0, 2, 0, 4, 0]);
    expect(result('FILL(m, MAX(m))', given)).toEqual([4, 2, 4, 4, 4]);
    expect(result('FILL(m, n)', given)).toEqual([9, 2, 9, 4, _]);
    expect(result('FILL(m, REPEAT)', given)).toEqual([_, 2, 2, 4, 4]);
    expect(result('FILL(m, LINEAR)', given)).toEqual([_, 2, 3, 4, _]);
    expect(result('FILL(none, 7)', given)).toEqual([7, 7, 7, 7, 7]);
    expect(result('FILL([m, none], 1)', given)).toEqual([
      [1, 2, 1, 4, 1],
      [1, 1, 1, 1, 1],
    ]);
  });

  it('has the other functions of points, steps and arrays', () => {
    const given = { m: [1, _, 4, -9, _], n: [_, _, _, _, _] };
    expect(result('ABS(m)', given)).toEqual([1, _, 4, 9, _]);
    expect(result('LOG10(m * 10)', { m: [1, 10, _, 0, -1] })).toEqual([1, 2, _, _, _]);
    expect(result('FLOOR(m / 2)', given)).toEqual([0, _, 2, -5, _]);
    expect(result('CEIL(m / 2)', given)).toEqual([1, _, 2, -4, _]);
    expect(result('DIFF(m)', given)).toEqual([_, _, 3, -13, _]);
    expect(result('DIFF_TIME(m)', given)).toEqual([_, _, 120, 60, _]);
    expect(result('RATE(m) * 60', given)).toEqual([_, _, 1.5, -13, _]);
    expect(result('RUNNING_SUM(m)', given)).toEqual([1, _, 5, -4, _]);
    expect(result('PERIOD(m)', given)).toBe(60);
    expect(result('TIME_SERIES(MAX(m) + 1)', given)).toEqual([5, 5, 5, 5, 5]);
    expect(result('REMOVE_EMPTY(METRICS())', given)).toEqual([given.m]);
    expect(result('LAST(METRICS())', given)).toEqual(given.n);
    expect(result('SLICE(METRICS(), 1)', given)).toEqual([given.n]);
  });

  it.each([
    ['m + x', 'Unknown Id x'],
    ['MEDIAN(m)', 'Unknown function MEDIAN'],
    ['toString(m)', 'Unknown function toString'],
    ['SUM(5)', 'arguments of the wrong number or type'],
    ['SUM(m, m)', 'arguments of the wrong number or type'],
    ['FILL(m)', 'arguments of the wrong number or type'],
    ['ABS(-5)', 'arguments of the wrong number or type'],
    ['m / PERIOD(m + m)', 'arguments of the wrong number or type'],
    ['[m, 5]', 'no scalars'],
    ['METRICS() + METRICS()', 'one array of time series, not two'],
    ['METRICS() > 1', 'no array of time series'],
    ['FIRST([])', 'arguments of the wrong number or type'],
    ['m + "text"', 'Unexpected text'],
    ['REPEAT', 'Unknown Id REPEAT'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => run(text, { m: [1] })).toThrow(MathError);
    expect(() => run(text, { m: [1] })).toThrow(message);
  });

  it('answers 501 to functions that only AWS has', () => {
    expect(() => run('ANOMALY_DETECTION_BAND(m)', { m: [1] })).toThrow(AwsError);
    expect(() => run('SEARCH("x", "Sum", 60)', {})).toThrow(/does not implement.*SEARCH/);
  });

  it('refuses what would grow without end', () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_none, i) => [`m${i}`, [1]]));
    expect(() => run('[METRICS(), METRICS()]', many)).toThrow('500 time series at most');
  });

  it('computes or refuses whatever can be read', () => {
    const names = fc.constantFrom('m', 'n', '2', '0', '"m"', 'REPEAT', 'LINEAR');
    const functions = fc.constantFrom(
      ...['SUM', 'AVG', 'FILL', 'IF', 'METRICS', 'ABS', 'RATE', 'FIRST', 'SLICE', 'TIME_SERIES'],
    );
    const { expression } = fc.letrec<{ expression: string }>(tie => ({
      expression: fc.oneof(
        { depthSize: 'small' },
        names,
        fc
          .tuple(tie('expression'), fc.constantFrom('+', '/', '^', '<', ' AND '), tie('expression'))
          .map(parts => parts.join('')),
        tie('expression').map(inner => `-(${inner})`),
        fc.array(tie('expression'), { maxLength: 3 }).map(items => `[${items.join()}]`),
        fc
          .tuple(functions, fc.array(tie('expression'), { maxLength: 3 }))
          .map(([name, args]) => `${name}(${args.join()})`),
      ),
    }));
    fc.assert(
      fc.property(expression, text => {
        try {
          const value = run(text, { m: [1, _, 3], n: [_, -2, 0] });
          const all = typeof value === 'number' ? [] : isArray(value) ? value : [value];
          for (const one of all) {
            expect(one.times.length).toBe(one.values.length);
            expect(one.values.every(Number.isFinite)).toBe(true);
            expect([...one.times].sort((a, b) => a - b)).toEqual(one.times);
          }
        } catch (error) {
          if (!(error instanceof MathError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
