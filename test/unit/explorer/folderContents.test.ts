import { describe, expect, it } from 'vitest';
import { objectRow, prefixRow, type BucketRow } from '../../../src/explorer/tree/rows.ts';
import { FolderContents } from '../../../src/explorer/tree/folderContents.ts';
import type { SortOrder } from '../../../src/explorer/tree/sortRows.ts';

const bucket: BucketRow = {
  kind: 'bucket',
  id: 'b',
  session: 'k',
  bucket: 'photos',
  pinned: false,
};
const object = (key: string, size = 1, day = 1) =>
  objectRow(bucket, { key, size, lastModified: new Date(2026, 0, day) });
const keysOf = (contents: FolderContents, order?: SortOrder) =>
  contents.rows(order).map(row => ('key' in row && row.key ? row.key : row.kind));

it('prefixes come before objects, of whatever page they are', () => {
  const contents = new FolderContents(bucket);
  contents.add([prefixRow(bucket, 'a/'), object('b.png')]);
  contents.add([object('c.png'), prefixRow(bucket, 'd/'), object('b.png')]);
  expect(keysOf(contents)).toEqual(['notifications', 'a/', 'd/', 'b.png', 'c.png']);
  expect(contents.size).toBe(4);
});

describe('what is loaded', () => {
  const contents = new FolderContents(bucket);
  contents.add([
    ...[prefixRow(bucket, 'p10/'), prefixRow(bucket, 'p2/')],
    ...[object('B10', 5, 3), object('a', 7, 1), object('b2', 6, 2)],
  ]);
  contents.nextToken = 'more';

  it.each<[SortOrder, string[]]>([
    ['s3', ['p10/', 'p2/', 'B10', 'a', 'b2']],
    ['name', ['p2/', 'p10/', 'a', 'b2', 'B10']],
    ['size', ['p10/', 'p2/', 'a', 'b2', 'B10']],
    ['modified', ['p10/', 'p2/', 'B10', 'b2', 'a']],
  ])('is sorted by %s, prefixes first, the row for more last', (order, keys) => {
    expect(keysOf(contents, order)).toEqual(['notifications', ...keys, 'more']);
    expect('isSorted' in contents.rows(order).at(-1)!).toBe(order !== 's3');
  });
});

it('a filtered bucket shows no notifications, and says what nothing begins with', () => {
  const contents = new FolderContents(bucket, '2026-');
  expect(contents.rows()).toEqual([
    {
      ...{ kind: 'empty', id: 'b|empty|', parent: bucket, session: 'k', bucket: 'photos' },
      beginsWith: '2026-',
    },
  ]);
});
