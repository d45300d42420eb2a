import { expect, it } from 'vitest';
import { newestFirst } from '../../../src/aws/objects/versions/newestFirst.ts';

const at = (key: string, id: string, second: number, isLatest = false) => ({
  ...{ key, id, isLatest },
  lastModified: new Date(second * 1000),
});
const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id).join('');

it('leaves S3’s order as it is, also within a second and where a page begins in the middle', () => {
  const page = [at('a', '1', 9), at('a', '2', 9), at('b', '3', 5, true), at('b', '4', 7)];
  expect(newestFirst(page)).toBe(page);
});

it('puts markers that are listed behind all versions in their places', () => {
  const versions = [at('a', '1', 5), at('a', '2', 3), at('b', '3', 4, true), at('c', '4', 6)];
  const markers = [at('a', '5', 5, true), at('a', '6', 4), at('b', '7', 2), at('c', '8', 6, true)];
  expect(ids(newestFirst([...versions, ...markers]))).toBe('51623784');
});
