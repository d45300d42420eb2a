import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyName } from '../../../../src/aws/copies/copyName.ts';

describe('the name of a copy', () => {
  it.each([
    ['a.txt', 'a copy.txt', 'a copy 2.txt'],
    ['p/a.txt', 'p/a copy.txt', 'p/a copy 2.txt'],
    ['a copy.txt', 'a copy 2.txt', 'a copy 3.txt'],
    ['a copy 9.txt', 'a copy 10.txt', 'a copy 11.txt'],
    ['a.tar.gz', 'a copy.tar.gz', 'a copy 2.tar.gz'],
    ['.env', '.env copy', '.env copy 2'],
    ['..', '.. copy', '.. copy 2'],
    ['README', 'README copy', 'README copy 2'],
    ['v1.2/README', 'v1.2/README copy', 'v1.2/README copy 2'],
    ['photos/', 'photos copy/', 'photos copy 2/'],
    ['v1.2/', 'v1.2 copy/', 'v1.2 copy 2/'],
    ['a//', 'a/ copy/', 'a/ copy 2/'],
    ['a b+%2F.txt', 'a b+%2F copy.txt', 'a b+%2F copy 2.txt'],
    ['🪣\u2028\n.png', '🪣\u2028\n copy.png', '🪣\u2028\n copy 2.png'],
  ])('of %s is %s, then %s', (key, first, second) => {
    expect([copyName(key, 1), copyName(key, 2)]).toEqual([first, second]);
  });

  it('is a key, another one for each number, however long and whatever is in it', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 700 })
      .filter(text => Buffer.byteLength(text) <= 1024);
    fc.assert(
      fc.property(key, text => {
        const names = [1, 2, 3, 10, 1000].map(number => copyName(text, number));
        expect(new Set([text, ...names]).size).toBe(6);
        for (const name of names) {
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(1024);
          expect(name.isWellFormed()).toBe(true);
          expect(name.endsWith('/')).toBe(text.endsWith('/'));
        }
      }),
    );
  });

  it('stays beside the original', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b.c', '', '.', '..', ' copy'), { minLength: 2 }),
        parts => {
          const key = parts.join('/').slice(0, 900);
          const parent = key.slice(0, key.lastIndexOf('/', key.length - 2) + 1);
          expect(copyName(key, 1).startsWith(parent)).toBe(true);
        },
      ),
    );
  });
});
