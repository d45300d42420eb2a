import { expect, it } from 'vitest';
import { selectionOf } from '../../../src/vscode/selection/selectedRows.ts';

const bucket = 'images';
const listing = { kind: 'listing', bucket, filter: {}, versions: 'current' };

it('takes one object that looks like a manifest for one', () => {
  expect(selectionOf([{ bucket, key: 'm.csv' }])).toEqual({
    ...{ kind: 'manifest', bucket, key: 'm.csv' },
  });
  expect(
    selectionOf([
      { bucket, key: 'm.csv' },
      { bucket, key: 'a.png' },
    ]),
  ).toEqual({
    kind: 'objects',
    objects: [
      { bucket, key: 'm.csv' },
      { bucket, key: 'a.png' },
    ],
  });
});

it('joins buckets, prefixes and objects, each object once', () => {
  expect(selectionOf([{ bucket }])).toEqual({ ...listing, prefixes: [''] });
  const places = ['b/', 'a/', 'a/c/', 'a/x.png', 'y.png', 'y.png'].map(key => ({ bucket, key }));
  expect(selectionOf(places)).toEqual({
    ...{ ...listing, prefixes: ['a/', 'b/'] },
    objects: [{ bucket, key: 'y.png' }],
  });
  expect(selectionOf([{ bucket, key: 'a/' }, { bucket }])).toEqual({ ...listing, prefixes: [''] });
});

it('knows an object whose key ends in a slash by its row', () => {
  const row = { kind: 'object', bucket, key: 'a/' };
  expect(selectionOf([row])).toEqual({ kind: 'objects', objects: [{ bucket, key: 'a/' }] });
});

it('refuses rows of several buckets', () => {
  expect(selectionOf([{ bucket }, { bucket: 'other' }])).toBe('severalBuckets');
  expect(selectionOf([])).toBeUndefined();
});
