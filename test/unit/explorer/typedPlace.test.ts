import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../src/explorer/find/typedPlace.ts';
import { readS3Address } from '../../../src/aws/s3Address.ts';

const front = { bucket: 'photos', key: '2026/01/' };

/** Where a typed text leads, likeliest first. */
function places(text: string, ...where: (typeof front)[]): string[] {
  const reading = readS3Address(text);
  const address = reading.kind === 'address' ? reading.address : undefined;
  return placesOf(text, address, where[0]).map(({ bucket, key }) =>
    key === undefined ? bucket : `${bucket} ${key}`,
  );
}

describe('what is typed to go to', () => {
  it('is a key of the bucket in front, then of the prefix in front, with a slash or without', () => {
    expect(places('cat.png', front)).toEqual([
      'photos cat.png',
      'photos cat.png/',
      'photos 2026/01/cat.png',
      'photos 2026/01/cat.png/',
      'cat.png',
    ]);
    expect(places('2026/', front)).toEqual(['photos 2026/', 'photos 2026/01/2026/', '2026']);
  });

  it('is a bucket, or a bucket and a key, where nothing is in front', () => {
    expect(places('photos')).toEqual(['photos']);
    expect(places('photos/a b')).toEqual(['photos a b', 'photos a b/']);
    expect(places('no')).toEqual([]);
    expect(places('')).toEqual([]);
  });

  it('is what an address says, wherever one is', () => {
    for (const address of [
      's3://other/a/b.txt',
      'arn:aws:s3:::other/a/b.txt',
      'https://other.s3.eu-west-1.amazonaws.com/a/b.txt',
      'https://s3.eu-west-1.amazonaws.com/other/a/b.txt',
      'https://other.s3.amazonaws.com/a/b.txt?X-Amz-Signature=00&X-Amz-Expires=60',
      'http://other.s3-website-eu-west-1.amazonaws.com/a/b.txt',
      'https://eu-west-1.console.aws.amazon.com/s3/object/other?region=eu-west-1&prefix=a/b.txt',
    ]) {
      expect(places(address), address).toEqual(['other a/b.txt', 'other a/b.txt/']);
    }
    expect(places('s3://other', front)).toEqual(['other']);
  });

  it.each([
    'a b',
    '+',
    '%2F',
    'a//b',
    '/a',
    './x',
    '../x',
    '🪣',
    'c\nd',
    'x\u2028y',
    'e\u0301',
    ' ',
  ])('keeps a key as it is: %j', key => expect(places(key, front)[0]).toBe(`photos ${key}`));
});
