import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCancelled } from '../../src/aws/errors.ts';
import {
  headObject,
  listBuckets,
  listObjects,
  type ObjectPage,
} from '../../src/aws/objects/listing.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** Keys that are legal and that tools get wrong. */
const HARD_KEYS = [
  ' leading and trailing ',
  'a+b',
  'a%20b',
  '100%',
  'hash#tag',
  'what?',
  'a&b=c',
  `"quoted" 'single'`,
  'comma,semicolon;',
  'ünïcödé/日本語',
  'NFD-u\u0308',
  'emoji 🙂🏳️‍🌈.png',
  'new\nline',
  'tab\there',
  'carriage\rreturn',
  'folder/',
  'a//b',
  '//leading',
  '/slash',
  'dot/./x',
  'dot/../x',
  '..',
  'a:b',
  'back\\slash',
  '<xml>&amp;</xml>',
  'star*question?{brace}[bracket]',
  'x'.repeat(1024),
];

let sandbox: SandboxClients;

beforeAll(async () => {
  sandbox = await startSandboxClients();
});
afterAll(() => sandbox.close());

async function allPages(bucket: string, prefix: string, pageSize: number, delimiter?: string) {
  const pages: ObjectPage[] = [];
  let continuationToken: string | undefined;
  do {
    const client = sandbox.clients.s3();
    const input = { bucket, prefix, pageSize, continuationToken, delimiter };
    const page = await listObjects(client, input);
    pages.push(page);
    continuationToken = page.nextToken;
  } while (continuationToken !== undefined);
  return pages;
}

describe('buckets', () => {
  it('are listed, with their Regions remembered', async () => {
    const bucket = await sandbox.bucket();
    const buckets = await listBuckets(sandbox.clients);
    expect(buckets).toContainEqual({
      name: bucket,
      region: 'us-east-1',
      creationDate: expect.any(Date) as Date,
    });
    expect(await sandbox.clients.regionOfBucket(bucket)).toBe('us-east-1');
  });

  it('that are not there are not found', async () => {
    const list = listObjects(sandbox.clients.s3(), { bucket: 'no-such-bucket', prefix: '' });
    await expect(list).rejects.toMatchObject({
      code: 'NotFound',
      awsCode: 'NoSuchBucket',
      subject: 's3://no-such-bucket/',
    });
  });
});

describe('objects with hard keys', () => {
  let bucket: string;
  beforeAll(async () => {
    bucket = await sandbox.bucket();
    for (const key of HARD_KEYS) {
      await writeObject(sandbox.clients.s3(), { bucket, key, body: key });
    }
  });

  it('are listed as they were written, page by page', async () => {
    const pages = await allPages(bucket, '', 5, '');
    expect(pages.length).toBeGreaterThan(4);
    const keys = pages.flatMap(page => page.objects.map(object => object.key));
    expect([...keys].sort()).toEqual([...HARD_KEYS].sort());
  });

  it('are grouped by prefixes, an object named as its folder among them', async () => {
    const pages = await allPages(bucket, '', 4);
    const prefixes = pages.flatMap(page => page.prefixes);
    expect(new Set(prefixes)).toEqual(
      new Set(['/', 'a/', 'dot/', 'folder/', 'ünïcödé/', '<xml>&amp;</']),
    );
    const [folder] = await allPages(bucket, 'folder/', 10);
    expect(folder).toMatchObject({ prefixes: [], objects: [{ key: 'folder/' }] });
    const [double] = await allPages(bucket, 'a/', 10);
    expect(double?.prefixes).toEqual(['a//']);
  });

  it.each(HARD_KEYS)('are read, tagged, copied and deleted: %j', async key => {
    const client = sandbox.clients.s3();
    const read = await readObject(client, { bucket, key, maxBytes: 4096 });
    expect(Buffer.from(read).toString()).toBe(key);
    await putObjectTags(client, { bucket, key, tags: [{ key: 'a', value: 'ü 1' }] });
    expect(await getObjectTags(client, { bucket, key })).toEqual([{ key: 'a', value: 'ü 1' }]);
    const copy = { bucket, key: `copies/${key}`.slice(0, 1000) };
    const route = await openRoute(sandbox.clients, bucket, bucket);
    await copyObject(route, { from: key, to: copy.key });
    expect((await headObject(client, copy)).size).toBe(Buffer.byteLength(key));
    expect(await deleteObjects(client, { bucket, keys: [copy.key] })).toEqual({
      deleted: 1,
      failed: [],
    });
    await expect(headObject(client, copy)).rejects.toMatchObject({ code: 'NotFound' });
    await putObjectTags(client, { bucket, key, tags: [] });
    expect(await getObjectTags(client, { bucket, key })).toEqual([]);
  });
});

describe('reading and writing', () => {
  it('keeps to what the caller knew', async () => {
    const bucket = await sandbox.bucket();
    const client = sandbox.clients.s3();
    const at = { bucket, key: 'notes.txt' };
    const first = await writeObject(client, { ...at, body: '1', ifNoneMatch: '*' });
    expect(first.eTag).toMatch(/^[0-9a-f]{32}$/);
    const again = writeObject(client, { ...at, body: '2', ifNoneMatch: '*' });
    await expect(again).rejects.toMatchObject({ code: 'Conflict' });
    await writeObject(client, { ...at, body: '2', ifMatch: first.eTag });
    const stale = writeObject(client, { ...at, body: '3', ifMatch: first.eTag });
    await expect(stale).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('refuses what is too big', async () => {
    const bucket = await sandbox.bucket();
    const client = sandbox.clients.s3();
    await writeObject(client, { bucket, key: 'k', body: Buffer.alloc(1001) });
    const read = readObject(client, { bucket, key: 'k', maxBytes: 1000 });
    await expect(read).rejects.toMatchObject({ code: 'InvalidInput', subject: `s3://${bucket}/k` });
  });

  it('deletes by the thousand', async () => {
    const bucket = await sandbox.bucket();
    const keys = Array.from({ length: 2_100 }, (_, index) => `missing/${index}`);
    const result = await deleteObjects(sandbox.clients.s3(), { bucket, keys });
    expect(result).toEqual({ deleted: 2_100, failed: [] });
  });

  it('sends no tags that AWS would refuse', async () => {
    const tags = Array.from({ length: 11 }, (_, index) => ({ key: `k${index}`, value: '' }));
    const put = putObjectTags(sandbox.clients.s3(), { bucket: 'b-b', key: 'k', tags });
    await expect(put).rejects.toMatchObject({ code: 'InvalidInput', subject: 's3://b-b/k' });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    const list = listObjects(sandbox.clients.s3(), { bucket: 'b-b', prefix: '' }, { signal });
    await expect(list).rejects.toSatisfy(isCancelled);
  });
});
