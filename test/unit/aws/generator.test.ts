import { describe, expect, it } from 'vitest';
import {
  generatorOf as readGenerator,
  sdkGenerator,
} from '../../../src/aws/manifest/sdkManifest.ts';
import { generatorOf } from '../../../src/aws/selection/generatorOf.ts';
import type { Listing } from '../../../src/aws/selection/selection.ts';

const LISTING: Listing = {
  ...{ kind: 'listing', bucket: 'images', prefixes: ['photos/'], versions: 'current' },
  filter: {
    ...{ suffix: '.png', contains: '2026', minBytes: 1024, maxBytes: 4096 },
    modifiedAfter: '2026-01-01T00:00:00.000Z',
    modifiedBefore: '2026-02-01T00:00:00.000Z',
    storageClasses: ['STANDARD', 'GLACIER'],
  },
};

describe('generatorOf', () => {
  it('has S3 find what it can find', () => {
    expect(generatorOf(LISTING)).toEqual({
      ...{ sourceBucket: 'images', prefix: 'photos/' },
      ...LISTING.filter,
    });
    expect(generatorOf({ ...LISTING, prefixes: [''], filter: {} })).toEqual({
      sourceBucket: 'images',
    });
  });

  it.each<[string, Partial<Listing>]>([
    ['several prefixes', { prefixes: ['a/', 'b/'] }],
    ['all versions', { versions: 'all' }],
    ['objects beside', { objects: [{ bucket: 'images', key: 'a' }] }],
    ['a glob', { filter: { glob: '*.png' } }],
    ['a regular expression', { filter: { regex: 'png$' } }],
    ['tags', { filter: { tags: [{ kind: 'has', key: 'a' }] } }],
    ['a class that it does not know', { filter: { storageClasses: ['REDUCED_REDUNDANCY'] } }],
  ])('does not for %s', (_, change) => {
    expect(generatorOf({ ...LISTING, ...change })).toBeUndefined();
  });

  it('does not for objects that were chosen one by one', () => {
    expect(generatorOf({ kind: 'objects', objects: [] })).toBeUndefined();
  });
});

it('tells AWS the bounds as AWS has them, and reads them back', () => {
  const generator = generatorOf(LISTING) ?? { sourceBucket: '' };
  const sdk = sdkGenerator('aws', generator);
  expect(sdk.S3JobManifestGenerator?.Filter).toMatchObject({
    KeyNameConstraint: {
      ...{ MatchAnyPrefix: ['photos/'], MatchAnySuffix: ['.png'], MatchAnySubstring: ['2026'] },
    },
    ...{ ObjectSizeGreaterThanBytes: 1023, ObjectSizeLessThanBytes: 4097 },
    CreatedAfter: new Date('2025-12-31T23:59:59.999Z'),
  });
  expect(readGenerator(sdk)).toEqual({ ...generator, otherFilters: [] });
});
