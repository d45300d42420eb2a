import { describe, expect, it, vi } from 'vitest';
import { formatCount, formatDate, formatList } from '../../src/vscode/formats.ts';
import { formatDay, formatSize } from '../../src/vscode/sizes.ts';
import { cpuTime } from '../support/cpuTime.ts';
import { useLanguage } from '../support/vscodeText.ts';

describe('numbers and dates', () => {
  const date = new Date(2026, 10, 22, 14, 24);

  it('are as the user’s language has them', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatDay(date)).toBe('Nov 22, 2026');
    expect(formatDate(date)).toMatch(/^Nov 22, 2026, 2:24\sPM$/);
    expect(formatDay(new Date(NaN))).toBe('');
  });

  it('list names as the user’s language does', () => {
    expect(formatList(['a'])).toBe('a');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b, and c');
    expect(formatList(['a', 'b', 'c'], 'disjunction')).toBe('a, b, or c');
    useLanguage('ko');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b 및 c');
    useLanguage('en');
  });

  it.each<[number, string]>([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1536, '1.5 KB'],
    [150 * 1024, '150 KB'],
    [5 * 1024 ** 4, '5 TB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));

  it('find the formats that rows need made before', async () => {
    vi.resetModules();
    const made = [vi.spyOn(Intl, 'NumberFormat'), vi.spyOn(Intl, 'DateTimeFormat')];
    const { prepareFormats } = await import('../../src/vscode/formatters.ts');
    const fresh = await import('../../src/vscode/sizes.ts');
    prepareFormats();
    const before = made.map(({ mock }) => mock.calls.length);
    expect(Math.min(...before)).toBeGreaterThan(0);
    expect([fresh.formatSize(7), fresh.formatSize(1536)]).toEqual(['7 B', '1.5 KB']);
    expect(fresh.formatDay(date)).toBe('Nov 22, 2026');
    expect(made.map(({ mock }) => mock.calls.length)).toEqual(before);
    vi.restoreAllMocks();
  });

  it('cost little enough for the rows of a hundred thousand objects', () => {
    const began = cpuTime();
    for (let at = 0; at < 10_000; at++) {
      formatSize(at);
      formatDay(date);
    }
    // A format made for each takes 1,500 ms.
    expect(cpuTime() - began).toBeLessThan(750);
  });
});
