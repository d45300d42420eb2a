import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import { listVersionsOf } from '../../src/aws/objects/versions/listVersions.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { versionResource } from '../../src/explorer/fileSystem/s3Resource.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import { foundRow, isLocation, objectRow, type Row } from '../../src/explorer/tree/rows.ts';
import { restoreVersions } from '../../src/explorer/versions/restoreVersions.ts';
import { showVersions as showVersionsOf } from '../../src/explorer/versions/showVersions.ts';
import { undelete } from '../../src/explorer/versions/undelete.ts';
import {
  explorerOf,
  MemoryState,
  shown,
  startExplorerFixture,
  type ExplorerFixture,
} from './explorerFixture.ts';
import { LAB, run, startHostSandbox } from './hostSandbox.ts';

const keepVersions = async (clients: AwsClients, Bucket: string): Promise<void> => {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await clients.s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
};
const remove = async (clients: AwsClients, Bucket: string, Key: string): Promise<void> => {
  await clients.s3().send(new DeleteObjectCommand({ Bucket, Key }));
};

describe('versions in the Buckets view', () => {
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
    await keepVersions(on.clients, bucket);
  });
  afterEach(async () => {
    tree.dispose();
    const settings = vscode.workspace.getConfiguration('bucketBrigade');
    await settings.update('explorer.pageSize', undefined, vscode.ConfigurationTarget.Global);
  });

  const explorer = (): Explorer => ({ ...explorerOf(on), tree });
  const children = async (row?: Row): Promise<Row[]> => await tree.getChildren(row);
  const child = async (parent: Row | undefined, key: string): Promise<Row> => {
    const row = (await children(parent)).find(one =>
      one.kind === 'bucket' ? one.bucket === key : 'key' in one && one.key === key,
    );
    assert.ok(row, key);
    return row;
  };
  const showVersions = (row: Row): void => {
    assert.ok(isLocation(row));
    tree.showVersions(row, true);
  };
  it('of what a search found are shown where it stands in the tree', async () => {
    await on.put(bucket, 'a/b.txt', 'x');
    const top = await child(undefined, bucket);
    assert.ok(top.kind === 'bucket');
    const found = foundRow(objectRow(top, { key: 'a/b.txt', size: 1 }));
    const revealed: Row[] = [];
    const view = { reveal: (row: Row) => Promise.resolve(void revealed.push(row)) };
    await showVersionsOf(explorer(), view as unknown as vscode.TreeView<Row>, found, undefined);
    const row = await child(await child(top, 'a/'), 'a/b.txt');
    assert.deepEqual(revealed, [row]);
    assert.deepEqual(plain(await children(row)), ['version | current | 1 B']);
  });

  /** Without dates and ids, which no two runs share. */
  const plain = (rows: readonly Row[]): string[] =>
    rows.map(row => {
      const [label = '', description = ''] = shown(tree.getTreeItem(row)).split(' | ');
      const parts = description.split(' · ').slice(0, row.kind === 'version' ? -1 : undefined);
      return [row.kind === 'version' ? row.kind : label, ...parts].join(' | ');
    });

  it('shows what is deleted, and the versions of each object, newest first', async () => {
    await on.put(bucket, 'a.txt', '1');
    await on.put(bucket, 'a.txt', '22');
    await on.put(bucket, 'gone.txt', 'x');
    await remove(on.clients, bucket, 'gone.txt');
    const row = await child(undefined, bucket);
    assert.deepEqual(
      (await children(row)).map(({ kind }) => kind),
      ['notifications', 'object'],
    );
    showVersions(row);
    const rows = await children(row);
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['notifications', 'object', 'deleted'],
    );
    assert.match(plain(rows)[2] ?? '', /^gone\.txt \| deleted /);
    assert.deepEqual(plain(await children(rows[1])), ['version | current | 2 B', 'version | 1 B']);
    assert.deepEqual(plain(await children(rows[2])), [
      'version | current | delete marker',
      'version | 1 B',
    ]);
    assert.match(tree.getTreeItem(row).contextValue ?? '', /\bversionsShown\b/);
    assert.match(tree.getTreeItem(rows[1]!).contextValue ?? '', /\bversionsInherited\b/);
    assert.ok(isLocation(row));
    tree.showVersions(row, false);
    assert.deepEqual(
      (await children(row)).map(({ kind }) => kind),
      ['notifications', 'object'],
    );
  });

  it('shows those of one object in pages, its tags else', async () => {
    const settings = vscode.workspace.getConfiguration('bucketBrigade');
    await settings.update('explorer.pageSize', 3, vscode.ConfigurationTarget.Global);
    for (let count = 0; count < 7; count++) await on.put(bucket, 'a', 'x'.repeat(count));
    const row = await child(await child(undefined, bucket), 'a');
    assert.deepEqual(
      (await children(row)).map(({ kind }) => kind),
      ['empty'],
    );
    showVersions(row);
    assert.deepEqual(plain(await children(row)), [
      'version | current | 6 B',
      'version | 5 B',
      'version | 4 B',
      'Load more | 3 loaded',
    ]);
    assert.ok(isLocation(row));
    await tree.loadMore(row);
    await tree.loadMore(row);
    assert.equal((await children(row)).length, 7);
    assert.equal(plain(await children(row)).at(-1), 'version | 0 B');
    tree.showTags(await on.connections.session(), { bucket, key: 'a' }, [{ key: 'k', value: 'v' }]);
    assert.equal((await children(row)).length, 7);
  });

  it('restores one, and brings back what is deleted', async () => {
    await on.put(bucket, 'a/b c', 'old');
    await on.put(bucket, 'a/b c', 'newer');
    await on.put(bucket, 'a/gone', 'x');
    await remove(on.clients, bucket, 'a/gone');
    const row = await child(undefined, bucket);
    showVersions(row);
    const folder = await child(row, 'a/');
    const [, old] = await children(await child(folder, 'a/b c'));
    assert.ok(old?.kind === 'version');
    await restoreVersions(explorer(), [old]);
    const gone = await child(folder, 'a/gone');
    assert.ok(gone.kind === 'deleted');
    await undelete(explorer(), [gone]);
    assert.deepEqual(
      (await children(folder)).map(({ kind }) => kind),
      ['object', 'object'],
    );
    const restored = await children(await child(folder, 'a/b c'));
    assert.deepEqual(plain(restored), [
      'version | current | 3 B',
      'version | 5 B',
      'version | 3 B',
    ]);
  });

  it('refuses two versions of one object at once', async () => {
    await on.put(bucket, 'a', '1');
    await on.put(bucket, 'a', '2');
    const row = await child(await child(undefined, bucket), 'a');
    showVersions(row);
    const versions = (await children(row)).filter(one => one.kind === 'version');
    await assert.rejects(restoreVersions(explorer(), versions), { code: 'InvalidInput' });
  });
});

describe('a version', function () {
  this.timeout(90_000);
  const bucket = `versions-${LAB}`;
  const key = 'notes/a b+%2F.txt';
  let clients: AwsClients;
  let ids: string[];
  before(async () => {
    clients = await startHostSandbox();
    await clients.s3().send(new CreateBucketCommand({ Bucket: bucket }));
    await keepVersions(clients, bucket);
    for (const Body of ['one\n', 'two\n', 'three\n']) {
      await clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    }
    const { entries } = await listVersionsOf(clients.s3(), { bucket, key });
    ids = entries.map(({ versionId }) => versionId);
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const textOf = (versionId: string): string | undefined =>
    vscode.workspace.textDocuments
      .find(({ uri }) => uri.toString() === versionResource(bucket, key, versionId).toString())
      ?.getText();

  it('opens to be read, and nobody can write it', async () => {
    const versionId = ids[2] ?? '';
    await run('bucketBrigade.versions.open', { bucket, key, versionId });
    assert.equal(textOf(versionId), 'one\n');
    const uri = versionResource(bucket, key, versionId);
    const { permissions, size } = await vscode.workspace.fs.stat(uri);
    assert.deepEqual([permissions, size], [vscode.FilePermission.Readonly, 4]);
    for (const [what, attempt] of Object.entries({
      write: () => vscode.workspace.fs.writeFile(uri, Buffer.from('x')),
      delete: () => vscode.workspace.fs.delete(uri),
    })) {
      const outcome = Promise.resolve(attempt()).then(
        () => 'done',
        () => 'refused',
      );
      assert.equal(await outcome, 'refused', what);
    }
    assert.equal((await listVersionsOf(clients.s3(), { bucket, key })).entries.length, 3);
  });

  it('is compared with the current one', async () => {
    const versionId = ids[2] ?? '';
    await run('bucketBrigade.versions.compareWithCurrent', { bucket, key, versionId });
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.query, `versionId=${versionId}`);
    assert.equal(input.modified.query, '');
  });

  it('is restored, and deleted for good', async () => {
    await run('bucketBrigade.versions.restore', { bucket, key, versionId: ids[2] ?? '' });
    const { entries } = await listVersionsOf(clients.s3(), { bucket, key });
    assert.deepEqual(
      entries.map(({ size }) => size),
      [4, 6, 4, 4],
    );
    const [first] = entries;
    assert.ok(first);
    const { versionId } = first;
    await run('bucketBrigade.versions.delete', { bucket, key, versionId, skipConfirmation: true });
    const left = (await listVersionsOf(clients.s3(), { bucket, key })).entries;
    assert.deepEqual(
      left.map(one => one.versionId),
      ids,
    );
  });
});
