// The explorer's whole flow on an S3-compatible server nobody here wrote: what it lacks is said, once.
import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { makeBucket } from '../../src/aws/buckets/newBucket.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { everythingIn } from '../../src/aws/deletion/emptyBucket.ts';
import { presignGet } from '../../src/aws/links/presign.ts';
import { headObject, listBuckets, listObjects } from '../../src/aws/objects/listing.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import type { Listing } from '../../src/aws/selection/selection.ts';
import type { CompareFolderInput } from '../../src/aws/sync/syncPlan.ts';
import { openClients } from '../../src/aws/openClients.ts';
import { readTail } from '../../src/aws/parts/tail.ts';
import { readBucketProperties } from '../../src/aws/properties/bucketProperties.ts';
import { scopeOf } from '../../src/explorer/deletion/deletionScope.ts';
import { readVersioning } from '../../src/explorer/deletion/confirmDelete.ts';
import { runDelete } from '../../src/explorer/deletion/runDelete.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { objectResource } from '../../src/explorer/fileSystem/s3Resource.ts';
import type { Session } from '../../src/services.ts';
import { describeError } from '../../src/vscode/describeError.ts';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts';
import { RESULTS_VARIABLE } from '../support/hostResults.ts';
import { startS3rver, type S3rver } from '../support/s3rver.ts';
import { explorerOf, TestConnections, WORKER_HERE } from './explorerFixture.ts';
import { run } from './hostSandbox.ts';

const BIG = Buffer.alloc(20 * 1024 ** 2 + 7, 'a picture');

let server: S3rver;
let proxy: FaultProxy;
let clients: AwsClients;
let folder: string;
before(async function () {
  // The first run of all fetches it.
  this.timeout(120_000);
  folder = mkdtempSync(path.join(tmpdir(), 'bb-other-'));
  server = await startS3rver();
  proxy = await startFaultProxy(server.endpoint);
  const { endpoint, accessKeyId, secretAccessKey } = server;
  const credentials = { accessKeyId, secretAccessKey };
  ({ clients } = await openClients({ region: 'us-east-1', endpoint, credentials }));
});
after(async () => {
  clients.destroy();
  await proxy.close();
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keysOf = async (bucket: string): Promise<string[]> => {
  const { objects } = await listObjects(clients.s3(), { bucket, prefix: '', delimiter: '' });
  return objects.map(({ key }) => key);
};

describe('the commands on an S3-compatible server, by a profile', function () {
  this.timeout(90_000);
  const bucket = 'by-profile';
  const at = (key: string) => ({ bucket, key });
  let configBefore: string | undefined;
  before(async () => {
    const file = path.join(folder, 'config');
    const lines = [
      ...['[profile other-s3]', 'region = us-east-1', `endpoint_url = ${proxy.endpoint}`],
      ...['aws_access_key_id = S3RVER', 'aws_secret_access_key = S3RVER'],
    ];
    writeFileSync(file, lines.join('\n'));
    configBefore = process.env['AWS_CONFIG_FILE'];
    process.env['AWS_CONFIG_FILE'] = file;
    await makeBucket(clients, { bucket, region: 'us-east-1', versioning: false });
    await vscode.extensions.getExtension('bucket-brigade.bucket-brigade')?.activate();
    await run('bucketBrigade.connections.select', 'profile:other-s3');
  });
  after(async () => {
    if (configBefore === undefined) delete process.env['AWS_CONFIG_FILE'];
    else process.env['AWS_CONFIG_FILE'] = configBefore;
    await run('bucketBrigade.connections.select', 'sandbox');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('make folders, upload, rename, paste, duplicate and tag', async () => {
    const small = path.join(folder, 'one +%2F.txt');
    const big = path.join(folder, 'big.bin');
    writeFileSync(small, 'one');
    writeFileSync(big, BIG);
    await run('bucketBrigade.explorer.newFolder', { bucket, name: 'folder' });
    const files = [small, big].map(file => vscode.Uri.file(file).toString());
    await run('bucketBrigade.explorer.upload', { ...at('folder/'), files });
    assert.deepEqual(await keysOf(bucket), ['folder/', 'folder/big.bin', 'folder/one +%2F.txt']);
    const skipConfirmation = true;
    const name = { name: 'new name.bin', skipConfirmation };
    await run('bucketBrigade.explorer.rename', { ...at('folder/big.bin'), ...name });
    await run('bucketBrigade.explorer.copy', at('folder/new name.bin'));
    await run('bucketBrigade.explorer.newFolder', { bucket, name: 'pasted' });
    await run('bucketBrigade.explorer.paste', { ...at('pasted/'), skipConfirmation });
    await run('bucketBrigade.explorer.duplicate', {
      ...at('pasted/new name.bin'),
      ...{ name: 'twin.bin', skipConfirmation },
    });
    const tag = { key: 'phototype', value: 'raw' };
    await run('bucketBrigade.explorer.addTag', at('pasted/twin.bin'), undefined, tag);
    assert.deepEqual(await keysOf(bucket), [
      ...['folder/', 'folder/new name.bin', 'folder/one +%2F.txt'],
      ...['pasted/', 'pasted/new name.bin', 'pasted/twin.bin'],
    ]);
    assert.deepEqual(await getObjectTags(clients.s3(), at('pasted/twin.bin')), [tag]);
    const { Body } = await clients
      .s3()
      .send(new GetObjectCommand({ Bucket: bucket, Key: 'pasted/twin.bin' }));
    assert.ok(BIG.equals(Buffer.from((await Body?.transformToByteArray()) ?? [])));
  });

  it('open an object in an editor, which is saved', async () => {
    await run('bucketBrigade.explorer.openObject', at('folder/one +%2F.txt'));
    const uri = objectResource(bucket, 'folder/one +%2F.txt');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), 'one');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'not ');
    await vscode.workspace.applyEdit(edit);
    assert.ok(await document.save());
    const { size } = await headObject(clients.s3(), at('folder/one +%2F.txt'));
    assert.equal(size, 'not one'.length);
  });

  it('show pages and views once, and then ask nothing more', async () => {
    await run('bucketBrigade.explorer.showProperties', at('folder/one +%2F.txt'));
    await run('bucketBrigade.explorer.showProperties', { bucket });
    await run('bucketBrigade.explorer.showUnfinishedUploads', { bucket });
    await run('bucketBrigade.versions.show', { bucket });
    await run('bucketBrigade.find.start', { bucket }, undefined, { contains: 'twin' });
    await vscode.commands.executeCommand('bucketBrigade.jobs.focus');
    await vscode.commands.executeCommand('bucketBrigade.buckets.focus');
    await sleep(2_000);
    const asked = proxy.requests.length;
    await sleep(4_000);
    assert.deepEqual(proxy.requests.slice(asked), []);
    const said = errorsInLog();
    assert.deepEqual(said, [...new Set(said)]);
    assert.ok(said.length < 4, said.join('\n'));
  });
});

/** The sentences of the extension's log that are errors of this server's, without their time. */
function errorsInLog(): string[] {
  const root = path.dirname(process.env[RESULTS_VARIABLE] ?? '');
  const files = globSync('**/bucket-brigade.bucket-brigade/*.log', { cwd: root });
  const text = files.map(file => readFileSync(path.join(root, file), 'utf8')).join('\n');
  const own = [new URL(proxy.endpoint).host, 'by-profile'];
  return text
    .split('\n')
    .filter(line => line.includes('[error]') && own.some(name => line.includes(name)))
    .map(line => line.slice(line.indexOf('[error]')));
}

describe('the explorer on an S3-compatible server', () => {
  const bucket = 'by-hand';
  const at = (key: string) => ({ bucket, key });
  let explorer: Explorer;
  let session: Session;
  before(() => {
    const { identity } = { identity: { accountId: '', arn: '', userId: '', partition: 'aws' } };
    const connection = { id: 'other', label: 'Other', region: 'us-east-1', endpoint: '' };
    session = { key: 'other', connection, identity, clients };
    const connections = new TestConnections();
    connections.use(session);
    explorer = { ...explorerOf({ connections }), storage: folder };
  });
  after(() => explorer.tree.dispose());

  it('makes a bucket, and says that it can keep no versions there', async () => {
    const region = 'us-east-1';
    const made = await makeBucket(clients, { bucket, region, versioning: true });
    assert.match(describeError(made.versioningFailed), /doesn’t support PutBucketVersioning\.$/);
    const [row] = await explorer.tree.getChildren();
    assert.ok((await listBuckets(clients)).some(({ name }) => name === bucket));
    assert.ok(row);
  });

  it('downloads what was uploaded, whole and in ranges', async () => {
    for (const [name, body] of [
      ['a b.txt', Buffer.from('small')],
      ['big.bin', BIG],
    ] as const) {
      const file = path.join(folder, name);
      writeFileSync(file, body);
      const files = [{ key: name, path: file, size: body.length, body: null }];
      await WORKER_HERE.run(session, 'uploadFiles', { bucket, files, most: 4 }, { title: '' });
      const down = mkdtempSync(path.join(folder, 'down-'));
      const item = { ...at(name), size: body.length, folder: down, names: [name] };
      const input = { files: [item], most: 4 };
      const { failed } = await WORKER_HERE.run(session, 'downloadFiles', input, { title: '' });
      assert.deepEqual(failed, []);
      assert.ok(readFileSync(path.join(down, name)).equals(body));
    }
    const { bytes } = await readTail(clients.s3(), at('big.bin'), 7);
    assert.deepEqual(Buffer.from(bytes), BIG.subarray(-7));
  });

  it('gives a presigned URL that opens the object', async () => {
    const answer = await fetch(await presignGet(clients.s3(), at('a b.txt'), 60));
    assert.deepEqual([answer.status, await answer.text()], [200, 'small']);
  });

  it('shows of a bucket what there is, and of the rest that there is none', async () => {
    await putObjectTags(clients.s3(), { ...at('a b.txt'), tags: [{ key: 'a', value: 'b' }] });
    const { versioning, lifecycle, objectLock, cors } = await readBucketProperties(clients, bucket);
    const kinds = [versioning, lifecycle, objectLock, cors].map(({ kind }) => kind);
    assert.deepEqual(kinds, ['notOffered', 'notOffered', 'notOffered', 'none']);
    assert.deepEqual(await readVersioning(session, [bucket]), new Map());
  });

  it('syncs a folder up and down', async () => {
    const from = path.join(folder, 'sync');
    mkdirSync(from);
    writeFileSync(path.join(from, 'one.txt'), 'one');
    for (const [direction, local] of [
      ['up', from],
      ['down', mkdtempSync(path.join(folder, 'synced-'))],
    ] as const) {
      const input: CompareFolderInput = {
        ...{ direction, bucket, prefix: 'sync/', folder: local, comparison: 'time' },
        ...{ rules: { windows: false, ignoreCase: false }, planFile: path.join(folder, 'plan') },
      };
      const summary = await WORKER_HERE.run(session, 'compareFolder', input, { title: '' });
      assert.equal(summary.created.count, 1);
      const sync = {
        ...{ ...input, isDeleting: false, total: { items: 1, bytes: 3 }, most: 2 },
        restFile: path.join(folder, 'rest'),
      };
      const result = await WORKER_HERE.run(session, 'syncFolder', sync, { title: '' });
      assert.deepEqual([result.done, result.failed], [1, []]);
      assert.equal(readFileSync(path.join(local, 'one.txt'), 'utf8'), 'one');
    }
  });

  it('deletes a prefix, and the bucket with all that is in it', async () => {
    const scope = scopeOf([at('sync/')]);
    const count = { objects: 1, bytes: 3 };
    await runDelete(explorer, session, { scope, count, versioning: new Map() });
    assert.deepEqual(await keysOf(bucket), ['a b.txt', 'big.bin']);
    const everything: Listing = await everythingIn(clients, bucket);
    const counted = await WORKER_HERE.run(
      session,
      'countForDeletion',
      { selections: [everything], uploadsOf: bucket },
      { title: '' },
    );
    assert.deepEqual([counted.objects, counted.uploads], [2, undefined]);
    const input = { bucket, deletesBucket: true, folder: mkdtempSync(path.join(folder, 'd-')) };
    const result = await WORKER_HERE.run(session, 'emptyBucket', input, { title: '' });
    assert.ok(result.bucketDeleted);
    assert.ok((await listBuckets(clients)).every(({ name }) => name !== bucket));
  });
});
