import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, table } from '../../src/vscode/markdown.ts';
import { visibleSentence } from '../../src/vscode/visibleText.ts';

/** What a reader sees of it. */
function shown(markdown: string): string {
  return markdown
    .replaceAll('&nbsp;', ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

describe('plain', () => {
  it('shows any text as it is, in one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const line = text.replace(/\r\n|[\r\n\u2028\u2029]/g, '⏎');
        expect(shown(escapeMarkdown(text))).toBe(visibleSentence(line));
      }),
    );
  });

  it('lets nothing through that Markdown or HTML would read', () => {
    expect(escapeMarkdown('|*_`[a](b)<c>&~#!\\')).not.toMatch(/[|*_`[\]()<>~!\\]/);
  });

  it('leaves an ordinary key readable', () => {
    expect(escapeMarkdown('photos/summer 2026/a.png')).toBe('photos/summer 2026/a&#46;png');
  });
});

describe('table', () => {
  it('aligns as it is told', () => {
    expect(table(['a', 'b'], [['1', '2']], ['right'])).toBe('| a | b |\n| ---: | --- |\n| 1 | 2 |');
  });
});
