import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TagCondition } from '../../../src/aws/selection/selection.ts';
import {
  formatSizes,
  parseDates,
  parseSizes,
  parseTagConditions,
  regexProblem,
} from '../../../src/vscode/filter/filterInput.ts';
import { formatTagConditions } from '../../../src/vscode/filter/tagConditionText.ts';

const MIB = 1024 ** 2;

describe('sizes', () => {
  it.each([
    ['> 10 MB', { minBytes: 10 * MIB + 1 }],
    ['>=10MB', { minBytes: 10 * MIB }],
    ['< 1 GiB', { maxBytes: 1024 * MIB - 1 }],
    ['<= 1.5 kb', { maxBytes: 1536 }],
    ['10 MB to 1 GB', { minBytes: 10 * MIB, maxBytes: 1024 * MIB }],
    ['0-1,000', { minBytes: 0, maxBytes: 1000 }],
    ['0', { minBytes: 0, maxBytes: 0 }],
    ['1 TB to 1 GB', undefined],
    ['< 0', undefined],
    ['big', undefined],
    ['', undefined],
  ])('reads %s', (text, range) => expect(parseSizes(text)).toEqual(range));

  it('reads again what it writes', () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 45 });
    const range = fc.oneof(
      bytes.map(minBytes => ({ minBytes })),
      bytes.map(maxBytes => ({ maxBytes })),
      fc.tuple(bytes, bytes).map(([one, other]) => ({
        minBytes: Math.min(one, other),
        maxBytes: Math.max(one, other),
      })),
    );
    fc.assert(
      fc.property(range, one => {
        expect(parseSizes(formatSizes(one))).toEqual(one);
      }),
    );
  });
});

describe('dates', () => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  const local = (year: number, month: number, day: number) =>
    new Date(year, month - 1, day).toISOString();

  it.each([
    ['after 2026-01-31', { modifiedAfter: local(2026, 1, 31) }],
    ['Before 2026-02-01', { modifiedBefore: local(2026, 2, 1) }],
    ['until 2026-01-31', { modifiedBefore: local(2026, 2, 1) }],
    [
      '2026-01-01 to 2026-01-31',
      {
        ...{ modifiedAfter: local(2026, 1, 1), modifiedBefore: local(2026, 2, 1) },
      },
    ],
    ['after 2026-01-31T12:00Z', { modifiedAfter: '2026-01-31T12:00:00.000Z' }],
    ['last 30 days', { modifiedAfter: '2026-10-30T12:00:00.000Z' }],
    ['last 24h', { modifiedAfter: '2026-11-28T12:00:00.000Z' }],
    ['older than 1 year', { modifiedBefore: '2025-11-29T12:00:00.000Z' }],
    ['after 2026-02-31', undefined],
    ['2026-02-02 to 2026-01-01', undefined],
    ['yesterday', undefined],
    ['last', undefined],
    ['', undefined],
  ])('reads %s', (text, range) => expect(parseDates(text, now)).toEqual(range));
});

describe('conditions on tags', () => {
  it.each<[string, TagCondition[] | undefined]>([
    ['project=x', [{ kind: 'equals', key: 'project', value: 'x' }]],
    [
      'owner, !archived',
      [
        { kind: 'has', key: 'owner' },
        { kind: 'lacks', key: 'archived' },
      ],
    ],
    ['a=', [{ kind: 'equals', key: 'a', value: '' }]],
    ['"a,b"="c=d"', [{ kind: 'equals', key: 'a,b', value: 'c=d' }]],
    ['a=b=c', [{ kind: 'equals', key: 'a', value: 'b=c' }]],
    ['!a=b', undefined],
    ['=b', undefined],
    ['', undefined],
  ])('reads %s', (text, conditions) => expect(parseTagConditions(text)).toEqual(conditions));

  it('reads again what it writes', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter(text => !/"/.test(text) && text.trim() !== '');
    const condition = fc.oneof(
      fc.record({ kind: fc.constantFrom('has' as const, 'lacks' as const), key: word }),
      fc.record({ kind: fc.constant('equals' as const), key: word, value: word }),
    );
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), conditions => {
        expect(parseTagConditions(formatTagConditions(conditions))).toEqual(conditions);
      }),
    );
  });
});

it('says what is wrong with a regular expression', () => {
  expect(regexProblem('^a.*\\.png$')).toBeUndefined();
  expect(regexProblem('(')).toMatch(/group/i);
});
