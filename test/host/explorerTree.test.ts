import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { findRow } from '../../src/explorer/tree/findRow.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import type { FolderRow, Row } from '../../src/explorer/tree/rows.ts';
import type { Session } from '../../src/services.ts';
import { log } from '../../src/vscode/log.ts';
import { startCuttableProxy } from '../support/cuttableProxy.ts';
import {
  MemoryState,
  shown,
  startExplorerFixture,
  type ExplorerFixture,
} from './explorerFixture.ts';

async function setPageSize(size: number | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration('bucketBrigade');
  await settings.update('explorer.pageSize', size, vscode.ConfigurationTarget.Global);
}

describe('the Buckets view', () => {
  let on: ExplorerFixture;
  let pins: PinnedBuckets;
  let tree: BucketsTree;
  let session: Session;
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
  afterEach(() => tree.dispose());

  const labels = (rows: readonly Row[]): string[] => rows.map(row => shown(tree.getTreeItem(row)));
  const child = async (parent: Row | undefined, label: string): Promise<Row> => {
    const rows = await tree.getChildren(parent);
    const row = rows.find(one => labels([one])[0]?.split(' | ')[0] === label);
    assert.ok(row, `no row ${label} among ${labels(rows).join(', ')}`);
    return row;
  };
  const below = async (...path: string[]): Promise<Row> => {
    let row: Row | undefined;
    for (const label of path) row = await child(row, label);
    assert.ok(row);
    return row;
  };
  const uploads = new UnfinishedUploads(new MemoryState());
  const explorer = () => ({
    ...{ connections: on.connections, log, tree, pins, uploads },
    memory: new MemoryState(),
    admit: () => Promise.resolve(),
  });

  it('shows buckets, prefixes, objects and tags', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'image1.png', 'x'.repeat(1500));
    await on.put(bucket, 'image2.png', 'x', 'phototype=finished&team=a%20b');
    await on.put(bucket, 'folder/manifest.csv');
    const rows = await tree.getChildren(await below(bucket));
    const day = new Date().toLocaleDateString(vscode.env.language, { dateStyle: 'medium' });
    assert.deepEqual(labels(rows), [
      'Event Notifications',
      'folder',
      `image1.png | 1.5 KB · ${day}`,
      `image2.png | 1 B · ${day}`,
    ]);
    assert.deepEqual(labels(await tree.getChildren(await below(bucket, 'image1.png'))), [
      'No tags',
    ]);
    assert.deepEqual(labels(await tree.getChildren(await below(bucket, 'image2.png'))), [
      'phototype = finished',
      'team = a b',
    ]);
    const manifest = tree.getTreeItem(await below(bucket, 'folder', 'manifest.csv'));
    assert.equal(manifest.contextValue, 'object manifest');
    assert.equal(manifest.resourceUri?.toString(), `s3://${bucket}/folder/manifest.csv`);
  });

  it('reads tags again after a batch job, and shows its report', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'image1.png', 'x');
    const image = await below(bucket, 'image1.png');
    assert.deepEqual(labels(await tree.getChildren(image)), ['No tags']);
    await on.put(bucket, 'image1.png', 'x', 'phototype=finished');
    await on.put(bucket, 'reports/job-1/manifest.json');
    tree.refreshTags();
    assert.deepEqual(labels(await tree.getChildren(image)), ['phototype = finished']);
    await tree.refreshKeys(bucket, ['reports/job-1/manifest.json']);
    assert.ok(await below(bucket, 'reports', 'job-1', 'manifest.json'));
    assert.deepEqual(labels(await tree.getChildren(image)), ['phototype = finished']);
  });

  it('shows every legal key in a readable row, each with an id of its own', async () => {
    const bucket = await on.bucket();
    const keys = [
      'hard/',
      'hard//',
      'hard/a//b',
      'hard/./x',
      'hard/../x',
      'hard/ b ',
      'hard/c\nd',
      'hard/🪣+%#?',
    ];
    for (const key of keys) await on.put(bucket, key);
    const rows = await tree.getChildren(await below(bucket, 'hard'));
    const names = labels(rows).map(label => label.split(' | ')[0]);
    assert.deepEqual(names, [
      '..',
      '.',
      '(empty name)',
      'a',
      '(folder marker)',
      '· b ·'.replaceAll(' ', ''),
      'c\\nd',
      '🪣+%#?',
    ]);
    assert.equal(new Set(rows.map(row => tree.getTreeItem(row).id)).size, rows.length);
    assert.deepEqual(
      labels(await tree.getChildren(await below(bucket, 'hard', '(folder marker)'))),
      ['No tags'],
    );
  });

  it('loads a page at a time, and reveals what is on none of them', async () => {
    await setPageSize(3);
    const bucket = await on.bucket();
    for (let at = 0; at < 8; at++) await on.put(bucket, `many/${at}`);
    const folder = (await below(bucket, 'many')) as FolderRow;
    const names = async (): Promise<(string | undefined)[]> =>
      labels(await tree.getChildren(folder)).map(label => label.replace(/ \| 6 B.*/, ''));
    try {
      assert.deepEqual(await names(), ['0', '1', '2', 'Load more | 3 loaded']);
      await tree.loadMore(folder);
      assert.deepEqual(await names(), ['0', '1', '2', '3', '4', '5', 'Load more | 6 loaded']);
      const signal = new AbortController().signal;
      const row = await findRow(explorer(), session, { bucket, key: 'many/7' }, signal);
      assert.equal(tree.getParent(row), folder);
      assert.deepEqual((await names()).slice(-2), ['7', 'Load more | 7 loaded']);
      await tree.loadMore(folder);
      assert.deepEqual(await names(), ['0', '1', '2', '3', '4', '5', '7', '6']);
      await assert.rejects(findRow(explorer(), session, { bucket, key: 'many/9' }, signal), {
        code: 'NotFound',
      });
    } finally {
      await setPageSize(undefined);
    }
  });

  it('keeps what it read until told, and then reads only that again', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'a/1');
    await below(bucket, 'a', '1');
    await on.put(bucket, 'a/2');
    const fired: (Row | undefined)[] = [];
    const listening = tree.onDidChangeTreeData(row => fired.push(row));
    const folder = await below(bucket, 'a');
    assert.equal((await tree.getChildren(folder)).length, 1);
    await tree.refreshKeys(bucket, ['a/2']);
    assert.deepEqual(fired, [folder]);
    assert.equal((await tree.getChildren(folder)).length, 2);
    listening.dispose();
  });

  it('shows at once what became of tags', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'x');
    const object = await below(bucket, 'x');
    await tree.getChildren(object);
    const tags = [{ key: 'phototype', value: 'finished' }];
    tree.showTags(session, { bucket, key: 'x' }, tags);
    assert.deepEqual(labels(await tree.getChildren(object)), ['phototype = finished']);
    // A write that was under way when the connection was changed.
    tree.showTags(await on.sessionOf('before'), { bucket, key: 'x' }, []);
    assert.deepEqual(labels(await tree.getChildren(object)), ['phototype = finished']);
  });

  it('never shows the old account after a switch, however late its answer comes', async () => {
    const bucket = await on.bucket();
    let answer: (session: Session) => void = () => undefined;
    on.connections.use(session, () => new Promise(resolve => (answer = resolve)));
    const late = tree.getChildren();
    const other = await on.sessionOf('other', on.clientsAt('http://127.0.0.1:9'));
    on.connections.use(other);
    answer(session);
    assert.deepEqual(await late, []);
    assert.ok(!JSON.stringify(labels(await tree.getChildren())).includes(bucket));
    assert.equal(tree.session, other);
  });

  it('lets buckets be added by name where they may not be listed', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'shared/a');
    const clients = await on.roleClients(['s3:ListBucket', 's3:GetObjectTagging']);
    const limited = await on.sessionOf('limited', clients);
    on.connections.use(limited);
    await pins.add(limited, { bucket });
    await pins.add(limited, { bucket, key: 'shared/' });
    const rows = await tree.getChildren();
    assert.deepEqual(labels(rows), [
      'Missing permission: s3:ListAllMyBuckets | Click to add one by name',
      bucket,
      `${bucket}/shared/`,
    ]);
    const [denied, , prefix] = rows;
    assert.ok(denied && prefix);
    assert.equal(tree.getTreeItem(denied).command?.command, 'bucketBrigade.explorer.addBucket');
    assert.equal(tree.getTreeItem(prefix).contextValue, 'bucket pinned');
    const inside = await tree.getChildren(prefix);
    assert.match(labels(inside).join(), /^a \| [^,]*, \d{4}$/);
    clients.destroy();
  });

  it('reads on with the session that took the place of the one it began with', async () => {
    const bucket = await on.bucket();
    await on.put(bucket, 'image1.png', 'x', 'phototype=finished');
    const proxy = await startCuttableProxy(on.sandbox.endpoint);
    const doomed = await on.sessionOf('lab', on.clientsAt(proxy.endpoint));
    on.connections.use(doomed);
    const row = await below(bucket);
    await proxy.close();
    on.connections.open = () => Promise.resolve(session);
    const [, image] = await tree.getChildren(row);
    assert.deepEqual(labels(await tree.getChildren(image)), ['phototype = finished']);
    const other = await on.sessionOf('other', on.clientsAt(proxy.endpoint));
    on.connections.open = () => Promise.resolve(other);
    tree.refreshTags();
    const message = 'tags were read with another connection than the rows';
    assert.deepEqual(labels(await tree.getChildren(image)), ['phototype = finished'], message);
  });

  it('shows a row with Retry when the network goes in the middle of a listing', async function () {
    this.timeout(90_000);
    await setPageSize(2);
    const bucket = await on.bucket();
    for (const key of ['1', '2', '3', '4']) await on.put(bucket, key);
    const proxy = await startCuttableProxy(on.sandbox.endpoint);
    try {
      on.connections.use(await on.sessionOf('proxied', on.clientsAt(proxy.endpoint)));
      const folder = (await below(bucket)) as FolderRow;
      await tree.getChildren(folder);
      proxy.cut();
      await tree.loadMore(folder);
      const broken = await tree.getChildren(folder);
      const error = broken.at(-1);
      assert.ok(error?.kind === 'error');
      const item = tree.getTreeItem(error);
      assert.match(shown(item), /couldn’t be reached.*\| Click to retry/);
      assert.equal(item.command?.command, 'bucketBrigade.explorer.loadMore');
      assert.equal(broken.length, 4);
      proxy.mend();
      await tree.loadMore(folder);
      assert.equal((await tree.getChildren(folder)).length, 5);
    } finally {
      await proxy.close();
      await setPageSize(undefined);
    }
  });
});
