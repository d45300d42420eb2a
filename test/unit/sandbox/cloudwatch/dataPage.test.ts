import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPage, readToken, writeToken } from '../../../../src/sandbox/cloudwatch/dataPage.ts';
import type { DataResult } from '../../../../src/sandbox/cloudwatch/dataResults.ts';

const resultOf = (id: string, minutes: readonly number[]): DataResult => ({
  id,
  series: {
    label: id,
    period: 60,
    known: true,
    times: minutes.map(minute => minute * 60),
    values: minutes.map(minute => minute + 0.5),
  },
});

describe('pages of metric data', () => {
  const minutes = fc
    .uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 30 })
    .map(list => list.sort((a, b) => a - b));
  const scanBy = fc.constantFrom('TimestampAscending' as const, 'TimestampDescending' as const);

  it('together are the whole, without a point twice, in either order and for any size', () => {
    const results = fc.array(minutes, { maxLength: 4 });
    const limit = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(results, scanBy, limit, (lists, order, most) => {
        const all = lists.map((list, index) => resultOf(`m${index}`, list));
        const joined = all.map(() => ({ times: [] as number[], values: [] as number[] }));
        let from: number | undefined;
        do {
          const page = cutPage(all, order, most, from);
          const shown = page.results.reduce((sum, { times }) => sum + times.length, 0);
          expect(shown).toBeLessThanOrEqual(most);
          if (page.next !== undefined) expect(shown).toBe(most);
          page.results.forEach(({ times, values, partial }, index) => {
            joined[index]!.times.push(...times);
            joined[index]!.values.push(...values);
            const complete = joined[index]!.times.length === all[index]!.series.times.length;
            expect(partial).toBe(!complete);
          });
          from = page.next;
        } while (from !== undefined);
        const expected = all.map(({ series }) => ({
          times: order === 'TimestampAscending' ? series.times : series.times.toReversed(),
          values: order === 'TimestampAscending' ? series.values : series.values.toReversed(),
        }));
        expect(joined).toEqual(expected);
      }),
    );
  });

  it('go on where they ended when new points have come meanwhile', () => {
    const first = cutPage([resultOf('m', [1, 2, 3, 4])], 'TimestampDescending', 2);
    expect(first.results[0]?.times).toEqual([240, 180]);
    const later = [resultOf('m', [1, 2, 3, 4, 5])];
    const second = cutPage(later, 'TimestampDescending', 2, first.next);
    expect(second.results[0]?.times).toEqual([120, 60]);
    expect(second.next).toBeUndefined();
  });

  it('have tokens for one request only', () => {
    expect(readToken(writeToken(5, 'a'), 'a')).toBe(5);
    for (const token of [writeToken(5, 'b'), '', 'x', '\0', 'bnVsbA', 'W10', '😀']) {
      expect(() => readToken(token, 'a')).toThrow('The next token specified is invalid.');
    }
  });
});
