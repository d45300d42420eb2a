import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filePaths, safeFileName } from '../../src/aws/objects/fileNames.ts';

const LINUX = { windows: false, ignoreCase: false };
const WINDOWS = { windows: true, ignoreCase: true };

describe('the file name of a key segment', () => {
  it.each([
    ['image1.png', 'image1.png', 'image1.png'],
    ['a:b?.txt', 'a:b?.txt', 'a_b_.txt'],
    ['..', '_..', '__'],
    ['.', '_.', '_'],
    ['', '_', '_'],
    ['con', 'con', '_con'],
    ['con .txt', 'con .txt', '_con .txt'],
    ['NUL.txt', 'NUL.txt', '_NUL.txt'],
    ['console.log', 'console.log', 'console.log'],
    ['ends. ', 'ends. ', 'ends__'],
    ['back\\slash', 'back_slash', 'back_slash'],
    ['nul\u0000byte', 'nul_byte', 'nul_byte'],
    ['日本 語.csv', '日本 語.csv', '日本 語.csv'],
  ])('%j is %j on Linux and %j on Windows', (segment, linux, windows) => {
    expect(safeFileName(segment, LINUX)).toBe(linux);
    expect(safeFileName(segment, WINDOWS)).toBe(windows);
  });

  it('is no longer than a file system takes, and keeps its extension', () => {
    const name = safeFileName(`${'é'.repeat(300)}.png`, LINUX);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/~[0-9a-f]{8}\.png$/);
  });
});

describe('the files of a download', () => {
  it('never leave the target folder, whatever the keys are', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'C:', '\\\\host\\share', '~', 'a', 'A', 'aux'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const key = fc.array(part, { minLength: 1, maxLength: 5 }).map(parts => parts.join('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (keys, win) => {
          const rules = win ? WINDOWS : LINUX;
          const join = win ? win32 : posix;
          const root = win ? 'C:\\target' : '/target';
          const files = filePaths(keys, rules).map(path => join.resolve(root, ...path));
          for (const file of files) expect(file.startsWith(root + join.sep)).toBe(true);
          const seen = files.map(file => (win ? file.normalize('NFC').toLowerCase() : file));
          expect(new Set(seen).size).toBe(keys.length);
          for (const file of seen) {
            expect(seen.some(other => other.startsWith(file + join.sep))).toBe(false);
          }
        },
      ),
    );
  });

  it('give way to a folder of its name', () => {
    expect(filePaths(['a', 'a/b', 'c.txt', 'C.txt'], WINDOWS)).toEqual([
      ['a~2'],
      ['a', 'b'],
      ['c.txt'],
      ['C~2.txt'],
    ]);
  });
});
