import { describe, expect, it } from 'vitest';
import { keyOfName, nameProblem } from '../../../src/explorer/copies/nameProblem.ts';
import { selectedStem, initialName } from '../../../src/explorer/copies/initialName.ts';

const prefix = (name: string, parent = 'p/') => ({ parent, name, isPrefix: true });
const object = (name: string, parent = 'p/') => ({ parent, name, isPrefix: false });

describe('a name that is typed', () => {
  it.each([
    ...['a', 'a b', 'a+b', '%2F', '🪣', '...', '.env', 'x..', 'e\u0301', 'a/b', '日本語', 'a\\b'],
  ])('may be %j', name => {
    expect([nameProblem(prefix(name)), nameProblem(object(name))]).toEqual([undefined, undefined]);
  });

  it.each(['', ' ', '/', '//', '/a', 'a//b', '.', '..', 'a/../b', './a'])('may not be %j', name => {
    expect(nameProblem(prefix(name))).toBeDefined();
    expect(nameProblem(object(name))).toBeDefined();
  });

  it('of a folder may have a slash at its end, that of an object not', () => {
    expect(nameProblem(prefix('a/'))).toBeUndefined();
    expect(nameProblem(prefix('a//'))).toBeDefined();
    expect(nameProblem(object('a/'))).toMatch(/slash/);
    expect([keyOfName(prefix('a')), keyOfName(prefix('a/'))]).toEqual(['p/a/', 'p/a/']);
  });

  it('is counted with what is before it and its slash, in bytes of UTF-8', () => {
    const room = 1024 - 'p/'.length;
    expect(nameProblem(object('x'.repeat(room)))).toBeUndefined();
    expect(nameProblem(object('x'.repeat(room + 1)))).toMatch(/1025 bytes/);
    expect(nameProblem(prefix('x'.repeat(room - 1)))).toBeUndefined();
    expect(nameProblem(prefix('x'.repeat(room)))).toMatch(/1025 bytes/);
    expect(nameProblem(object('🪣'.repeat(256)))).toMatch(/1026 bytes/);
  });

  it('begins with the old one where a box for one line keeps it', () => {
    expect(['a b', 'line\nbreak', 'x\u2028', 'tab\t'].map(initialName)).toEqual([
      'a b',
      '',
      '',
      '',
    ]);
    const cases = [
      ['a.txt', false],
      ['.env', false],
      ['v1.2', true],
      ['x', false],
    ] as const;
    expect(cases.map(([name, isPrefix]) => selectedStem(name, isPrefix)[1])).toEqual([1, 4, 4, 1]);
  });
});
