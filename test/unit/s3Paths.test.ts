import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authorityOfBucket,
  bucketOfAuthority,
  keyOfPath,
  nameInFolder,
  pathOfKey,
  pathOfPrefix,
  prefixOfPath,
  segmentOfName,
} from '../../src/explorer/fileSystem/s3Paths.ts';

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
    ['C:/a', '/%C:/a'],
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

  it('has names in its folders that stand for one part of a key each', () => {
    fc.assert(
      fc.property(key, text => {
        const parts = text.split('/');
        const names = pathOfKey(text).slice(1).split('/');
        expect(names.map(segmentOfName)).toEqual(parts);
      }),
    );
  });
});

describe('the authority of a bucket', () => {
  it.each([
    ['photos.2026', 'photos.2026'],
    ['MyBucket_1', '~my~bucket_1'],
    ['ABC', '~a~b~c'],
  ])('of %s is %s', (bucket, authority) => {
    expect(authorityOfBucket(bucket)).toBe(authority);
    expect(bucketOfAuthority(authority)).toBe(bucket);
  });

  it('survives small letters, and is no two buckets’', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{3,63}$/), bucket => {
        expect(bucketOfAuthority(authorityOfBucket(bucket).toLowerCase())).toBe(bucket);
      }),
    );
  });
});
