import { expect, it } from 'vitest';
import { lastSegment, parentOf } from '../../../src/aws/keySegments.ts';

it.each([
  ['', '', ''],
  ['a', '', 'a'],
  ['a/', '', 'a/'],
  ['a/b', 'a/', 'b'],
  ['a/b/', 'a/', 'b/'],
  ['/', '', '/'],
  ['//', '/', '/'],
  ['/a', '/', 'a'],
  ['a//', 'a/', '/'],
])('%j is in %j and is called %j there', (key, parent, name) => {
  expect([parentOf(key), lastSegment(key)]).toEqual([parent, name]);
});
