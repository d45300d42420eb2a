import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from '../../../src/aws/cutText.ts';

it('cuts a text, but no character of it', () => {
  expect(cutText('abc', 2)).toBe('ab');
  expect(cutText('a😀', 2)).toBe('a');
  expect(cutText('a😀', 3)).toBe('a😀');
  expect(cutText('😀', 0)).toBe('');
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, fc.nat(40), (whole, length) => {
      const cut = cutText(whole, length);
      expect(cut.isWellFormed()).toBe(true);
      expect(whole.startsWith(cut)).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(whole.length, length) - 1);
      expect(cut.length).toBeLessThanOrEqual(length);
    }),
  );
});
