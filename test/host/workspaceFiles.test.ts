// `s3:` addresses as VS Code itself and other extensions reach them, by `vscode.workspace.fs`: each call
// goes to the workbench and back, errors too.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import { deleteFullBucket } from '../../src/aws/deletion/deleteFullBucket.ts';
import { createBucket } from '../../src/aws/objects/buckets.ts';
import { folderResource, objectResource } from '../../src/explorer/fileSystem/s3Resource.ts';
import { eventually } from './eventually.ts';
import { run, startHostSandbox } from './hostSandbox.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const code = (expected: string) => (error: unknown) =>
  error instanceof vscode.FileSystemError && error.code === expected;
const KEYS = ['a b.txt', '+', '%2F', 'x//y', 'x/./z', 'x/../z', '😀', 'line\nfeed', 'e\u0301'];

describe('s3: by workspace.fs', function () {
  this.timeout(90_000);
  const { fs } = vscode.workspace;
  let clients: AwsClients;
  const bucket = `workspace-${Date.now()}`;
  const at = (key: string): vscode.Uri => objectResource(bucket, key);
  const folder = (prefix: string): vscode.Uri => folderResource(bucket, prefix);
  const put = async (key: string, Body: string, Tagging?: string): Promise<void> => {
    await clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, Tagging }));
  };
  const read = async (key: string): Promise<string> =>
    new TextDecoder().decode(await fs.readFile(at(key)));
  const names = async (prefix: string): Promise<string[]> =>
    (await fs.readDirectory(folder(prefix))).map(([name]) => name).sort();

  before(async () => {
    clients = await startHostSandbox();
    await createBucket(clients, { bucket, region: clients.region });
    await put('first.txt', 'first');
    await put('opened.txt', 'opened');
    // Else the user would be asked: see the unit tests of AddressGuard.
    await run('bucketBrigade.explorer.openObject', { bucket, key: 'opened.txt' });
  });
  after(async () => {
    await deleteFullBucket(clients, bucket);
    clients.destroy();
  });

  it('reads all of a bucket of which a view has opened something', async () => {
    const { type } = await fs.stat(folder(''));
    assert.equal(type, vscode.FileType.Directory);
    assert.equal(await read('first.txt'), 'first');
  });

  it('answers errors of every call, whatever they are about', async () => {
    const none = at('none.txt');
    await assert.rejects(Promise.resolve(fs.stat(none)), code('FileNotFound'));
    await assert.rejects(Promise.resolve(fs.readFile(none)), code('FileNotFound'));
    await assert.rejects(Promise.resolve(fs.readDirectory(folder('none/'))), code('FileNotFound'));
    await assert.rejects(Promise.resolve(fs.delete(none)), code('FileNotFound'));
    await assert.rejects(Promise.resolve(fs.copy(none, at('to'))), code('FileNotFound'));
    await assert.rejects(Promise.resolve(fs.rename(none, at('to'))), code('FileNotFound'));
    const first = at('first.txt');
    await put('second.txt', 'second');
    await assert.rejects(Promise.resolve(fs.copy(first, at('second.txt'))), code('FileExists'));
    await assert.rejects(Promise.resolve(fs.rename(first, at('second.txt'))), code('FileExists'));
    await assert.rejects(Promise.resolve(fs.readFile(folder(''))));
    await assert.rejects(Promise.resolve(fs.createDirectory(first)));
    const other = objectResource('no-such-bucket-here', 'x');
    const copied = Promise.resolve(fs.copy(first, other));
    // Nobody allows it.
    const outcome = Promise.race([copied.catch(() => 'refused'), dismissed()]);
    assert.equal(await outcome, 'refused');
  });

  /** Closes what is asked until the call is over. */
  async function dismissed(): Promise<never> {
    for (;;) {
      await sleep(200);
      await vscode.commands.executeCommand('notifications.clearAll');
    }
  }

  it('writes, reads, stats, lists and deletes, whatever the key', async () => {
    for (const key of KEYS) {
      const uri = at(`keys/${key}`);
      await fs.writeFile(uri, bytes(key));
      assert.equal(new TextDecoder().decode(await fs.readFile(uri)), key);
      const { type, size } = await fs.stat(uri);
      assert.deepEqual([type, size], [vscode.FileType.File, bytes(key).length], key);
    }
    assert.equal((await names('keys/')).length, KEYS.length - 2);
    await fs.delete(at(`keys/${KEYS[0] ?? ''}`));
    assert.ok(!(await names('keys/')).includes(KEYS[0] ?? ''));
    await fs.delete(folder('keys/'), { recursive: true });
    await assert.rejects(Promise.resolve(fs.stat(folder('keys/'))), code('FileNotFound'));
  });

  it('makes, renames and copies folders and files, with what belongs to them', async () => {
    await fs.createDirectory(folder('made/'));
    assert.deepEqual(await names('made/'), []);
    await put('made/one.txt', 'one', 'phototype=raw');
    await fs.writeFile(at('made/deep/two.txt'), bytes('two'));
    await fs.copy(at('made/one.txt'), at('made/copy.txt'));
    await fs.rename(at('made/copy.txt'), at('made/renamed.txt'));
    await fs.rename(folder('made/'), folder('moved/'));
    await assert.rejects(Promise.resolve(fs.stat(folder('made/'))), code('FileNotFound'));
    assert.deepEqual(await names('moved/'), ['deep', 'one.txt', 'renamed.txt']);
    await fs.copy(folder('moved/'), folder('again/'), { overwrite: false });
    assert.equal(await read('again/deep/two.txt'), 'two');
    const tagging = { Bucket: bucket, Key: 'again/renamed.txt' };
    const { TagSet } = await clients.s3().send(new GetObjectTaggingCommand(tagging));
    assert.deepEqual(TagSet, [{ Key: 'phototype', Value: 'raw' }]);
  });

  it('is edited and saved as any file is, and told of', async () => {
    await put('edited.txt', 'before');
    const uri = at('edited.txt');
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'not ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await document.save());
    assert.equal(await read('edited.txt'), 'not before');
    const seen: string[] = [];
    const pattern = new vscode.RelativePattern(folder(''), '**');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const listening = watcher.onDidCreate(({ path }) => seen.push(path));
    await fs.writeFile(at('watched.txt'), bytes('new'));
    await eventually(() => assert.ok(seen.includes('/watched.txt'), seen.join()));
    listening.dispose();
    watcher.dispose();
  });

  it('takes files from disk, and gives them back', async () => {
    const local = vscode.Uri.file(`${__dirname}/../${bucket}.txt`);
    await fs.writeFile(local, bytes('from disk'));
    await fs.copy(local, at('from disk.txt'));
    await fs.delete(local);
    await fs.copy(at('from disk.txt'), local);
    assert.equal(new TextDecoder().decode(await fs.readFile(local)), 'from disk');
    await fs.delete(local);
  });
});
