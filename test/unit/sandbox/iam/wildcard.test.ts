import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, tokenize } from '../../../../src/sandbox/iam/wildcard.ts';
import { cpuTime } from '../../../support/cpuTime.ts';

const glob = (pattern: string, text: string): boolean => matches(tokenize(pattern) ?? [], text);

describe('wildcards of policies', () => {
  it.each([
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', '😀', true],
    ['*.jpg', 'a/b/c.jpg', true],
    ['a**b', 'ab', true],
    ['arn:aws:s3:::images/*', 'arn:aws:s3:::images', false],
    ['any', 'any', true],
    ['${*}', '*', true],
    ['${*}', 'x', false],
  ])('%s against %s', (pattern, text, expected) => {
    expect(glob(pattern, text)).toBe(expected);
  });

  it('takes a variable literally and matches nothing when it has no value', () => {
    const tokens = tokenize('home/${aws:userid}/*', () => 'a*');
    expect(matches(tokens ?? [], 'home/a*/x')).toBe(true);
    expect(matches(tokens ?? [], 'home/ab/x')).toBe(false);
    expect(tokenize('${aws:nothing}', () => undefined)).toBeUndefined();
    expect(tokenize("${aws:nothing, 'z'}", () => undefined)).toEqual(['z']);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(glob(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
    );
  });

  it('is not slow on many stars', () => {
    const started = cpuTime();
    expect(glob('a*'.repeat(500) + 'c', 'a'.repeat(1024) + 'b')).toBe(false);
    expect(cpuTime() - started).toBeLessThan(500);
  });
});
