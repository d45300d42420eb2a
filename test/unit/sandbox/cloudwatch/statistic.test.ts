import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatistic, percentileValue } from '../../../../src/sandbox/cloudwatch/statistic.ts';

/** The period's values as the store gives them: distinct, ascending, counted. */
function counted(raw: readonly number[]) {
  const counts = new Map<number, number>();
  for (const value of raw) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ time: 0, value, count }));
}

const aggregateOf = (raw: readonly number[]) => ({
  time: 0,
  samples: raw.length,
  sum: raw.reduce((sum, value) => sum + value, 0),
  minimum: Math.min(...raw),
  maximum: Math.max(...raw),
});

const percentile = (p: number, raw: readonly number[]) =>
  percentileValue(p, counted(raw), aggregateOf(raw));

describe('percentiles', () => {
  it('are the least value that this share does not exceed, by counting every observation', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 });
    // Tenths of percents as whole numbers, so that the check computes without fractions.
    const tenths = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(values, tenths, (raw, p) => {
        const candidates = raw.filter(candidate => {
          const notAbove = raw.filter(value => value <= candidate).length;
          return notAbove * 1000 >= p * raw.length;
        });
        expect(percentile(p / 10, raw)).toBe(Math.min(...candidates));
      }),
    );
  });

  it('are what textbooks say of small sets', () => {
    const scores = [15, 20, 35, 40, 50];
    expect([5, 30, 40, 50, 100].map(p => percentile(p, scores))).toEqual([15, 20, 20, 35, 50]);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([1, 7, 50, 95, 99, 99.9].map(p => percentile(p, hundred))).toEqual([
      1, 7, 50, 95, 99, 100,
    ]);
  });

  it('are minimum and maximum at their ends, and the value itself for one observation', () => {
    expect([percentile(0, [3, 1, 2]), percentile(100, [3, 1, 2])]).toEqual([1, 3]);
    expect([0, 50, 99.9, 100].map(p => percentile(p, [7]))).toEqual([7, 7, 7, 7]);
  });

  it('are not told of negative values, nor of statistics without their values', () => {
    expect(percentile(50, [-1, 5])).toBeUndefined();
    const [first] = counted([1]);
    expect(percentileValue(50, [first!], { ...aggregateOf([1, 9]), samples: 3 })).toBeUndefined();
  });

  it('are right for counts without end', () => {
    const values = [
      { time: 0, value: 1, count: 999_999_999 },
      { time: 0, value: 2, count: 1 },
    ];
    const whole = { time: 0, samples: 1_000_000_000, sum: 1e9 + 1, minimum: 1, maximum: 2 };
    expect([50, 99.9, 100].map(p => percentileValue(p, values, whole))).toEqual([1, 1, 2]);
  });
});

describe('names of statistics', () => {
  it('are simple ones, percentiles, further ones of AWS, or none', () => {
    expect(parseStatistic('Sum')).toBe('Sum');
    expect(parseStatistic('p99.9')).toEqual({ percentile: 99.9 });
    expect(parseStatistic('p100')).toEqual({ percentile: 100 });
    for (const name of ['tm90', 'TM(10%:90%)', 'IQM', 'PR(:300)', 'wm95.5', 'ts99', 'tc5']) {
      expect(parseStatistic(name), name).toBe('refused');
    }
    for (const name of ['sum', 'p101', 'p', 'p-1', 'p1e1', 'Median', '', 'toString']) {
      expect(parseStatistic(name), name).toBe('unknown');
    }
  });
});
