import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BucketRules } from '../../src/aws/objects/rewrite/bucketRules.ts';
import { editObject, type ObjectEdit } from '../../src/aws/objects/rewrite/editObject.ts';
import { fieldsOf } from '../../src/aws/objects/rewrite/fields.ts';
import { readPlainState } from '../../src/aws/objects/rewrite/objectState.ts';
import { changeStorageClass } from '../../src/aws/properties/changeStorageClass.ts';
import { readEntries } from '../../src/worker/journal.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { sessionOf, startWorkerWorld } from '../support/workerWorld.ts';

const MIB = 1024 ** 2;

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
});
beforeEach(async () => {
  bucket = await on.bucket();
});
afterAll(() => on.close());

const FULL: Partial<PutObjectCommandInput> = {
  ...{ ContentType: 'text/plain', CacheControl: 'no-cache', ContentLanguage: 'de' },
  ...{ StorageClass: 'ONEZONE_IA', WebsiteRedirectLocation: '/x', Tagging: 'a=b' },
  ...{ Metadata: { a: '1', b: '2' }, ChecksumAlgorithm: 'SHA256' },
  Expires: new Date('2031-01-02T03:04:05Z'),
};
const put = async (key: string, more: Partial<PutObjectCommandInput> = {}, body = 'body') =>
  await on.clients
    .s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }));
const rules = (clients = on.clients) => new BucketRules(clients.s3(), bucket);
const edit = async (key: string, change: ObjectEdit, clients = on.clients, maxCopyBytes?: number) =>
  await editObject(rules(clients), key, change, { ...(maxCopyBytes && { maxCopyBytes }) });
const fields = async (key: string) => fieldsOf(await readPlainState(rules(), key));
const head = async (key: string) =>
  await on.clients
    .s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
const body = async (key: string) => {
  const { Body } = await on.clients.s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return await Body?.transformToString();
};
const tags = async (key: string) =>
  (await on.clients.s3().send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }))).TagSet;
const uploads = async () => {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket });
  return (await on.clients.s3().send(command)).Uploads?.map(({ Key }) => Key) ?? [];
};
const through = async (hook: (request: PassedRequest) => Fate | Promise<Fate>) =>
  on.clientsAt(await startS3Proxy(on.sandbox.endpoint, hook));

const AWKWARD = [
  ...['a b', 'a+b', '100%2F', '//', '/lead', 'a/./../b', '🪣', 'new\nline', '\u2028', 'e\u0301'],
  'x'.repeat(1024),
];

describe('an edit of headers and metadata', () => {
  it('sets, changes and removes what it names, and keeps all the rest', async () => {
    await put('k', FULL);
    const { ETag } = await head('k');
    const change = {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': null,
      'Content-Disposition': 'attachment; filename="a.txt"',
      Expires: 'Thu, 01 Jan 2032 00:00:00 GMT',
      'x-amz-meta-a': null,
      'x-amz-meta-b': 'ü 🪣',
      'x-amz-meta-c': '',
    };
    expect(await edit('k', { fields: change, over: ETag?.replaceAll('"', '') })).toEqual({
      isChanged: true,
      isVersioned: false,
    });
    expect(await fields('k')).toEqual({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': 'attachment; filename="a.txt"',
      'Content-Language': 'de',
      Expires: 'Thu, 01 Jan 2032 00:00:00 GMT',
      'x-amz-meta-b': 'ü 🪣',
      'x-amz-meta-c': '',
    });
    const now = await head('k');
    expect(now).toMatchObject({ StorageClass: 'ONEZONE_IA', WebsiteRedirectLocation: '/x' });
    expect(now.ChecksumSHA256).toBeDefined();
    expect([await body('k'), await tags('k')]).toEqual(['body', [{ Key: 'a', Value: 'b' }]]);
  });

  it('takes every awkward key', async () => {
    for (const key of AWKWARD) {
      await put(key);
      await edit(key, { fields: { 'x-amz-meta-a': '1' } });
      expect(await fields(key), key).toMatchObject({ 'x-amz-meta-a': '1' });
    }
  });

  it('writes nothing where all is so already', async () => {
    await put('k', FULL);
    const methods: string[] = [];
    const clients = await through(({ method }) => {
      methods.push(method);
      return 'pass';
    });
    const same = { fields: { 'Content-Type': 'text/plain', 'x-amz-meta-none': null } };
    expect((await edit('k', same, clients)).isChanged).toBe(false);
    expect(methods).not.toContain('PUT');
  });

  it('leaves an object that has changed since it was read', async () => {
    await put('k', FULL);
    const over = 'd41d8cd98f00b204e9800998ecf8427e';
    await expect(edit('k', { fields: { Expires: null }, over })).rejects.toMatchObject({
      code: 'Conflict',
      reason: 'Changed',
    });
    let isRead = false;
    const clients = await through(async ({ method }): Promise<Fate> => {
      if (method === 'PUT' && !isRead) {
        isRead = true;
        await put('k', {}, 'another');
      }
      return 'pass';
    });
    await expect(edit('k', { fields: { Expires: null } }, clients)).rejects.toMatchObject({
      reason: 'Changed',
    });
    expect(await body('k')).toBe('another');
  });

  it('knows that it was done when its answer is lost', async () => {
    await put('k', FULL);
    const clients = await through(({ method }) => (method === 'PUT' ? 'loseAnswer' : 'pass'));
    await edit('k', { fields: { 'x-amz-meta-a': 'new' } }, clients);
    expect(await fields('k')).toMatchObject({ 'x-amz-meta-a': 'new', 'x-amz-meta-b': '2' });
  });

  it('makes a version where versions are kept, by parts too', async () => {
    const Status = 'Enabled';
    await on.clients
      .s3()
      .send(
        new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }),
      );
    const big = 'x'.repeat(5 * 1024 ** 2 + 3);
    const { VersionId } = await put('k', { ...FULL, ChecksumAlgorithm: 'CRC32' }, big);
    const { isVersioned } = await edit(
      'k',
      { fields: { 'Content-Language': null, 'x-amz-meta-a': '3' }, storageClass: 'STANDARD' },
      on.clients,
      5 * 1024 ** 2,
    );
    expect(isVersioned).toBe(true);
    const now = await head('k');
    expect(now.VersionId).not.toBe(VersionId);
    expect(now.ETag).toMatch(/-2"$/);
    expect(now.Metadata).toEqual({ a: '3', b: '2' });
    expect([now.StorageClass, now.ContentLanguage]).toEqual([undefined, undefined]);
    expect([(await body('k')) === big, await tags('k')]).toEqual([
      true,
      [{ Key: 'a', Value: 'b' }],
    ]);
  });

  it('is refused for what is archived', async () => {
    await put('k', { StorageClass: 'GLACIER' });
    await expect(edit('k', { storageClass: 'STANDARD' })).rejects.toMatchObject({
      code: 'InvalidInput',
      reason: 'Archived',
    });
  });
});

describe('a change of storage class', () => {
  it('goes over all below a prefix, in the worker, and names what it could not change', async () => {
    for (const key of ['p/a', 'p/b/c', 'p/🪣 +', 'beside']) await put(key, FULL);
    await put('p/there', { StorageClass: 'GLACIER_IR' });
    await put('p/frozen', { StorageClass: 'DEEP_ARCHIVE' });
    await using world = await startWorkerWorld();
    const selection = {
      ...{ kind: 'listing' as const, bucket, prefixes: ['p/'], filter: {} },
      versions: 'current' as const,
    };
    const seen: number[] = [];
    const result = await world.open().run(
      sessionOf(on.clients),
      {
        name: 'changeStorageClass',
        title: 'Change',
        input: { selection, storageClass: 'GLACIER_IR' },
      },
      { onProgress: progress => seen.push((progress as { changed: number }).changed) },
    );
    expect(result).toMatchObject({
      ...{ changed: 3, same: 1, failed: 1 },
      failures: [{ bucket, key: 'p/frozen', error: { reason: 'Archived' } }],
    });
    expect((await head('p/🪣 +')).StorageClass).toBe('GLACIER_IR');
    expect((await head('beside')).StorageClass).toBe('ONEZONE_IA');
    expect(await fields('p/a')).toMatchObject({ 'x-amz-meta-a': '1', 'Cache-Control': 'no-cache' });
    expect(await tags('p/b/c')).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('backs off and finishes when S3 asks for less, and ends when it is called off', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    for (const key of keys) await put(key);
    let left = 6;
    const clients = await through(({ method }) =>
      method === 'PUT' && left-- > 0 ? 'slowDown' : 'pass',
    );
    const objects = keys.map(key => ({ bucket, key }));
    const input = {
      selection: { kind: 'objects' as const, objects },
      storageClass: 'STANDARD_IA' as const,
    };
    expect(await changeStorageClass(clients, input)).toMatchObject({ changed: 12, failed: 0 });
    const signal = AbortSignal.abort();
    await expect(changeStorageClass(clients, input, { signal })).rejects.toMatchObject({
      code: 'Cancelled',
    });
  });

  it('ends where nothing may be changed any more, and goes on when it may', async () => {
    const keys = Array.from({ length: 400 }, (_, index) => `k${index}`);
    await Promise.all(keys.map(key => put(key)));
    let [isDenied, puts] = [true, 0];
    const clients = await through(({ method }) => {
      if (method !== 'PUT') return 'pass';
      puts += 1;
      return isDenied && puts > 20 ? 'deny' : 'pass';
    });
    const objects = keys.map(key => ({ bucket, key }));
    const selection = { kind: 'objects' as const, objects };
    const input = { selection, storageClass: 'STANDARD_IA' as const };
    await expect(changeStorageClass(clients, input)).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    // And those that were under way when the first 20 had come to their end.
    expect(puts).toBeLessThan(20 + 200 + 2 * 32);
    isDenied = false;
    expect(await changeStorageClass(clients, input)).toMatchObject({
      ...{ changed: 380, same: 20, failed: 0 },
    });
  });

  it.each(['continued', 'discarded'])(
    'that a closed window has left is %s, and leaves no parts',
    async end => {
      const keys = ['a', 'b', 'large'];
      for (const key of keys) await put(key, {}, key === 'large' ? 'x'.repeat(6 * MIB) : key);
      await using world = await startWorkerWorld();
      const first = world.open();
      const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path }): Promise<Fate> | Fate => {
        if (!path.includes('partNumber=2') || !first.pid) return 'pass';
        first.dispose();
        return 'cut';
      });
      const selection = {
        ...{ kind: 'listing' as const, bucket, prefixes: [''], filter: {} },
        versions: 'current' as const,
      };
      const input = { selection, storageClass: 'GLACIER_IR', maxCopyBytes: 5 * MIB };
      const task = { name: 'changeStorageClass' as const, title: 'Change', input };
      const session = sessionOf(on.clientsAt(endpoint));
      await expect(first.run(session, task)).rejects.toBeDefined();
      expect(await uploads()).toEqual(['large']);
      const [entry] = await readEntries(world.root);
      const next = world.open();
      if (end === 'discarded') await next.discard(sessionOf(on.clients), entry!.id);
      else {
        expect(await next.continue(sessionOf(on.clients), entry!.id)).toMatchObject({ failed: 0 });
        expect((await head('large')).StorageClass).toBe('GLACIER_IR');
      }
      expect([await uploads(), await world.tasks()]).toEqual([[], []]);
    },
  );
});
