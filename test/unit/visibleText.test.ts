import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleLabel } from '../../src/vscode/visibleText.ts';

describe('text made visible', () => {
  it.each([
    ['plain name.png', 'plain name.png'],
    ['two\nlines', 'two\\nlines'],
    [' ends ', '·ends·'],
    ['   ', '···'],
    ['right\u202eto left', 'right\\u202eto left'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['👩‍🚀 and 👩🏽‍🚀', '👩‍🚀 and 👩🏽‍🚀'],
    ['\u200d', '\\u200d'],
    ['日本語 é', '日本語 é'],
  ])('of %j is %j', (text, expected) => expect(visible(text)).toBe(expected));

  it('is one line and never empty for what is not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), text => {
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
        expect(visible(text)).not.toBe('');
      }),
    );
  });
});

describe('a label of a quick pick', () => {
  it('makes no icon of a key', () => {
    expect(visibleLabel('a/$(sync~spin).txt\n')).toBe('a/\\$(sync~spin).txt\\n');
  });
});
