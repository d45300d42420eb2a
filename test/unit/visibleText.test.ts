import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  makeVisible,
  visible,
  visibleLabel,
  visibleSentence,
} from '../../src/vscode/visibleText.ts';
import { neutralizeLinks } from '../../src/vscode/neutralizeLinks.ts';

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
    ['👨‍👩‍👧‍👦 1️⃣ ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧‍👦 1️⃣ ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['a\u061cb', 'a\\u061cb'],
    ['soft\u00adhyphen', 'soft\\u00adhyphen'],
    ['\u180e', '\\u180e'],
    ['\u3164\u115f\u1160\uffa0', '\\u3164\\u115f\\u1160\\uffa0'],
    ['\u2800\u{16fe4}\u{1d159}', '\\u2800\\u{16fe4}\\u{1d159}'],
    ['x\u{e0041}\u{e007f}', 'x\\u{e0041}\\u{e007f}'],
    ['a\ufe0f😀\ufe0f\u{e0100}', 'a\\ufe0f😀\\ufe0f\\u{e0100}'],
    ['no\u00a0break\u202fspace\u2003', 'no\\u00a0break\\u202fspace\\u2003'],
    ['\u034f\u17b4\u206a\ufff9\ue000\uffff', '\\u034f\\u17b4\\u206a\\ufff9\\ue000\\uffff'],
    ['\ud83d alone', '\\ud83d alone'],
    ['報告書　最終　', '報告書　最終·'],
    ['\u0600١', '\u0600١'],
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

describe('a sentence with other people’s text in it', () => {
  it('keeps our line breaks and shows what can’t be seen', () => {
    expect(visibleSentence('Delete “a\u202eb”?\n two')).toBe('Delete “a\\u202eb”?\n two');
  });

  it('is the same when it is made visible twice, as a message without links is', () => {
    const text = neutralizeLinks('[a\u2060](command:x) ]\u2060(y) \u2060');
    expect(text).toBe('[a\\u2060]\u2060(command:x) ]\\u2060(y) \\u2060');
    expect(neutralizeLinks(text)).toBe(text);
  });
});

describe('an item of a list', () => {
  it('shows what can’t be seen in all it says, and stays the same object', () => {
    const item = { label: '$(tag) a\u3164', description: 'b', detail: 'c\u202ed' };
    expect(makeVisible(item)).toBe(item);
    expect(item).toEqual({ label: '$(tag) a\\u3164', description: 'b', detail: 'c\\u202ed' });
  });
});
