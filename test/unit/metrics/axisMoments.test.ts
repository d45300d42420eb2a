import { expect, it } from 'vitest';
import { useTexts } from '../../../media/texts.ts';
import { momentTexts } from '../../../media/metrics/texts.ts';

const MIDNIGHT = Date.UTC(2026, 10, 22) / 1000;
const HOUR = 3600;

function speak(language: string): void {
  useTexts({ kind: 'start', texts: {}, language } as Parameters<typeof useTexts>[0]);
}

it('moments of an axis name the day where it begins, in the user’s language', () => {
  const moments = [MIDNIGHT - HOUR, MIDNIGHT, MIDNIGHT + HOUR];
  speak('en');
  expect(momentTexts(moments, HOUR, true).map(plain)).toEqual([
    '11:00 PM\nNov 21',
    '12:00 AM\nNov 22',
    '1:00 AM',
  ]);
  speak('de');
  expect(momentTexts(moments, HOUR, true).map(plain)).toEqual([
    '23:00\n21. Nov.',
    '00:00\n22. Nov.',
    '01:00',
  ]);
});

it('moments of an axis are days where they are days apart, and have seconds where those differ', () => {
  speak('en');
  expect(momentTexts([MIDNIGHT], 24 * HOUR, true)).toEqual(['Nov 22']);
  expect(momentTexts([MIDNIGHT + HOUR + 5], 5, true).map(plain)).toEqual(['1:00:05 AM\nNov 22']);
});

/** Languages have spaces of their own between a number and what follows. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}
