import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowSet } from '../../../src/aws/manifest/rowSet.ts';

it('knows every row again, as a set of strings would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 6 })), rows => {
      const known = new Set<string>();
      const compact = new RowSet(1000);
      for (const row of rows) {
        expect(compact.seen(row)).toBe(known.has(row));
        known.add(row);
      }
      expect(compact.size).toBe(known.size);
    }),
  );
});

it('keeps no more rows than it may, and goes on knowing those', () => {
  const rows = new RowSet(2);
  expect(['a', 'b', 'c', 'c', 'a'].map(row => rows.seen(row))).toEqual([
    ...[false, false, false, false, true],
  ]);
  expect(rows.size).toBe(2);
});

it('tells a million rows apart that differ by a number', () => {
  const rows = new RowSet(2_000_000);
  let again = 0;
  for (let at = 0; at < 1_000_000; at++) again += rows.seen(`images,photos/${at}.jpg`) ? 1 : 0;
  expect([again, rows.size]).toEqual([0, 1_000_000]);
});
