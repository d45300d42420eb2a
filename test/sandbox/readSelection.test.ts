import {
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSelection } from '../../src/aws/selection/countSelection.ts';
import { readSelection } from '../../src/aws/selection/readSelection.ts';
import type { ObjectRef, ObjectSelection } from '../../src/aws/selection/selection.ts';
import { BigBucket } from '../support/bigBucket.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { sessionAt } from '../support/workerWorld.ts';

let on: SandboxClients;
let bucket: string;
let folder: string;

const AWKWARD = [
  'plain.txt',
  'a b+c%20&<>"\'.txt',
  'line\nbreak\r.txt',
  'dots/../x',
  '//double//',
  'emoji-😀-\u{10ffff}',
  'private-\ue000-\uffff',
  'tab\tand\u0001control',
  'folder/',
  'comma,quote".csv',
];

const put = async (Key: string, Tagging?: string): Promise<string | undefined> =>
  (await on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key, Tagging })))
    .VersionId;

async function keysOf(selection: ObjectSelection): Promise<string[]> {
  return (await refsOf(selection)).map(({ key }) => key).sort();
}

async function refsOf(selection: ObjectSelection): Promise<ObjectRef[]> {
  const refs: ObjectRef[] = [];
  for await (const batch of readSelection(on.clients, selection)) refs.push(...batch);
  return refs;
}

const listing = (more: Partial<Extract<ObjectSelection, { kind: 'listing' }>> = {}) =>
  ({ kind: 'listing', bucket, prefixes: [''], filter: {}, versions: 'current', ...more }) as const;

beforeAll(async () => {
  on = await startSandboxClients();
  bucket = await on.bucket();
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-keys-'));
  for (const key of AWKWARD) await put(key, key.includes('emoji') ? 'team=red&old=' : 'team=blue');
});
afterAll(async () => {
  await on.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a listing', () => {
  it('gives every legal key as it is', async () => {
    expect(await keysOf(listing())).toEqual([...AWKWARD].sort());
  });

  it('gives what a prefix, a filter and chosen objects say, each once', async () => {
    const objects = [
      { bucket, key: 'plain.txt' },
      { bucket: 'other', key: 'plain.txt' },
    ];
    const found = await refsOf(
      listing({ prefixes: ['p', 'plain'], filter: { suffix: '.txt' }, objects }),
    );
    expect(found).toEqual(objects);
    expect(await keysOf(listing({ filter: { minBytes: 15, contains: 'e' } }))).toEqual(
      AWKWARD.filter(key => Buffer.byteLength(key) >= 15 && key.includes('e')).sort(),
    );
  });

  it('asks for tags where the filter has some', async () => {
    const tags = [
      { kind: 'equals', key: 'team', value: 'red' },
      { kind: 'has', key: 'old' },
    ] as const;
    expect(await keysOf(listing({ filter: { tags } }))).toEqual(['emoji-😀-\u{10ffff}']);
    const blue = await keysOf(listing({ filter: { tags: [{ kind: 'lacks', key: 'old' }] } }));
    expect(blue).toHaveLength(AWKWARD.length - 1);
  });

  it('gives all versions but no delete markers', async () => {
    const versioned = await on.bucket();
    const s3 = on.clients.s3();
    await s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'a', Body: '' }));
    await s3.send(
      new PutBucketVersioningCommand({
        ...{ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } },
      }),
    );
    const ids: (string | undefined)[] = ['null'];
    for (const Key of ['a', 'a', 'b']) {
      ids.push(
        (await s3.send(new PutObjectCommand({ Bucket: versioned, Key, Body: '' }))).VersionId,
      );
    }
    await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'b' }));
    const found = await refsOf(listing({ bucket: versioned, versions: 'all' }));
    expect(found.map(({ versionId }) => versionId).sort()).toEqual(ids.sort());
  });

  it('is counted by prefix', async () => {
    const count = await countSelection(on.clients, listing());
    expect(count).toMatchObject({ objects: AWKWARD.length, complete: true });
    expect(count.groups).toContainEqual({ bucket, prefix: 'dots/', objects: 1, bytes: 9 });
    expect(count.groups[0]).toMatchObject({ prefix: '' });
  });

  it('of a filter that is none is refused', async () => {
    const code = 'InvalidInput';
    await expect(keysOf(listing({ filter: { regex: '(' } }))).rejects.toMatchObject({ code });
  });

  it('names the permission that is missing', async () => {
    const failure = keysOf(listing({ bucket: 'no-such-bucket-here' }));
    await expect(failure).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('a bucket', () => {
  it('that asks for less is listed all the same', async () => {
    let asked = 0;
    const before = ({ operation }: { operation: string }) =>
      operation === 'List' && ++asked % 3 === 0 && asked < 60 ? ('slowDown' as const) : undefined;
    await using big = await new BigBucket({ count: 20_000, before }).start();
    const { clients } = sessionAt(big.endpoint);
    const keys = new Set<string>();
    let given = 0;
    for await (const refs of readSelection(clients, listing({ bucket: 'big' }))) {
      given += refs.length;
      refs.forEach(({ key }) => keys.add(key));
    }
    expect([given, keys.size]).toEqual([20_000, 20_000]);
  });

  it('that changes while it is listed gives each object that was there all the time, once', async () => {
    let churn = 0;
    // Every other key comes and goes.
    const keyOf = (index: number): string =>
      index % 2
        ? `${index.toString().padStart(9, '0')}-${churn}`
        : index.toString().padStart(9, '0');
    const before = (): undefined => void (churn += 1);
    await using big = await new BigBucket({ count: 30_000, keyOf, before }).start();
    const { clients } = sessionAt(big.endpoint);
    const seen = new Map<string, number>();
    for await (const refs of readSelection(clients, listing({ bucket: 'big' }))) {
      for (const { key } of refs) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const stable = [...seen].filter(([key]) => !key.includes('-'));
    expect(stable).toHaveLength(15_000);
    expect(new Set(seen.values())).toEqual(new Set([1]));
  });
});

describe('keys that someone brings', () => {
  it('as a manifest, encoded and with versions', async () => {
    const rows = AWKWARD.map(key => `${bucket},${encodeURIComponent(key)},null\n`);
    const text = `Bucket,Key,VersionId\n\n${rows.join('')}`;
    await on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: 'm.csv', Body: text }));
    const found = await refsOf({ kind: 'manifest', bucket, key: 'm.csv' });
    expect(found).toEqual(AWKWARD.map(key => ({ bucket, key, versionId: 'null' })));
  });

  it('as an inventory', async () => {
    const s3 = on.clients.s3();
    const rows = `"${bucket}","a%20b","","true","false"\n"${bucket}","gone","v","true","true"\n`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'd.csv.gz', Body: gzipSync(rows) }));
    const manifest = {
      ...{ sourceBucket: bucket, destinationBucket: `arn:aws:s3:::${bucket}`, fileFormat: 'CSV' },
      fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker',
      files: [{ key: 'd.csv.gz', size: 1 }],
    };
    const Body = JSON.stringify(manifest);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'i/manifest.json', Body }));
    expect(await refsOf({ kind: 'manifest', bucket, key: 'i/manifest.json' })).toEqual([
      { bucket, key: 'a b', versionId: 'null' },
    ]);
  });

  it.each([
    ['one a line', 'a b+c\r\n\r\ncomma,in it\n', ['a b+c', 'comma,in it']],
    ['one a line without an end', '\ufeffx\u2028y', ['x\u2028y']],
    ['as a CSV', 'bucket-1,a%20b%2Bc\nbucket-1,plus+is+space\n', ['a b+c', 'plus is space']],
    ['as URIs', 's3://bucket-1/a b\n', ['a b']],
  ])('in a file: %s', async (_, text, keys) => {
    const path = join(folder, 'keys.txt');
    await writeFile(path, text);
    const found = await refsOf({ kind: 'file', path, bucket });
    expect(found.map(({ key }) => key)).toEqual(keys);
    expect(new Set(found.map(ref => ref.bucket))).toEqual(new Set([bucket]));
  });

  it('that are none are refused with their row', async () => {
    await on.clients
      .s3()
      .send(new PutObjectCommand({ Bucket: bucket, Key: 'n.csv', Body: 'b-1,a\n-,b\n' }));
    await expect(keysOf({ kind: 'manifest', bucket, key: 'n.csv' })).rejects.toMatchObject({
      ...{ code: 'InvalidInput', message: 'Row 2 names no object' },
    });
  });
});
