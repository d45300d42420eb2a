import { describe, expect, it } from 'vitest';
import {
  filterProblem,
  matchesTags,
  objectMatcher,
} from '../../../src/aws/selection/objectFilter.ts';
import type { ObjectFilter, ObjectRef } from '../../../src/aws/selection/selection.ts';

const object = (key: string, more: Partial<ObjectRef> = {}): ObjectRef => ({
  ...{ bucket: 'b', key, size: 100, lastModified: '2026-05-01T00:00:00.000Z' },
  ...more,
});

describe('a filter', () => {
  it.each<[string, ObjectFilter, ObjectRef, boolean]>([
    ['without anything', {}, object('a'), true],
    ['by suffix', { suffix: '.png' }, object('a.png'), true],
    ['by suffix, with another case', { suffix: '.png' }, object('a.PNG'), false],
    ['by text', { contains: 'raw/' }, object('2026/raw/a'), true],
    ['by text that is not there', { contains: 'raw/' }, object('2026/raw'), false],
    ['by a glob within a segment', { glob: 'a/*.png' }, object('a/b.png'), true],
    ['by a glob that ends at a slash', { glob: 'a/*.png' }, object('a/b/c.png'), false],
    ['by a glob across segments', { glob: '**/*.png' }, object('a/b/c.png'), true],
    ['by a glob across no segment', { glob: '**/*.png' }, object('c.png'), true],
    ['by alternatives', { glob: '*.{png,jp{,e}g}' }, object('c.jpg'), true],
    ['by alternatives, the inner one', { glob: '*.{png,jp{,e}g}' }, object('c.jpeg'), true],
    ['by a class', { glob: 'v[0-9].txt' }, object('v7.txt'), true],
    ['by a negated class', { glob: 'v[!0-9].txt' }, object('v7.txt'), false],
    ['by a class that takes no slash', { glob: 'v[!0-9]txt' }, object('v/txt'), false],
    ['by an escaped star', { glob: 'a\\*b' }, object('a*b'), true],
    ['by an escaped star, as a wildcard', { glob: 'a\\*b' }, object('axb'), false],
    ['by a question mark and an emoji', { glob: '?.png' }, object('😀.png'), true],
    ['by a line break in the key', { glob: 'a*b' }, object('a\nb'), true],
    ['by characters of regular expressions', { glob: 'a+(b).$1' }, object('a+(b).$1'), true],
    ['by a regular expression', { regex: '^\\d{4}/' }, object('2026/a'), true],
    ['by the least size', { minBytes: 100 }, object('a'), true],
    ['by the most size', { maxBytes: 99 }, object('a'), false],
    ['by a size that is not known', { minBytes: 0 }, object('a', { size: undefined }), false],
    ['from a date on', { modifiedAfter: '2026-05-01' }, object('a'), true],
    ['before a date', { modifiedBefore: '2026-05-01' }, object('a'), false],
    ['by a date that is not known', { modifiedBefore: '2026' }, { bucket: 'b', key: 'a' }, false],
    ['by storage class', { storageClasses: ['GLACIER'] }, object('a'), false],
    ['by the class that S3 leaves out', { storageClasses: ['STANDARD'] }, object('a'), true],
  ])('%s', (_, filter, ref, matches) => {
    expect(objectMatcher(filter)(ref)).toBe(matches);
  });

  it.each<[ObjectFilter, RegExp | undefined]>([
    [{ regex: '(' }, /regular expression/],
    [{ glob: '{a,b' }, /glob/],
    [{ glob: 'a}' }, /glob/],
    [{ glob: '[a' }, /glob/],
    [{ minBytes: 2, maxBytes: 1 }, /size/],
    [{ modifiedAfter: 'yesterday' }, /date/],
    [{ glob: '[a]*', regex: '^a' }, undefined],
  ])('%j has its problem said', (filter, problem) => {
    if (problem) expect(filterProblem(filter)).toMatch(problem);
    else expect(filterProblem(filter)).toBeUndefined();
  });
});

it('by tags takes what all conditions are true of', () => {
  const tags = [
    { key: 'team', value: 'red' },
    { key: 'old', value: '' },
  ];
  expect(matchesTags(tags, [{ kind: 'has', key: 'old' }])).toBe(true);
  expect(matchesTags(tags, [{ kind: 'lacks', key: 'old' }])).toBe(false);
  expect(matchesTags(tags, [{ kind: 'equals', key: 'team', value: 'red' }])).toBe(true);
  expect(matchesTags(tags, [{ kind: 'equals', key: 'team', value: 'Red' }])).toBe(false);
  expect(
    matchesTags(tags, [
      { kind: 'has', key: 'team' },
      { kind: 'lacks', key: 'new' },
    ]),
  ).toBe(true);
});
