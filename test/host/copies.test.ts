// Folders, renaming, cutting, copying, pasting and duplicating, by the extension's own commands.
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import { run, startHostSandbox } from './hostSandbox.ts';

const AWKWARD = ['a b', 'a+b%2F', '//x', '..', '🪣', 'line\nbreak', 'sep\u2028', 'e\u0301', 'end/'];

describe('copies and moves in the Buckets view', function () {
  this.timeout(90_000);
  let clients: AwsClients;
  let bucket = '';
  let buckets = 0;
  before(async () => {
    clients = await startHostSandbox();
  });
  after(() => clients.destroy());
  beforeEach(async () => {
    bucket = await newBucket();
  });

  async function newBucket(): Promise<string> {
    const name = `copies-${Date.now()}-${buckets++}`;
    await clients.s3().send(new CreateBucketCommand({ Bucket: name }));
    return name;
  }

  async function put(Key: string, Body = Key): Promise<void> {
    const Tagging = 'colour=red';
    await clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body, Tagging }));
  }

  async function keys(Bucket = bucket): Promise<string[]> {
    const { Contents = [] } = await clients.s3().send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  const quietly = { skipConfirmation: true } as const;

  it('make a folder, and never over another', async () => {
    await run('bucketBrigade.explorer.newFolder', { bucket, name: 'new/deep' });
    await run('bucketBrigade.explorer.newFolder', { bucket, key: 'new/', name: 'a b+%2F' });
    assert.deepEqual(await keys(), ['new/a b+%2F/', 'new/deep/']);
    for (const name of ['', '/', '..', 'x//y', 'n'.repeat(1024)]) {
      await run('bucketBrigade.explorer.newFolder', { bucket, name });
    }
    await put('new/deep/', 'not empty');
    await run('bucketBrigade.explorer.newFolder', { bucket, name: 'new/deep' });
    const head = new HeadObjectCommand({ Bucket: bucket, Key: 'new/deep/' });
    assert.equal((await clients.s3().send(head)).ContentLength, 9);
    assert.deepEqual(await keys(), ['new/a b+%2F/', 'new/deep/']);
  });

  it('rename an object and a prefix with all below it, tags included', async () => {
    await put('a/one.txt');
    for (const name of AWKWARD) await put(`a/deep/${name}`);
    await run('bucketBrigade.explorer.rename', { bucket, key: 'a/one.txt', name: 'two.txt' });
    await run('bucketBrigade.explorer.rename', { bucket, key: 'a/', name: 'b', ...quietly });
    const expected = ['b/two.txt', ...AWKWARD.map(name => `b/deep/${name}`)];
    assert.deepEqual((await keys()).sort(), expected.sort());
    const tagging = new GetObjectTaggingCommand({ Bucket: bucket, Key: 'b/two.txt' });
    const { TagSet } = await clients.s3().send(tagging);
    assert.deepEqual(TagSet, [{ Key: 'colour', Value: 'red' }]);
  });

  it('rename nothing into itself, and to no key that is none', async () => {
    await put('a/x');
    for (const name of ['a/b', '.', '', '/', 'x'.repeat(1024)]) {
      await run('bucketBrigade.explorer.rename', { bucket, key: 'a/', name, ...quietly });
    }
    assert.deepEqual(await keys(), ['a/x']);
  });

  it('copy by the clipboard, which has S3 URIs for everyone else', async () => {
    await put('p/a.txt');
    await put('p/q/b.txt');
    const other = await newBucket();
    const [object, prefix] = [
      { bucket, key: 'p/a.txt' },
      { bucket, key: 'p/q/' },
    ];
    await run('bucketBrigade.explorer.copy', object, [object, prefix]);
    const text = await vscode.env.clipboard.readText();
    assert.equal(text, `s3://${bucket}/p/a.txt\ns3://${bucket}/p/q/`);
    await run('bucketBrigade.explorer.paste', { bucket: other, key: 'to/', ...quietly });
    assert.deepEqual(await keys(other), ['to/a.txt', 'to/q/b.txt']);
    assert.deepEqual(await keys(), ['p/a.txt', 'p/q/b.txt']);
  });

  it('duplicate what is pasted where it is', async () => {
    await put('p/a.txt');
    await run('bucketBrigade.explorer.copy', { bucket, key: 'p/a.txt' });
    await run('bucketBrigade.explorer.paste', { bucket, key: 'p/', ...quietly });
    await run('bucketBrigade.explorer.paste', { bucket, key: 'p/a.txt', ...quietly });
    assert.deepEqual(await keys(), ['p/a copy 2.txt', 'p/a copy.txt', 'p/a.txt']);
    await run('bucketBrigade.explorer.duplicate', { bucket, key: 'p/', name: 'r', ...quietly });
    assert.deepEqual((await keys()).filter(key => key.startsWith('r/')).length, 3);
  });

  it('move what was cut, once', async () => {
    await put('p/a.txt');
    const other = await newBucket();
    await run('bucketBrigade.explorer.cut', { bucket, key: 'p/a.txt' });
    await run('bucketBrigade.explorer.paste', { bucket: other, ...quietly });
    assert.deepEqual([await keys(), await keys(other)], [[], ['a.txt']]);
    // Its address is a text like any other now, and names nothing any more.
    await run('bucketBrigade.explorer.paste', { bucket: other, ...quietly });
    assert.deepEqual(await keys(other), ['a.txt']);
  });

  it('do with what is in the way what was decided, and put no prefix into itself', async () => {
    await put('from/a.txt');
    await put('to/from/a.txt', 'other');
    await run('bucketBrigade.explorer.copy', { bucket, key: 'from/' });
    const to = { bucket, key: 'to/', ...quietly };
    await run('bucketBrigade.explorer.paste', { ...to, onConflict: 'skip' });
    assert.deepEqual(await keys(), ['from/a.txt', 'to/from/a.txt']);
    await run('bucketBrigade.explorer.paste', { ...to, onConflict: 'keepBoth' });
    assert.deepEqual(await keys(), ['from/a.txt', 'to/from/a copy.txt', 'to/from/a.txt']);
    const into = { bucket, key: 'from/', ...quietly };
    await run('bucketBrigade.explorer.paste', into);
    assert.equal((await keys()).length, 3);
  });

  it('copy S3 URIs that come from elsewhere', async () => {
    await put('p/a.txt');
    const other = await newBucket();
    await vscode.env.clipboard.writeText(`s3://${bucket}/p/a.txt\r\ns3://${bucket}/p/\n`);
    await run('bucketBrigade.explorer.paste', { bucket: other, ...quietly });
    assert.deepEqual(await keys(other), ['p/a.txt']);
    await vscode.env.clipboard.writeText('no address');
    await run('bucketBrigade.explorer.paste', { bucket: other, ...quietly });
    assert.deepEqual(await keys(other), ['p/a.txt']);
  });
});
