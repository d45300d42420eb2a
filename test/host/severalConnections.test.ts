import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { identify } from '../../src/aws/identify.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { sessionKey } from '../../src/connections/connectionIds.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { findRow } from '../../src/explorer/tree/findRow.ts';
import { GuardedFileSystem } from '../../src/explorer/fileSystem/guardedFileSystem.ts';
import { folderResource, objectResource } from '../../src/explorer/fileSystem/s3Resource.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import type { Row } from '../../src/explorer/tree/rows.ts';
import type { Session } from '../../src/services.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { MemoryState, shown } from './explorerFixture.ts';
import { run, startHostSandbox } from './hostSandbox.ts';
import { SeveralConnections, sessionOn } from './severalConnectionsFixture.ts';

/** In both accounts. */
const BUCKET = 'same-name';
/** Awkward on purpose. */
const KEY = 'a b/+%2F/ü.txt';
const SECOND = 'profile:second';

async function put(clients: AwsClients, Key: string, Body: string): Promise<void> {
  await clients.s3().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}

async function bodyOf(clients: AwsClients, Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return await Body?.transformToString();
}

async function keysOf(clients: AwsClients): Promise<string[]> {
  const { Contents = [] } = await clients.s3().send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return Contents.map(({ Key = '' }) => Key);
}

async function tagsOf(clients: AwsClients, Key: string): Promise<string[]> {
  const { TagSet = [] } = await clients
    .s3()
    .send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key }));
  return TagSet.map(tag => `${tag.Key}=${tag.Value}`);
}

/** The `s3:` file system of a window that has these open, and nothing else remembered. */
function filesOf(sessions: readonly Session[]): GuardedFileSystem {
  return new GuardedFileSystem({
    connections: new SeveralConnections(sessions),
    ...{ memory: new MemoryState(), shared: new MemoryState() },
    connected: id => sessions.find(({ connection }) => connection.id === id),
    changed: new vscode.EventEmitter(),
    uploads: new UnfinishedUploads(new MemoryState()),
  });
}

describe('two accounts at once, with a bucket of one name', () => {
  let folder: string;
  let second: SandboxClients;
  let ours: AwsClients;
  let theirs: AwsClients;
  let mine: string;
  let other: string;
  const config = process.env['AWS_CONFIG_FILE'];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bb-two-'));
    second = await startSandboxClients();
    ours = await startHostSandbox();
    theirs = second.clients;
    const { endpoint, region, accessKeyId, secretAccessKey } = second.sandbox;
    const lines = [
      ...['[profile second]', `region = ${region}`, `endpoint_url = ${endpoint}`],
      ...[`aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`],
    ];
    await writeFile(path.join(folder, 'config'), lines.join('\n'));
    process.env['AWS_CONFIG_FILE'] = path.join(folder, 'config');
    for (const clients of [ours, theirs]) {
      await clients.s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
    }
    const credentials = { accessKeyId, secretAccessKey };
    const { accountId } = await identify({ region, endpoint, credentials });
    const connection = { id: SECOND, label: 'second', region, endpoint };
    other = sessionKey(connection, accountId);
    mine = sessionKey({ id: 'sandbox', label: '', region }, ours.accountId);
    await run('bucketBrigade.connections.openAnother', SECOND);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('bucketBrigade.connections.close', {
      connectionId: SECOND,
    });
    if (config === undefined) delete process.env['AWS_CONFIG_FILE'];
    else process.env['AWS_CONFIG_FILE'] = config;
    await second.close();
    await rm(folder, { recursive: true, force: true });
  });

  const upload = async (name: string, session?: string): Promise<void> => {
    const file = path.join(folder, name);
    await writeFile(file, name);
    const files = [vscode.Uri.file(file).toString()];
    await run('bucketBrigade.explorer.upload', {
      bucket: BUCKET,
      files,
      ...(session && { session }),
    });
  };

  it('an upload goes where it belongs, and to the default where nothing says', async () => {
    await upload('second.txt', other);
    await upload('first.txt', mine);
    await upload('default.txt');
    assert.deepEqual(await keysOf(theirs), ['second.txt']);
    assert.deepEqual(await keysOf(ours), ['default.txt', 'first.txt']);
  });

  it('an object of another account is not uploaded as the one of its name here', async () => {
    const before = await keysOf(ours);
    const files = [objectResource(BUCKET, 'second.txt', other).toString()];
    await run('bucketBrigade.explorer.upload', { bucket: BUCKET, files, session: mine });
    assert.deepEqual(await keysOf(ours), before);
  });

  it('a tag is written to its own object of two that have one name', async () => {
    for (const clients of [ours, theirs]) await put(clients, KEY, 'x');
    const tag = { key: 'k', value: 'v' };
    const target = { bucket: BUCKET, key: KEY, session: other };
    await run('bucketBrigade.explorer.addTag', target, undefined, tag);
    assert.deepEqual([await tagsOf(ours, KEY), await tagsOf(theirs, KEY)], [[], ['k=v']]);
  });

  it('what a bucket notifies is changed where the row is', async () => {
    await run('bucketBrigade.notifications.turnOnEventBridge', { bucket: BUCKET, session: other });
    const bridges = await Promise.all(
      [ours, theirs].map(async clients => {
        const get = new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET });
        return (await clients.s3().send(get)).EventBridgeConfiguration !== undefined;
      }),
    );
    assert.deepEqual(bridges, [false, true]);
  });

  it('objects of one name open in editors of their own, and each is saved and deleted as its own', async () => {
    await put(ours, 'note.txt', 'ours');
    await put(theirs, 'note.txt', 'theirs');
    const open = async (session: string): Promise<vscode.Uri> => {
      const target = { bucket: BUCKET, key: 'note.txt', session };
      const opened = await run('bucketBrigade.explorer.openObject', target);
      return vscode.Uri.parse(opened as string, true);
    };
    const [first, its] = [await open(mine), await open(other)];
    assert.notEqual(first.toString(), its.toString());
    const text = async (uri: vscode.Uri): Promise<string> =>
      (await vscode.workspace.openTextDocument(uri)).getText();
    assert.deepEqual([await text(first), await text(its)], ['ours', 'theirs']);
    const change = new vscode.WorkspaceEdit();
    change.insert(its, new vscode.Position(0, 0), 'new ');
    await vscode.workspace.applyEdit(change);
    assert.ok(await (await vscode.workspace.openTextDocument(its)).save());
    assert.deepEqual(
      [await bodyOf(ours, 'note.txt'), await bodyOf(theirs, 'note.txt')],
      ['ours', 'new theirs'],
    );
    await vscode.workspace.fs.delete(its, { useTrash: false });
    assert.ok((await keysOf(ours)).includes('note.txt'));
    assert.ok(!(await keysOf(theirs)).includes('note.txt'));
  });

  it('a dirty editor stays with its account whatever is the default, and is saved nowhere else', async () => {
    await put(ours, 'dirty.txt', 'ours');
    await put(theirs, 'dirty.txt', 'theirs');
    const target = { bucket: BUCKET, key: 'dirty.txt', session: other };
    const opened = (await run('bucketBrigade.explorer.openObject', target)) as string;
    const uri = vscode.Uri.parse(opened, true);
    const document = await vscode.workspace.openTextDocument(uri);
    const change = new vscode.WorkspaceEdit();
    change.insert(uri, new vscode.Position(0, 0), 'changed ');
    await vscode.workspace.applyEdit(change);
    await vscode.commands.executeCommand('bucketBrigade.connections.close', {
      connectionId: SECOND,
    });
    assert.equal(await document.save(), false);
    assert.ok(document.isDirty);
    await run('bucketBrigade.connections.openAnother', SECOND);
    await vscode.commands.executeCommand('bucketBrigade.connections.makeDefault', {
      connectionId: SECOND,
    });
    await vscode.commands.executeCommand('bucketBrigade.connections.makeDefault', {
      connectionId: 'sandbox',
    });
    assert.ok(await document.save());
    assert.deepEqual(
      [await bodyOf(ours, 'dirty.txt'), await bodyOf(theirs, 'dirty.txt')],
      ['ours', 'changed theirs'],
    );
  });

  it('another default answers where nothing says otherwise, and only there', async () => {
    await vscode.commands.executeCommand('bucketBrigade.connections.makeDefault', {
      connectionId: SECOND,
    });
    await upload('now-second.txt');
    await upload('still-first.txt', mine);
    await vscode.commands.executeCommand('bucketBrigade.connections.makeDefault', {
      connectionId: 'sandbox',
    });
    assert.ok((await keysOf(theirs)).includes('now-second.txt'));
    assert.ok(!(await keysOf(theirs)).includes('still-first.txt'));
    assert.ok((await keysOf(ours)).includes('still-first.txt'));
    assert.ok(!(await keysOf(ours)).includes('now-second.txt'));
  });

  it('what is of a connection that is closed is done nowhere', async () => {
    await vscode.commands.executeCommand('bucketBrigade.connections.close', {
      connectionId: SECOND,
    });
    await upload('nowhere.txt', other);
    await run('bucketBrigade.connections.openAnother', SECOND);
    for (const clients of [ours, theirs]) {
      assert.ok(!(await keysOf(clients)).includes('nowhere.txt'));
    }
  });
});

describe('several connections', () => {
  let one: SandboxClients;
  let two: SandboxClients;
  before(async () => {
    one = await startSandboxClients();
    two = await startSandboxClients();
    for (const { clients } of [one, two]) {
      await clients.s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
    }
    await put(one.clients, 'one.txt', '1');
    await put(two.clients, 'two.txt', '2');
  });
  after(async () => {
    await one.close();
    await two.close();
  });

  it('are not copied between by VS Code, which would take one’s object for the other’s', async () => {
    const sessions = [await sessionOn('one', one), await sessionOn('two', two)];
    const files = filesOf(sessions);
    const at = (session: Session | undefined, key: string): vscode.Uri => {
      const uri = objectResource(BUCKET, key, session?.key);
      if (session) files.admit(session, uri);
      return uri;
    };
    const [first, second] = sessions;
    const from = at(first, 'one.txt');
    for (const move of ['copy', 'rename'] as const) {
      const refused = files[move](from, at(second, 'copied.txt'), { overwrite: true });
      await assert.rejects(refused, /one.*two/);
    }
    assert.deepEqual(
      [await keysOf(one.clients), await keysOf(two.clients)],
      [['one.txt'], ['two.txt']],
    );
    await files.copy(from, at(first, 'copied.txt'), { overwrite: true });
    assert.deepEqual(await keysOf(one.clients), ['copied.txt', 'one.txt']);
    await files.delete(at(first, 'copied.txt'), { recursive: false });
    files.dispose();
  });

  it('read a bucket of one name as a folder each, but not both in one workspace', async () => {
    const sessions = [await sessionOn('one', one), await sessionOn('two', two)];
    const files = filesOf(sessions);
    const names: string[][] = [];
    for (const session of sessions) {
      const folder = folderResource(BUCKET, '', session.key);
      await files.admitFolder(session, folder);
      const read = await files.readDirectory(folder);
      names.push(read.map(([name]) => name));
      // As VS Code makes the addresses of what is in it.
      const file = vscode.Uri.joinPath(folder, read[0]?.[0] ?? '');
      assert.equal(String(await files.readFile(file)), session.connection.id === 'one' ? '1' : '2');
    }
    assert.deepEqual(names, [['one.txt'], ['two.txt']]);
    // VS Code would take one's files for the other's: never both in one workspace, nor one in the other.
    const [first, second] = sessions;
    const of = (session: Session, prefix = '') => folderResource(BUCKET, prefix, session.key);
    const whole = of(first!);
    assert.equal(await files.folderOf(first!, of(first!), [whole]), whole);
    assert.equal(await files.folderOf(first!, of(first!, 'p/'), [whole]), undefined);
    assert.equal(
      await files.folderOf(second!, folderResource('other', '', 'two/1'), [whole]),
      undefined,
    );
    for (const [prefix, known] of [
      ['', whole],
      ['p/', whole],
      ['', of(first!, 'p/')],
    ] as const) {
      const refused = files.folderOf(second!, of(second!, prefix), [known]);
      await assert.rejects(
        refused,
        /with another connection.*To open it with two, use another window/,
      );
    }
    files.dispose();
  });

  it('have a row each in the Buckets view, and below it their own buckets; one alone has none', async () => {
    const sessions = [await sessionOn('one', one), await sessionOn('two', two)];
    const connections = new SeveralConnections(sessions.slice(0, 1));
    const state = new MemoryState();
    const pins = new PinnedBuckets(state);
    const tree = new BucketsTree(connections, pins, new DisabledNotifications(state));
    const labels = (rows: readonly Row[]): string[] =>
      rows.map(row => shown(tree.getTreeItem(row)));
    assert.deepEqual(labels(await tree.getChildren()), [`${BUCKET} | us-east-1`]);
    connections.set(sessions);
    const roots = await tree.getChildren();
    const before = labels(roots);
    assert.deepEqual(before, ['one | us-east-1 · default', 'two | us-east-1']);
    const objects: string[][] = [];
    for (const root of roots) {
      const [bucket, ...rest] = await tree.getChildren(root);
      assert.ok(bucket);
      assert.deepEqual(rest, []);
      assert.equal(tree.getParent(bucket), root);
      objects.push(
        labels(await tree.getChildren(bucket)).map(label => label.split(' | ')[0] ?? ''),
      );
    }
    assert.deepEqual(objects, [
      ['Event Notifications', 'one.txt'],
      ['Event Notifications', 'two.txt'],
    ]);
    const account = sessions[0]?.identity.accountId ?? '';
    assert.equal(labels(roots)[0], `one | ${account} · us-east-1 · default`);
    const { signal } = new AbortController();
    for (const session of sessions) {
      const key = `${session.connection.id}.txt`;
      const row = await findRow({ tree, pins }, session, { bucket: BUCKET, key }, signal);
      assert.deepEqual([row.session, tree.sessionOf(row)], [session.key, session]);
    }
    const [kept] = await tree.getChildren(roots[1]);
    connections.set(sessions.slice(0, 1));
    assert.deepEqual(labels(await tree.getChildren()), [`${BUCKET} | us-east-1`]);
    assert.deepEqual(await tree.getChildren(kept), []);
    tree.dispose();
  });
});
