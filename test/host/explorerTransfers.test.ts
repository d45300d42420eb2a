import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { BrigadeError } from '../../src/aws/errors.ts';
import { allObjects } from '../../src/explorer/allObjects.ts';
import { runBatch } from '../../src/aws/transfers/batch.ts';
import { planDownload } from '../../src/explorer/transfers/downloadPlan.ts';
import { targetsOrAsk, type Explorer } from '../../src/explorer/explorer.ts';
import { dragAndDrop } from '../../src/explorer/dragAndDrop.ts';
import { objectRow, tagRows, type FolderRow, type MoreRow } from '../../src/explorer/tree/rows.ts';
import { changeTags } from '../../src/explorer/tags/tagWriting.ts';
import { uploadItems } from '../../src/explorer/transfers/upload.ts';
import { planUpload } from '../../src/explorer/transfers/uploadPlan.ts';
import { startCuttableProxy } from '../support/cuttableProxy.ts';
import { explorerOf, startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';

const MIB = 1024 * 1024;

describe('the transfers of the Buckets view', () => {
  let on: ExplorerFixture;
  let explorer: Explorer;
  let bucket: string;
  let folder: string;
  before(async () => {
    on = await startExplorerFixture();
    explorer = explorerOf(on);
    bucket = await on.bucket();
    folder = mkdtempSync(path.join(tmpdir(), 'bb-upload-'));
  });
  after(async () => {
    explorer.tree.dispose();
    await on.close();
  });

  const keys = async (prefix: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const object of allObjects(on.clients.s3(), bucket, prefix)) found.push(object.key);
    return found;
  };

  it('work on the selected rows, without tags and what else only stands among them', async () => {
    const top: FolderRow = { kind: 'bucket', id: 'b', session: 'k', bucket, pinned: false };
    const object = objectRow(top, { key: 'a.txt', size: 1 });
    const more: MoreRow = {
      ...{ kind: 'more', id: 'b|more', parent: top },
      ...{ session: 'k', bucket, loaded: 1 },
    };
    const ask = (): Promise<never> => assert.fail('asked');
    const tags = tagRows(object, [{ key: 'k', value: 'v' }]);
    assert.deepEqual(await targetsOrAsk(object, [object, more, ...tags], ask), [object]);
    assert.deepEqual(await targetsOrAsk({ bucket, key: 'x' }, undefined, ask), [
      { bucket, key: 'x' },
    ]);
  });

  it('upload files and whole folders, and follow no link in a circle', async () => {
    mkdirSync(path.join(folder, 'photos', 'deep'), { recursive: true });
    writeFileSync(path.join(folder, 'photos', 'a b+%.txt'), 'a');
    writeFileSync(path.join(folder, 'photos', 'deep', 'c.txt'), 'c');
    writeFileSync(path.join(folder, 'single.txt'), 'single');
    symlinkSync(folder, path.join(folder, 'photos', 'circle'));
    const sources = ['photos', 'single.txt'].map(name => vscode.Uri.file(path.join(folder, name)));
    const { items, leftOut } = await planUpload(sources, 'up/');
    const circle = path.join(folder, 'photos', 'circle');
    assert.deepEqual(leftOut, [{ kind: 'link', path: circle, target: folder }]);
    await uploadItems(explorer, await on.sessionOf('lab'), bucket, items);
    assert.deepEqual(await keys('up/'), [
      'up/photos/a b+%.txt',
      'up/photos/deep/c.txt',
      'up/single.txt',
    ]);
  });

  it('keep the parts of what was interrupted, and their row goes on with them', async () => {
    const file = path.join(folder, 'large.bin');
    const bytes = randomBytes(20 * MIB);
    writeFileSync(file, bytes);
    let isExpired = true;
    let parts = 0;
    const { endpoint } = on.sandbox;
    const proxy = createServer((incoming, response) => {
      const { method, headers, url = '/' } = incoming;
      if (url.includes('partNumber=')) parts++;
      if (isExpired && url.includes('partNumber=3')) {
        incoming.resume();
        response.writeHead(400).end('<Error><Code>ExpiredToken</Code></Error>');
        return;
      }
      const upstream = forward(new URL(endpoint), { method, headers, path: url }, answer => {
        answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
      });
      incoming.pipe(upstream);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const session = await on.sessionOf('lab', on.clientsAt(`http://127.0.0.1:${port}`));
    on.connections.use(session);
    try {
      const { items } = await planUpload([vscode.Uri.file(file)], 'kept/');
      await uploadItems(explorer, session, bucket, items);
      const [stopped] = explorer.transfers.transfers;
      assert.equal(stopped?.state, 'failed');
      assert.deepEqual(await keys('kept/'), []);
      [isExpired, parts] = [false, 0];
      await stopped.retry();
      const [continued] = explorer.transfers.transfers;
      assert.notEqual(continued, stopped);
      assert.equal(continued?.state, 'done');
      assert.equal(parts, 1);
      assert.deepEqual(await keys('kept/'), ['kept/large.bin']);
    } finally {
      proxy.close().closeAllConnections();
    }
  });

  it('read files that a browser dropped one by one, when their turn comes', async () => {
    const config = vscode.workspace.getConfiguration('bucketBrigade.transfer');
    await config.update('concurrency', 1, vscode.ConfigurationTarget.Global);
    const session = await on.sessionOf('lab');
    const atReading: string[][] = [];
    const transfer = new vscode.DataTransfer();
    for (const name of ['a.txt', 'b.txt']) {
      const data = async () => {
        atReading.push(await keys('dropped/'));
        return new TextEncoder().encode(name);
      };
      const item = new vscode.DataTransferItem('');
      item.asFile = () => ({ name, data });
      transfer.set(`files/${name}`, item);
    }
    const row: FolderRow = {
      ...{ kind: 'bucket', id: 'd', session: session.key, bucket },
      ...{ key: 'dropped/', pinned: true },
    };
    on.connections.use(session);
    const { token } = new vscode.CancellationTokenSource();
    try {
      await dragAndDrop(explorer).handleDrop?.(row, transfer, token);
    } finally {
      await config.update('concurrency', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.deepEqual(atReading, [[], ['dropped/a.txt']]);
    assert.deepEqual(await keys('dropped/'), ['dropped/a.txt', 'dropped/b.txt']);
  });

  it('make no object when the network goes in the middle of an upload', async function () {
    this.timeout(90_000);
    const proxy = await startCuttableProxy(on.sandbox.endpoint);
    try {
      const session = await on.sessionOf('proxied', on.clientsAt(proxy.endpoint));
      const open = () => Promise.resolve(new Uint8Array(30 * MIB));
      const item = { key: 'cut/big.bin', size: 30 * MIB, open };
      proxy.cutAfter('up', 12 * MIB);
      await uploadItems(explorer, session, bucket, [item]);
      assert.deepEqual(await keys('cut/'), []);
      proxy.mend();
      await uploadItems(explorer, session, bucket, [item]);
      assert.deepEqual(await keys('cut/'), ['cut/big.bin']);
    } finally {
      await proxy.close();
    }
  });

  it('go on after one of several has failed, and stop when cancelled', async () => {
    const signal = new AbortController().signal;
    const outcome = await runBatch([1, 2, 3], 2, signal, item =>
      item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(),
    );
    assert.deepEqual([outcome.done, outcome.failed.map(({ item }) => item)], [[1, 3], [2]]);
    const stop = new AbortController();
    const stopped = await runBatch([1, 2, 3], 1, stop.signal, item => {
      if (item === 2) stop.abort();
      return item === 2 ? Promise.reject(new BrigadeError('Cancelled', 'stop')) : Promise.resolve();
    });
    assert.deepEqual([stopped.done, stopped.failed, stopped.isCancelled], [[1], [], true]);
  });

  it('download every key below the folder chosen, and nowhere else', async () => {
    for (const key of ['down/../../escape', 'down//etc/passwd', 'down/ok.txt', 'down/dir/']) {
      await on.put(bucket, key, key.endsWith('/') ? '' : 'x');
    }
    const target = vscode.Uri.file(folder);
    const { signal } = new AbortController();
    const session = await on.sessionOf('lab');
    const items = await planDownload(session, [{ bucket, key: 'down/' }], target, signal);
    assert.deepEqual(items.map(item => item.names.join('/')).sort(), [
      'down/_../_../escape',
      'down/_/etc/passwd',
      'down/ok.txt',
    ]);
  });
});

describe('the tags of an object', () => {
  let on: ExplorerFixture;
  let explorer: Explorer;
  let object: { bucket: string; key: string };
  before(async () => {
    on = await startExplorerFixture();
    explorer = explorerOf(on);
    object = { bucket: await on.bucket(), key: 'tagged' };
    const nine = Array.from({ length: 9 }, (_, at) => `k${at}=v${at}`).join('&');
    await on.put(object.bucket, object.key, 'x', nine);
  });
  after(async () => {
    explorer.tree.dispose();
    await on.close();
  });
  const change = async (...changes: Parameters<typeof changeTags>[3]): Promise<void> =>
    changeTags(explorer, await on.sessionOf('lab'), object, changes);

  it('are refused, with the tag and the rule named, before anything is sent', async () => {
    const refused: [string, string, RegExp][] = [
      ['k0', 'again', /“k0” is used twice/],
      ['x'.repeat(129), '', /longer than 128 characters/],
      ['key', 'x'.repeat(257), /“key” is longer than 256 characters/],
      ['bad*key', '', /“bad\*key” may have letters/],
      ['aws:mine', '', /begins with “aws:”/],
      ['', 'value', /Enter a tag key/],
    ];
    for (const [key, value, message] of refused) {
      await assert.rejects(change({ to: { key, value } }), { code: 'InvalidInput', message });
    }
    await change({ to: { key: 'tenth', value: '' } });
    const eleventh = change({ to: { key: 'eleventh', value: '' } });
    await assert.rejects(eleventh, { code: 'InvalidInput', message: /up to 10 tags/ });
    await change({ from: 'tenth' });
  });

  it('keep what others changed meanwhile', async () => {
    await change({ from: 'k0', to: { key: 'k0', value: 'theirs' } });
    await change({ from: 'k1', to: { key: 'renamed', value: 'mine' } }, { from: 'k2' });
    const { getObjectTags } = await import('../../src/aws/objects/tags.ts');
    const tags = await getObjectTags(on.clients.s3(), object);
    const text = tags.map(({ key, value }) => `${key}=${value}`).sort();
    assert.deepEqual(text, [
      'k0=theirs',
      ...['k3=v3', 'k4=v4', 'k5=v5', 'k6=v6', 'k7=v7', 'k8=v8'],
      'renamed=mine',
    ]);
  });
});
