import { expect, it } from 'vitest';
import { objectRow, prefixRow, type BucketRow } from '../../../src/explorer/rows.ts';
import { FolderContents } from '../../../src/explorer/treeState.ts';

const bucket: BucketRow = { kind: 'bucket', id: 'b', bucket: 'photos', pinned: false };
const object = (key: string) => objectRow(bucket, { key, size: 1 });

it('prefixes come before objects, of whatever page they are', () => {
  const contents = new FolderContents(bucket);
  contents.add([prefixRow(bucket, 'a/'), object('b.png')]);
  contents.add([object('c.png'), prefixRow(bucket, 'd/'), object('b.png')]);
  const keys = contents.rows().map(row => ('key' in row ? row.key : row.kind));
  expect(keys).toEqual(['notifications', 'a/', 'd/', 'b.png', 'c.png']);
  expect(contents.size).toBe(4);
});
