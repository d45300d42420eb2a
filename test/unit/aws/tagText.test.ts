import { describe, expect, it } from 'vitest';
import { formatTagText, parseTagText } from '../../../src/aws/objects/tagText.ts';

describe('tags on one line', () => {
  it.each<[string, [string, string][]]>([
    ['phototype=finished', [['phototype', 'finished']]],
    [
      ' phototype = finished , owner=me,',
      [
        ['phototype', 'finished'],
        ['owner', 'me'],
      ],
    ],
    [
      'a=1\nb=2\r\nc=3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['key with spaces=a value', [['key with spaces', 'a value']]],
    ['empty=', [['empty', '']]],
    ['formula=a=b+c', [['formula', 'a=b+c']]],
    ['"a=b"=c', [['a=b', 'c']]],
    ['"a=b"="c,d"', [['a=b', 'c,d']]],
    ['', []],
    [' , ,\n', []],
  ])('%j', (text, tags) => {
    expect(parseTagText(text)).toEqual({ tags: tags.map(([key, value]) => ({ key, value })) });
  });

  it.each([
    ['phototype', 'noEquals', 'phototype'],
    ['a=1, phototype', 'noEquals', 'phototype'],
    ['"a=b', 'noEquals', '"a=b'],
    ['a="b', 'quotes', 'a="b'],
    ['a"b"=c', 'quotes', 'a"b"=c'],
  ] as const)('%j is not taken', (text, kind, part) => {
    expect(parseTagText(text)).toEqual({ problem: { kind, text: part } });
  });

  it('are written as they are read', () => {
    const parts = ['a', 'a=b', ' a', 'a ', 'a, b', 'key with spaces', 'é=', '+-=._:/@'];
    const tags = parts.flatMap(key => [...parts, ''].map(value => ({ key, value })));
    expect(parseTagText(formatTagText(tags))).toEqual({ tags });
    expect(formatTagText([{ key: 'phototype', value: 'finished' }])).toBe('phototype=finished');
  });
});
