// Filtering, sorting and loading all of the rows of the Buckets view; on a sandbox.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { findRow } from '../../src/explorer/tree/findRow.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import type { FolderRow, ObjectRow } from '../../src/explorer/tree/rows.ts';
import { findObjects } from '../../src/aws/find/findObjects.ts';
import { listingsOf } from '../../src/explorer/find/findObjects.ts';
import { FoundTree, type FoundRow } from '../../src/explorer/find/foundTree.ts';
import { refreshFound } from '../../src/explorer/find/refreshFound.ts';
import { Search } from '../../src/explorer/find/search.ts';
import { searchMessage } from '../../src/explorer/find/searchText.ts';
import type { ObjectFilter } from '../../src/aws/selection/selection.ts';
import type { BulkWorker } from '../../src/services.ts';
import type { Session } from '../../src/services.ts';
import { log } from '../../src/vscode/log.ts';
import { LAB, run, startHostSandbox } from './hostSandbox.ts';
import { press } from './press.ts';
import { MemoryState, startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';

const AWKWARD = [
  ...['a b', 'a+b', 'a%2Fb', 'a//b', 'a/./x', 'a/../x', 'a🪣', 'a\nb', 'a\u2028b', 'ae\u0301'],
  ...['/a', `a${'k'.repeat(1023)}`],
];

const MANY = Array.from({ length: 1100 }, (_, at) => `${at}`.padStart(4, '0'));

async function setPageSize(size: number | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration('bucketBrigade');
  await settings.update('explorer.pageSize', size, vscode.ConfigurationTarget.Global);
}

describe('finding in the Buckets view', () => {
  let on: ExplorerFixture;
  let tree: BucketsTree;
  let session: Session;
  let pins: PinnedBuckets;
  before(async () => {
    on = await startExplorerFixture();
  });
  after(() => on.close());
  beforeEach(async () => {
    const state = new MemoryState();
    pins = new PinnedBuckets(state);
    tree = new BucketsTree(on.connections, pins, new DisabledNotifications(state));
    session = await on.sessionOf('lab');
    on.connections.use(session);
  });
  afterEach(async () => {
    tree.dispose();
    await setPageSize(undefined);
  });

  const explorer = () => ({
    ...{ connections: on.connections, log, tree, pins },
    uploads: new UnfinishedUploads(new MemoryState()),
    memory: new MemoryState(),
    admit: () => Promise.resolve(),
  });
  const find = async (bucket: string, key?: string) =>
    await findRow(
      explorer(),
      session,
      { bucket, ...(key !== undefined && { key }) },
      new AbortController().signal,
    );
  const keys = async (row: FolderRow): Promise<string[]> =>
    (await tree.getChildren(row)).map(one => ('key' in one && one.key) || one.kind);

  let many: string | undefined;
  /** A bucket with more than one page of S3's. */
  async function manyObjects(): Promise<string> {
    if (many !== undefined) return many;
    const bucket = await on.bucket();
    for (let at = 0; at < MANY.length; at += 50) {
      await Promise.all(MANY.slice(at, at + 50).map(key => on.put(bucket, key, 'x')));
    }
    return (many = bucket);
  }

  it('a filter is S3’s own listing by prefix, pages too, and is kept by a refresh', async () => {
    await setPageSize(2);
    const bucket = await on.bucket();
    for (const key of ['2025-1', '2026-1', '2026-2', '2026-3/x', '2026-4', '2027']) {
      await on.put(bucket, key);
    }
    const row = (await find(bucket)) as FolderRow;
    tree.filter(row, '2026-');
    assert.deepEqual(await keys(row), ['2026-1', '2026-2', 'more']);
    await tree.loadMore(row);
    assert.deepEqual(await keys(row), ['2026-3/', '2026-1', '2026-2', '2026-4']);
    const item = tree.getTreeItem(row);
    assert.match(String(item.description), /^begins with “2026-”/);
    assert.match(item.contextValue ?? '', /\bbucket\b.*\bfiltered\b/);
    assert.match(item.accessibilityInformation?.label ?? '', /begins with “2026-”/);
    tree.refresh({ bucket });
    assert.equal((await keys(row)).length, 4);
    tree.refresh();
    const again = (await find(bucket)) as FolderRow;
    assert.deepEqual(await keys(again), ['2026-1', '2026-2', 'more']);
    tree.filter(again, undefined);
    assert.deepEqual((await keys(again))[0], 'notifications');
    assert.doesNotMatch(String(tree.getTreeItem(again).description), /begins/);
  });

  it('every legal key is found by its own beginning', async () => {
    const bucket = await on.bucket();
    for (const key of AWKWARD) await on.put(bucket, key, 'x');
    const row = (await find(bucket)) as FolderRow;
    for (const key of AWKWARD) {
      tree.filter(row, key);
      assert.deepEqual(await keys(row), [key]);
      // Further than the next slash, too.
      assert.equal((await tree.getChildren(row))[0]?.kind, 'object');
    }
    tree.filter(row, 'nothing');
    assert.deepEqual(await keys(row), ['empty']);
  });

  it('what is revealed beyond a filter takes it away', async () => {
    const bucket = await on.bucket();
    for (const key of ['a/1', 'b/1']) await on.put(bucket, key);
    const row = (await find(bucket)) as FolderRow;
    tree.filter(row, 'a');
    assert.deepEqual(await keys(row), ['a/']);
    await find(bucket, 'a/1');
    assert.equal(tree.filterOf(row), 'a');
    await find(bucket, 'b/1');
    assert.equal(tree.filterOf(row), undefined);
  });

  it('sorts what is loaded, and what is loaded then', async () => {
    await setPageSize(2);
    const bucket = await on.bucket();
    for (const [key, size] of [
      ['a', 1],
      ['b', 3],
      ['c', 2],
      ['d', 4],
    ] as const) {
      await on.put(bucket, key, 'x'.repeat(size));
    }
    const row = (await find(bucket)) as FolderRow;
    await tree.getChildren(row);
    tree.sort('size');
    assert.deepEqual((await keys(row)).slice(1), ['b', 'a', 'more']);
    await tree.loadMore(row);
    assert.deepEqual((await keys(row)).slice(1), ['d', 'b', 'c', 'a']);
    tree.sort('s3');
    assert.deepEqual((await keys(row)).slice(1), ['a', 'b', 'c', 'd']);
  });

  it('loads all, shown once, until it is told to stop', async () => {
    await setPageSize(1);
    const bucket = await manyObjects();
    const row = (await find(bucket)) as FolderRow;
    const fired: unknown[] = [];
    const listening = tree.onDidChangeTreeData(one => fired.push(one));
    const seen: number[] = [];
    await tree.loadAll(row, loaded => {
      seen.push(loaded);
      return Promise.resolve(loaded < 1000);
    });
    assert.deepEqual(seen, [1, 1001]);
    await tree.loadAll(row, () => Promise.resolve(true));
    assert.equal(tree.loaded(row), MANY.length);
    assert.deepEqual((await keys(row)).slice(1), MANY);
    assert.equal(fired.filter(one => one === row).length <= 3, true);
    listening.dispose();
  });

  describe('what was found', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'found-'));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    /** The task itself, without a process for it. */
    const worker = {
      run: (its: Session, _: string, input: never, options: never) =>
        findObjects(its.clients, input, options),
    } as unknown as BulkWorker;

    async function search(filter: ObjectFilter, ...buckets: string[]) {
      const places = buckets.map(bucket => ({ bucket }));
      const one = new Search({
        ...{ session, title: 'Find', file: path.join(folder, 'found.csv'), buckets: new Map() },
        listings: listingsOf(places).map(listing => ({ ...listing, filter })),
      });
      const found = new FoundTree(on.connections);
      found.search = one;
      await one.run(worker);
      return { one, found };
    }
    const shownBy = async (found: FoundTree, row?: FoundRow) =>
      (await found.getChildren(row)).map(each => {
        const { label, description = '' } = found.getTreeItem(each);
        return `${typeof label === 'string' ? label : ''} | ${String(description).replace(/ · \d.*/, '')}`;
      });

    it('looks like the rows of objects, with the name first and then the place', async () => {
      const [a, b] = [await on.bucket(), await on.bucket()];
      await on.put(a, 'x/y/1.png', 'x', 'team=x');
      await on.put(a, 'x/2.txt');
      await on.put(b, '3.png');
      const { one, found } = await search({ glob: '**/*.png' }, a, b);
      assert.deepEqual((await shownBy(found)).sort(), [`1.png | ${a}/x/y/`, `3.png | ${b}/`]);
      assert.match(
        searchMessage(one),
        /^2 objects found · 3 scanned · .*: Key matches \*\*\/\*\.png$/,
      );
      const [first] = (await found.getChildren()).filter(
        row => 'key' in row && row.key === 'x/y/1.png',
      );
      assert.ok(first);
      assert.equal(found.getTreeItem(first).contextValue, 'object image');
      assert.deepEqual(await shownBy(found, first), ['team = x | ']);
      assert.equal(found.getParent(first), undefined);
    });

    it('is shown a thousand at a time, sorted when all are', async () => {
      const bucket = await manyObjects();
      const { one, found } = await search({}, bucket);
      assert.equal(one.rows.length, 1000);
      assert.equal((await shownBy(found)).at(-1), 'Load more | 1,000 of 1,100 shown');
      await one.loadMore();
      assert.equal(one.rows.length, 1100);
      assert.equal(new Set(await shownBy(found)).size, 1100);
    });

    it('is shown as it is now after it was changed or deleted elsewhere', async () => {
      const bucket = await on.bucket();
      for (const key of AWKWARD) await on.put(bucket, key, 'x');
      const { one } = await search({}, bucket);
      const all = one.rows.map(row => row.key);
      await on.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a//b' }));
      await on.put(bucket, 'a b', 'longer');
      one.replace(await refreshFound(explorer(), session, one.rows));
      assert.deepEqual(
        one.rows.map(row => row.key),
        all.filter(key => key !== 'a//b'),
      );
      const longer = one.rows.find((row: ObjectRow) => row.key === 'a b');
      assert.equal(longer?.summary.size, 6);
    });

    it('is forgotten no part of when the search is stopped', async () => {
      const bucket = await on.bucket();
      await on.put(bucket, 'a', 'x');
      const one = new Search({
        ...{ session, title: 'Find', file: path.join(folder, 'stopped.csv'), buckets: new Map() },
        listings: listingsOf([{ bucket }]),
      });
      one.stop();
      await one.run(worker);
      assert.equal(one.state, 'stopped');
      assert.match(searchMessage(one), /^Stopped\. 0 objects found/);
    });
  });

  it('loads all of the bucket that is chosen, where none is selected', async () => {
    const clients = await startHostSandbox();
    const running = run('bucketBrigade.explorer.loadAll');
    // The first bucket, and in it what is offered first: itself.
    await press('accept');
    await press('accept');
    const loaded = Number(await running);
    assert.ok(loaded > 0, 'Nothing was loaded');
    clients.destroy();
  });

  it('is done by the extension, with its worker, and what it found is revealed', async () => {
    const clients = await startHostSandbox();
    const bucket = `images-${LAB}`;
    const found = await run('bucketBrigade.find.start', { bucket }, undefined, {
      regex: '^image\\d\\.(png|jpg)$',
    });
    assert.equal(found, 2);
    await run('bucketBrigade.find.again');
    await run('bucketBrigade.find.reveal', { bucket, key: 'image1.png' });
    await run('bucketBrigade.explorer.filter', { bucket, beginsWith: 'image1' });
    assert.equal(await run('bucketBrigade.explorer.loadAll', { bucket }), 1);
    await run('bucketBrigade.explorer.clearFilter', { bucket });
    await run('bucketBrigade.find.clear');
    clients.destroy();
  });
});
