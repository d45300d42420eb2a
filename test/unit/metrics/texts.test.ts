import { expect, test } from 'vitest';
import { text } from '../../../media/texts.ts';
import { formatAge, formatLength, formatTime } from '../../../media/metrics/texts.ts';

test.each([
  [3 * 3600, '3 hours'],
  [14 * 86_400, '2 weeks'],
  [90, '90 seconds'],
])('%i seconds are %s', (seconds, said) => {
  expect(formatLength(seconds)).toBe(said);
});

test.each([
  [0, '0 seconds ago'],
  [59, '59 seconds ago'],
  [119, '1 minute ago'],
  [2 * 86_400, '2 days ago'],
  // The browser's clock may be behind the host's.
  [-30, '0 seconds ago'],
])('what was read %i seconds before is of %s', (age, said) => {
  expect(formatAge(1000, 1000 + age)).toBe(said);
});

test('a moment is shown in UTC where that is chosen', () => {
  const said = formatTime(Date.UTC(2026, 9, 25, 1) / 1000, true);
  expect(said).toMatch(/^Oct 25, 2026, 1:00\sAM$/);
});

test('what is filled into a text is not filled again', () => {
  expect(text('{0} and {1}', '{1}', 'b')).toBe('{1} and b');
});
