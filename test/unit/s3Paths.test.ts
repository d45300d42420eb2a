import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  keyOfPath,
  nameInFolder,
  pathOfKey,
  pathOfPrefix,
  prefixOfPath,
} from '../../src/explorer/s3Paths.ts';

const awkward = fc.constantFrom('', '.', '..', '%', '%%', '%.', '%2F', 'a', 'ß', '🪣', ' ', 'a b');
const key = fc
  .array(
    fc.oneof(
      awkward,
      fc.string({ unit: 'binary' }).map(text => text.replaceAll('/', '')),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map(parts => parts.join('/'))
  .filter(text => text !== '');

describe('the path of a key', () => {
  it.each([
    ['photos/a.png', '/photos/a.png'],
    ['a//b', '/a/%/b'],
    ['a/', '/a/%'],
    ['/a', '/%/a'],
    ['../x', '/%../x'],
    ['./.', '/%./%.'],
    ['100%', '/100%'],
    ['%41', '/%%41'],
    ['...', '/...'],
  ])('of %j is %j', (text, path) => {
    expect(pathOfKey(text)).toBe(path);
    expect(keyOfPath(path)).toBe(text);
  });

  it('gives every key back, and survives being normalized', () => {
    fc.assert(
      fc.property(key, text => {
        const path = pathOfKey(text);
        expect(posix.normalize(path)).toBe(path);
        expect(keyOfPath(path)).toBe(text);
      }),
    );
  });

  it('gives every prefix back', () => {
    fc.assert(
      fc.property(key, text => {
        expect(prefixOfPath(pathOfPrefix(`${text}/`))).toBe(`${text}/`);
      }),
    );
    expect(prefixOfPath('/')).toBe('');
    expect(prefixOfPath('')).toBe('');
    expect(pathOfPrefix('')).toBe('/');
    expect(keyOfPath('/')).toBeUndefined();
  });

  it('is the path of its folder joined with its name', () => {
    fc.assert(
      fc.property(key, text => {
        const prefix = text.slice(0, text.lastIndexOf('/') + 1);
        expect(posix.join(pathOfPrefix(prefix), nameInFolder(prefix, text))).toBe(pathOfKey(text));
      }),
    );
  });
});
