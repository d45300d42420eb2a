import { PutObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, it } from 'mocha';
import { findArchived } from '../../src/explorer/archive/archivedObjects.ts';
import { outcomeText, restoreAll } from '../../src/explorer/archive/restoreArchived.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import type { Row } from '../../src/explorer/tree/rows.ts';
import {
  explorerOf,
  MemoryState,
  shown,
  startExplorerFixture,
  type ExplorerFixture,
} from './explorerFixture.ts';

describe('archived objects', () => {
  let on: ExplorerFixture;
  let tree: BucketsTree;
  let bucket: string;
  before(async () => {
    on = await startExplorerFixture();
  });
  after(() => on.close());
  beforeEach(async () => {
    const state = new MemoryState();
    tree = new BucketsTree(
      on.connections,
      new PinnedBuckets(state),
      new DisabledNotifications(state),
    );
    on.connections.use(await on.sessionOf('lab'));
    bucket = await on.bucket();
  });
  afterEach(() => tree.dispose());

  const put = async (Key: string, storage: StorageClass): Promise<void> => {
    const object = { Bucket: bucket, Key, Body: 'x', StorageClass: storage };
    await on.clients.s3().send(new PutObjectCommand(object));
  };
  const explorer = (): Explorer => ({ ...explorerOf(on), tree });
  const objects = async (): Promise<Row[]> => {
    const top = (await tree.getChildren()).find(
      row => row.kind === 'bucket' && row.bucket === bucket,
    );
    return (await tree.getChildren(top)).filter(({ kind }) => kind === 'object');
  };

  it('look it, and say how far their restore is', async () => {
    await put('cold', 'GLACIER');
    await put('warm', 'STANDARD');
    const session = await on.connections.session();
    const looks = (row: Row | undefined): string => (row ? shown(tree.getTreeItem(row)) : '');
    const [cold, warm] = await objects();
    assert.match(looks(cold), /^cold \| 1 B · .* · GLACIER$/);
    assert.match(tree.getTreeItem(cold!).contextValue ?? '', /\barchived\b/);
    assert.doesNotMatch(tree.getTreeItem(warm!).contextValue ?? '', /\barchived\b/);
    const { archived, looked } = await findArchived(session, [{ bucket }]);
    assert.deepEqual([archived.map(({ key }) => key), looked], [['cold'], 2]);
    await restoreAll(explorer(), session, archived, { tier: 'Standard', days: 3 });
    assert.match(looks((await objects())[0]), / · GLACIER · restore in progress$/);
  });

  it('are found one by one, below prefixes, and each once', async () => {
    for (const key of ['a/1', 'a/b/2', 'c']) await put(key, 'DEEP_ARCHIVE');
    await put('a/3', 'STANDARD');
    const session = await on.connections.session();
    const chosen = [
      { bucket, key: 'a/' },
      { bucket, key: 'a/1' },
      { bucket, key: 'c' },
    ];
    const { archived } = await findArchived(session, chosen);
    assert.deepEqual(archived.map(({ key }) => key).sort(), ['a/1', 'a/b/2', 'c']);
  });

  it('say what became of each', () => {
    assert.equal(
      outcomeText(['begun', 'begun', 'extended', 'alreadyInProgress']),
      'Restores requested: 2. Already restored, availability extended: 1. Already in progress: 1.',
    );
  });
});
