import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeManifestKey,
  encodeManifestKey,
  hasUnencodedCharacters,
} from '../../../src/aws/manifest/manifestKey.ts';

const keys = fc.string({ minLength: 1, maxLength: 100, unit: 'binary' });

describe('manifest keys', () => {
  it('survive encoding, a CSV row and decoding', () => {
    fc.assert(
      fc.property(keys, key => {
        const cell = encodeManifestKey(key);
        const rows: unknown = parse(`bucket,${cell}\r\n`);
        expect(rows).toEqual([['bucket', cell]]);
        expect(decodeManifestKey(cell)).toBe(key);
        expect(hasUnencodedCharacters(cell)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('read as AWS reads them: a plus is a space', () => {
    expect(encodeManifestKey('a b+c/ü"%,\n')).toBe('a%20b%2Bc/%C3%BC%22%25%2C%0A');
    expect(decodeManifestKey('a+b%2Bc')).toBe('a b+c');
  });

  it('are told from cells that are not encoded', () => {
    expect(decodeManifestKey('100% done.png')).toBeUndefined();
    expect(decodeManifestKey('%FF')).toBeUndefined();
    for (const cell of ['a b', 'ü', 'a\u007f', 'a"b', 'tab\t', '🙂']) {
      expect(hasUnencodedCharacters(cell)).toBe(true);
    }
    for (const cell of ['a', "a-b_c.d~e!f'g(h)i*j/k%20+l", 'a=b&c:d@e']) {
      expect(hasUnencodedCharacters(cell)).toBe(false);
    }
  });

  it('refuse half a surrogate pair', () => {
    expect(() => encodeManifestKey('\ud800')).toThrow(
      expect.objectContaining({ code: 'InvalidInput' }),
    );
  });
});
