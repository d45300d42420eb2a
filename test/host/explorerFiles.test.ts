import assert from 'node:assert/strict';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { S3FileSystem } from '../../src/explorer/fileSystem/s3FileSystem.ts';
import {
  folderResource,
  locationOfResource,
  objectResource,
} from '../../src/explorer/fileSystem/s3Resource.ts';
import { planUpload } from '../../src/explorer/transfers/uploadPlan.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import { eventually } from './eventually.ts';
import { MemoryState, startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const CREATE = { create: true, overwrite: false };
const SAVE = { create: true, overwrite: true };
const UPDATE = { create: false, overwrite: true };

describe('the s3: file system', () => {
  let on: ExplorerFixture;
  let files: S3FileSystem;
  let bucket: string;
  before(async () => {
    on = await startExplorerFixture();
    on.connections.use(await on.sessionOf('lab'));
    files = new S3FileSystem(on.connections, new UnfinishedUploads(new MemoryState()));
    bucket = await on.bucket();
  });
  after(async () => {
    files.dispose();
    await on.close();
  });

  const at = (key: string): vscode.Uri => objectResource(bucket, key);
  const stored = async (key: string): Promise<string> => {
    const { Body } = await on.clients.s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  };
  const code = (expected: string) => (error: unknown) =>
    error instanceof vscode.FileSystemError && error.code === expected;

  it('creates, overwrites and updates as each of the four cases says', async () => {
    await files.writeFile(at('four.txt'), bytes('1'), CREATE);
    await assert.rejects(files.writeFile(at('four.txt'), bytes('2'), CREATE), code('FileExists'));
    await files.writeFile(at('four.txt'), bytes('3'), SAVE);
    await files.writeFile(at('four.txt'), bytes('4'), UPDATE);
    const neither = { create: false, overwrite: false };
    await files.writeFile(at('four.txt'), bytes('5'), neither);
    assert.equal(await stored('four.txt'), '5');
    for (const options of [UPDATE, neither]) {
      const missing = files.writeFile(at('none.txt'), bytes('x'), options);
      await assert.rejects(missing, code('FileNotFound'));
    }
    const head = new HeadObjectCommand({ Bucket: bucket, Key: 'four.txt' });
    assert.match((await on.clients.s3().send(head)).ContentType ?? '', /^text\/plain/);
  });

  it('does not overwrite what someone else wrote meanwhile', async () => {
    await on.put(bucket, 'shared.txt', 'old');
    await files.readFile(at('shared.txt'));
    await on.put(bucket, 'shared.txt', 'theirs');
    const save = () => files.writeFile(at('shared.txt'), bytes('mine'), SAVE);
    await assert.rejects(save(), (error: Error) => /has changed in S3/.test(error.message));
    assert.equal(await stored('shared.txt'), 'theirs');
    await save();
    assert.equal(await stored('shared.txt'), 'mine');
  });

  it('keeps tags when it saves', async () => {
    await on.put(bucket, 'tagged.txt', 'old', 'phototype=finished');
    await files.readFile(at('tagged.txt'));
    await files.writeFile(at('tagged.txt'), bytes('new'), SAVE);
    const tags = new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged.txt' });
    const { TagSet } = await on.clients.s3().send(tags);
    assert.deepEqual(TagSet, [{ Key: 'phototype', Value: 'finished' }]);
  });

  it('reaches every legal key through VS Code, which normalizes paths', async () => {
    const keys = [
      'odd//x',
      'odd/./y',
      'odd/../z',
      'odd/end/',
      'odd/%',
      'odd/%41',
      'odd/a b+%#?',
      'odd/n\nl',
      'odd/🪣',
    ];
    for (const key of keys) {
      await files.writeFile(at(key), bytes(key), CREATE);
      assert.equal(await stored(key), key);
      const uri = vscode.Uri.joinPath(vscode.Uri.parse(at(key).toString(), true), '.');
      assert.equal(new TextDecoder().decode(await files.readFile(uri)), key);
    }
    const listed = new Map(await files.readDirectory(folderResource(bucket, 'odd/')));
    assert.deepEqual(
      [...listed.keys()].sort(),
      ['%', '%%', '%%41', '%.', '%..', 'a b+%#?', 'end', 'n\nl', '🪣'].sort(),
    );
  });

  it('has a URI for every key of every bucket, which gives both back', () => {
    const segment = fc.oneof(
      fc.constantFrom('', '.', '..', '%', '%41', '%25', '+', '\ufffd', '🪣', '?#', 'C:', '\\'),
      fc.string({ unit: 'binary' }).map(text => text.replaceAll('/', '')),
      fc.nat({ max: 1024 }).map(length => 'k'.repeat(length)),
    );
    const keys = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map(parts => parts.join('/'))
      .filter(key => key !== '');
    const buckets = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{1,60}[A-Za-z0-9]$/);
    fc.assert(
      fc.property(buckets, keys, (name, key) => {
        const uri = vscode.Uri.parse(objectResource(name, key).toString(), true);
        assert.deepEqual(locationOfResource(uri), { bucket: name, key });
        const same = vscode.Uri.joinPath(uri, '../', uri.path.slice(uri.path.lastIndexOf('/') + 1));
        assert.deepEqual(locationOfResource(same), { bucket: name, key });
      }),
      { numRuns: 500 },
    );
  });

  it('gives the keys of what is copied in the tree without the escapes of its paths', async () => {
    for (const key of ['%41.txt', 'src/%41', 'src//x', 'src/../y']) await on.put(bucket, key, key);
    const sources = [at('%41.txt'), folderResource(bucket, 'src/')];
    const { items } = await planUpload(sources, 'to/', { files });
    assert.deepEqual(items.map(({ key }) => key).sort(), [
      'to/%41.txt',
      'to/src/%41',
      'to/src/../y',
      'to/src//x',
    ]);
  });

  it('names what it does not move, and leaves all of it where it is', async () => {
    await on.put(bucket, 'stay/a', 'a');
    const cold = { Bucket: bucket, Key: 'stay/cold', Body: 'c', StorageClass: 'GLACIER' } as const;
    await on.clients.s3().send(new PutObjectCommand(cold));
    const [from, to] = [folderResource(bucket, 'stay/'), folderResource(bucket, 'gone/')];
    await assert.rejects(files.rename(from, to, { overwrite: false }), (error: Error) =>
      /Nothing was moved.*stay\/cold is archived/.test(error.message),
    );
    assert.equal(await stored('stay/a'), 'a');
    await assert.rejects(files.stat(to), code('FileNotFound'));
  });

  it('has folders as long as something is in them, or a marker is', async () => {
    const folder = folderResource(bucket, 'new folder/');
    await assert.rejects(files.stat(folder), code('FileNotFound'));
    await files.createDirectory(folder);
    assert.equal((await files.stat(folder)).type, vscode.FileType.Directory);
    assert.deepEqual(await files.readDirectory(folder), []);
    await assert.rejects(files.createDirectory(folder), code('FileExists'));
    await files.writeFile(at('new folder/a.txt'), bytes('a'), CREATE);
    await assert.rejects(files.delete(folder, { recursive: false }), code('Unavailable'));
    await files.delete(folder, { recursive: true });
    await assert.rejects(files.stat(folder), code('FileNotFound'));
    await assert.rejects(files.delete(folder, { recursive: true }), code('FileNotFound'));
  });

  it('renames and copies objects and folders, tags included', async () => {
    await on.put(bucket, 'move/a.txt', 'a', 'k=v');
    await on.put(bucket, 'move/b/c.txt', 'c');
    const [from, to] = [folderResource(bucket, 'move/'), folderResource(bucket, 'moved/')];
    const changes: string[] = [];
    const listening = files.onDidChangeFile(events => {
      changes.push(...events.map(({ type, uri }) => `${type} ${uri.path}`));
    });
    await files.rename(from, to, { overwrite: false });
    await assert.rejects(files.stat(from), code('FileNotFound'));
    assert.equal(await stored('moved/b/c.txt'), 'c');
    const tags = new GetObjectTaggingCommand({ Bucket: bucket, Key: 'moved/a.txt' });
    assert.deepEqual((await on.clients.s3().send(tags)).TagSet, [{ Key: 'k', Value: 'v' }]);
    await files.copy(at('moved/a.txt'), at('copy.txt'), { overwrite: false });
    const again = files.copy(at('moved/a.txt'), at('copy.txt'), { overwrite: false });
    await assert.rejects(again, code('FileExists'));
    const inside = files.copy(to, folderResource(bucket, 'moved/in/'), { overwrite: true });
    await assert.rejects(inside, code('NoPermissions'));
    const { Created, Deleted } = vscode.FileChangeType;
    const expected = [`${Created} /moved`, `${Deleted} /move`, `${Created} /copy.txt`];
    await eventually(() => assert.deepEqual(changes, expected));
    listening.dispose();
  });

  it('speaks of errors in VS Code’s kinds only', async () => {
    await on.put(bucket, 'kinds/file', 'x');
    await assert.rejects(files.readFile(at('kinds')), code('FileIsADirectory'));
    await assert.rejects(files.writeFile(at('kinds'), bytes('x'), SAVE), code('FileIsADirectory'));
    await assert.rejects(files.readFile(at('kinds/none')), code('FileNotFound'));
    await assert.rejects(files.stat(objectResource('no-such-bucket', 'x')), code('FileNotFound'));
    await on.put(bucket, 'kinds/big', 'x'.repeat(2049));
    const small = new S3FileSystem(on.connections, new UnfinishedUploads(new MemoryState()), 2048);
    await assert.rejects(small.readFile(at('kinds/big')), (error: Error) =>
      /too big to open \(2\.?\d* KB; the limit is 2 KB\).*Open Part or Tail…/.test(error.message),
    );
    small.dispose();
    on.connections.use(await on.sessionOf('gone', on.clientsAt('http://127.0.0.1:9')));
    await assert.rejects(files.stat(at('kinds/file')), code('Unavailable'));
  });
});
