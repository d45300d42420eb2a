import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type DeleteObjectsCommandOutput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readObject } from '../../src/aws/objects/objects.ts';
import { BucketRules } from '../../src/aws/objects/rewrite/bucketRules.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { deleteUnchanged } from '../../src/aws/objects/rewrite/deleteUnchanged.ts';
import { copyObjects, moveObjects } from '../../src/aws/objects/rewrite/moveObjects.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
});
beforeEach(async () => {
  bucket = await on.bucket();
});
afterAll(() => on.close());

const put = async (key: string, body = key, more: Partial<PutObjectCommandInput> = {}) => {
  await on.clients
    .s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }));
};
/** All objects with what is in them. */
const contents = async (): Promise<Record<string, string>> => {
  const s3 = on.clients.s3();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const found: Record<string, string> = {};
  for (const { Key: key = '' } of Contents) {
    found[key] = Buffer.from(await readObject(s3, { bucket, key, maxBytes: 1e6 })).toString();
  }
  return found;
};
const folder = () => ({
  from: { bucket, key: 'from/', isPrefix: true },
  to: { bucket, key: 'to/', isPrefix: true },
});
const file = (from: string, to: string) => ({
  from: { bucket, key: from, isPrefix: false },
  to: { bucket, key: to, isPrefix: false },
});
const through = async (hook: (request: PassedRequest) => Fate | Promise<Fate>) =>
  on.clientsAt(await startS3Proxy(on.sandbox.endpoint, hook));

describe('a move', () => {
  it('of a folder takes everything below it, and nothing beside it', async () => {
    for (const key of ['from/a', 'from/b/c', 'from/', 'from-not/a']) await put(key);
    const { done, stayed } = await moveObjects(on.clients, folder());
    expect({ done: [...done].sort(), stayed }).toEqual({
      done: ['from/', 'from/a', 'from/b/c'],
      stayed: [],
    });
    expect(Object.keys(await contents()).sort()).toEqual(['from-not/a', 'to/', 'to/a', 'to/b/c']);
  });

  it('keeps what CopyObject sets back', async () => {
    const Expires = new Date('2031-01-02T03:04:05Z');
    await put('full', 'full', {
      ...{ Expires, StorageClass: 'ONEZONE_IA', WebsiteRedirectLocation: 'https://e.com/x' },
      ...{ Tagging: 'a=b', Metadata: { a: '1' }, ChecksumAlgorithm: 'CRC32C' },
    });
    await moveObjects(on.clients, file('full', 'moved'));
    const head = new HeadObjectCommand({ Bucket: bucket, Key: 'moved', ChecksumMode: 'ENABLED' });
    expect(await on.clients.s3().send(head)).toMatchObject({
      ...{ StorageClass: 'ONEZONE_IA', WebsiteRedirectLocation: 'https://e.com/x', Expires },
      ...{ TagCount: 1, Metadata: { a: '1' }, ChecksumCRC32C: expect.any(String) as string },
    });
    expect(Object.keys(await contents())).toEqual(['moved']);
  });

  it('never overwrites: what is at the destination stays, and so does the source', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    await put('to/b', 'another');
    const { done, stayed } = await moveObjects(on.clients, folder());
    expect(done).toEqual([]);
    expect(stayed).toMatchObject([
      { key: 'from/b', error: { code: 'Conflict', reason: 'Exists' } },
    ]);
    expect(await contents()).toEqual({ 'from/a': 'from/a', 'from/b': 'from/b', 'to/b': 'another' });
  });

  it('finishes what an earlier one left half done', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    const route = await openRoute(on.clients, bucket, bucket);
    await copyObject(route, { from: 'from/a', to: 'to/a' });
    await moveObjects(on.clients, folder());
    expect(await contents()).toEqual({ 'to/a': 'from/a', 'to/b': 'from/b' });
  });

  it('leaves all where it was when one object is archived, and names it', async () => {
    await put('from/a');
    await put('from/cold', 'cold', { StorageClass: 'DEEP_ARCHIVE' });
    const { done, stayed } = await moveObjects(on.clients, folder());
    expect(done).toEqual([]);
    expect(stayed).toMatchObject([{ key: 'from/cold', error: { reason: 'Archived' } }]);
    const { Contents } = await on.clients.s3().send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents?.map(object => object.Key)).toEqual(['from/a', 'from/cold']);
  });

  it('does not take back a copy that was there before', async () => {
    await put('from/a');
    await put('from/cold', 'cold', { StorageClass: 'GLACIER' });
    const route = await openRoute(on.clients, bucket, bucket);
    await copyObject(route, { from: 'from/a', to: 'to/a' });
    expect((await moveObjects(on.clients, folder())).stayed).toHaveLength(1);
    const { Contents } = await on.clients.s3().send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents?.map(object => object.Key)).toEqual(['from/a', 'from/cold', 'to/a']);
  });

  it('leaves all where it was when nothing may be deleted', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    const everything = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
    const clients = await assumeNewRole(on, `keeper-${bucket}`, [
      { Effect: 'Allow', Action: 's3:*', Resource: everything },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${bucket}/from/*` },
    ]);
    const { done, stayed, leftCopies } = await moveObjects(clients, folder());
    expect({ done, leftCopies }).toEqual({ done: [], leftCopies: [] });
    expect(stayed.map(({ key, error }) => [key, error.code])).toEqual([
      ['from/a', 'AccessDenied'],
      ['from/b', 'AccessDenied'],
    ]);
    expect(Object.keys(await contents())).toEqual(['from/a', 'from/b']);
  });

  it('says where versions stay', async () => {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await on.clients
      .s3()
      .send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    await put('v');
    expect(await moveObjects(on.clients, file('v', 'w'))).toMatchObject({ hasVersions: true });
  });

  it('of nothing is NotFound', async () => {
    await expect(moveObjects(on.clients, file('none', 'w'))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

describe('a move while another client writes', () => {
  const requestsOf = async (): Promise<number> => {
    for (const key of ['from/a', 'from/b']) await put(key);
    let count = 0;
    const clients = await through(() => (count++, 'pass'));
    await moveObjects(clients, folder());
    await deleteUnchanged(on.clients.s3(), { bucket, objects: await listed() });
    return count;
  };
  const listed = async () => {
    const { Contents = [] } = await on.clients
      .s3()
      .send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key: key = '', ETag = '' }) => ({
      key,
      eTag: ETag.replaceAll('"', ''),
    }));
  };

  it('loses neither, whenever the other writes the source', async () => {
    const requests = await requestsOf();
    expect(requests).toBeGreaterThan(6);
    for (let at = 1; at <= requests; at++) {
      bucket = await on.bucket();
      for (const key of ['from/a', 'from/b']) await put(key);
      const clients = await through(async ({ number }): Promise<Fate> => {
        if (number === at) await put('from/a', 'theirs');
        return 'pass';
      });
      await moveObjects(clients, folder());
      const found = await contents();
      const theirs = [found['to/a'], found['from/a']];
      expect(theirs, `before request ${at}`).toContain('theirs');
      expect(found['to/b'] ?? found['from/b']).toBe('from/b');
    }
  });

  it('overwrites nothing, whenever the other writes the destination', async () => {
    const requests = await requestsOf();
    for (let at = 1; at <= requests; at++) {
      bucket = await on.bucket();
      for (const key of ['from/a', 'from/b']) await put(key);
      const clients = await through(async ({ number }): Promise<Fate> => {
        if (number === at) await put('to/a', 'theirs');
        return 'pass';
      });
      await moveObjects(clients, folder());
      expect((await contents())['to/a'], `before request ${at}`).toBe('theirs');
    }
  });

  it('keeps up with one who deletes', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    let gone = false;
    const clients = await through(async ({ method }): Promise<Fate> => {
      if (method === 'PUT' && !gone) {
        gone = true;
        await on.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: 'from/b' }));
      }
      return 'pass';
    });
    expect((await moveObjects(clients, folder())).stayed).toEqual([]);
    expect(await contents()).toMatchObject({ 'to/a': 'from/a' });
  });

  it('names what another writes all the time, and leaves it where it is', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    let writes = 0;
    const clients = await through(async ({ headers }): Promise<Fate> => {
      if (String(headers['x-amz-copy-source'] ?? '').endsWith('from/a')) {
        await put('from/a', `theirs ${++writes}`);
      }
      return 'pass';
    });
    const { stayed } = await moveObjects(clients, folder());
    expect(stayed).toMatchObject([{ key: 'from/a', error: { reason: 'Changed' } }]);
    expect(await contents()).toEqual({ 'from/a': `theirs ${writes}`, 'from/b': 'from/b' });
  });

  it('is done when the answer of the copy or the deletion is lost', async () => {
    for (const lost of ['PUT', 'POST']) {
      bucket = await on.bucket();
      for (const key of ['from/a', 'from/b']) await put(key);
      let count = 0;
      const clients = await through(({ method }) =>
        method === lost && count++ === 0 ? 'loseAnswer' : 'pass',
      );
      expect(await moveObjects(clients, folder())).toMatchObject({ stayed: [] });
      expect(await contents()).toEqual({ 'to/a': 'from/a', 'to/b': 'from/b' });
    }
  });
});

describe('a move whose deletions have no clear answer', () => {
  it('keeps the copy when the deletion of one was done and its answer is lost', async () => {
    // A key that XML can't carry is deleted by itself.
    await put('from/\u0007');
    const clients = await through(({ method }) => (method === 'DELETE' ? 'loseAnswer' : 'pass'));
    await expect(moveObjects(clients, folder())).rejects.toMatchObject({
      ...{ code: 'UndoIncomplete', left: [`s3://${bucket}/to/`] },
    });
    const { Body } = await on.clients
      .s3()
      .send(new GetObjectCommand({ Bucket: bucket, Key: 'to/\u0007' }));
    expect(await Body?.transformToString()).toBe('from/\u0007');
  });

  it('keeps the copy when S3 fails at one of many', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    const clients = on.clientsAt(on.sandbox.endpoint);
    // Carried out all the same.
    clients.s3().middlewareStack.add(
      next => async args => {
        const result = await next(args);
        const output = result.output as DeleteObjectsCommandOutput;
        if (!output.Deleted) return result;
        const Deleted = output.Deleted.filter(({ Key }) => Key !== 'from/a');
        const Errors = [{ Key: 'from/a', Code: 'InternalError', Message: 'Try again.' }];
        return { ...result, output: { ...output, Deleted, Errors } };
      },
      { step: 'initialize' },
    );
    await expect(moveObjects(clients, folder())).rejects.toMatchObject({ code: 'UndoIncomplete' });
    expect(await contents()).toEqual({ 'to/a': 'from/a', 'to/b': 'from/b' });
  });

  it('takes back no copy whose source another client deleted, and names it', async () => {
    for (const key of ['from/a', 'from/b']) await put(key);
    const everything = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
    const clients = await assumeNewRole(on, `refused-${bucket}`, [
      { Effect: 'Allow', Action: 's3:*', Resource: everything },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${bucket}/from/*` },
    ]);
    clients.s3().middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          if (commandName === 'DeleteObjectsCommand') {
            const theirs = new DeleteObjectCommand({ Bucket: bucket, Key: 'from/a' });
            await on.clients.s3().send(theirs);
          }
          return await next(args);
        },
      { step: 'initialize' },
    );
    const { stayed, leftCopies } = await moveObjects(clients, folder());
    expect(stayed.map(({ error }) => error.code)).toEqual(['AccessDenied', 'AccessDenied']);
    expect(leftCopies).toEqual(['to/a']);
    expect(await contents()).toEqual({ 'from/b': 'from/b', 'to/a': 'from/a' });
  });
});

describe('a copy to a bucket of another Region, without Object Lock', () => {
  // The sandbox knows neither: what is asked of S3 is looked at, and answered as S3 does.
  const locked = {
    ...{ ServerSideEncryption: 'aws:kms', ObjectLockMode: 'GOVERNANCE' },
    ObjectLockRetainUntilDate: new Date('2099-01-01'),
  };
  const SSEKMSKeyId = 'arn:aws:kms:us-east-1:123456789012:key/k';

  it.each([
    ['at once', 'CopyObjectCommand', undefined],
    ['in parts', 'CreateMultipartUploadCommand', 1],
  ])('%s goes without what that bucket can’t take', async (_, name, maxCopyBytes) => {
    const other = `${bucket}-other`;
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    const command = new CreateBucketCommand({ Bucket: other, CreateBucketConfiguration });
    await on.clients.s3('eu-west-1').send(command);
    await put('locked');
    const clients = on.clientsAt(on.sandbox.endpoint);
    const route = {
      source: new BucketRules(clients.s3(), bucket),
      target: new BucketRules(clients.s3('eu-west-1'), other),
    };
    route.source.client.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          const result = await next(args);
          const isHead = commandName === 'HeadObjectCommand';
          const more = { ...locked, SSEKMSKeyId, ObjectLockLegalHoldStatus: 'ON', VersionId: 'v' };
          return isHead ? { ...result, output: { ...result.output, ...more } } : result;
        },
      { step: 'initialize' },
    );
    const asked: Partial<PutObjectCommandInput>[] = [];
    route.target.client.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          if (commandName === name) {
            const { ServerSideEncryption, BucketKeyEnabled, ...input } =
              args.input as Partial<PutObjectCommandInput>;
            asked.push({ ...input, ServerSideEncryption });
            expect(BucketKeyEnabled).toBe(false);
            return await next({ ...args, input: input as typeof args.input });
          }
          const result = await next(args);
          const more = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'its own' };
          const isHead = commandName === 'HeadObjectCommand';
          return isHead ? { ...result, output: { ...result.output, ...more } } : result;
        },
      { step: 'initialize' },
    );
    const copied = await copyObject(route, { from: 'locked', to: 'copy' }, { maxCopyBytes });
    expect(copied.isUnlocked).toBe(true);
    expect(asked).toMatchObject([{ ServerSideEncryption: 'aws:kms' }]);
    expect(JSON.stringify(asked)).not.toMatch(/Lock|KMSKey/);
    // Again, and it is known as a copy that is there.
    expect(await copyObject(route, { from: 'locked', to: 'copy' })).toMatchObject({ isNew: false });
  });
});

it('a copy that the caller may not read is made all the same, and a move is not', async () => {
  await put('from/a');
  const clients = await assumeNewRole(on, `writer-${bucket}`, [
    { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${bucket}` },
    { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${bucket}/from/*` },
    { Effect: 'Allow', Action: 's3:PutObject*', Resource: `arn:aws:s3:::${bucket}/to/*` },
  ]);
  expect(await copyObjects(clients, folder())).toMatchObject({ done: ['from/a'], stayed: [] });
  expect(await contents()).toEqual({ 'from/a': 'from/a', 'to/a': 'from/a' });
  await on.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: 'to/a' }));
  expect((await moveObjects(clients, folder())).stayed).toMatchObject([
    { key: 'from/a', error: { code: 'AccessDenied' } },
  ]);
  expect(await contents()).toMatchObject({ 'from/a': 'from/a' });
});

describe('a copy in parts', () => {
  const big = Buffer.alloc(12 * 1024 ** 2, 'big');
  const maxCopyBytes = 5 * 1024 ** 2;

  it('carries what CopyObject would, and what it would not', async () => {
    await put('big', big.toString(), {
      ...{ Tagging: 'a=b', Metadata: { a: 'ü'.normalize() }, CacheControl: 'no-store' },
      ...{ StorageClass: 'STANDARD_IA', ChecksumAlgorithm: 'CRC32C' },
    });
    const route = await openRoute(on.clients, bucket, bucket);
    await copyObject(route, { from: 'big', to: 'copy' }, { maxCopyBytes });
    const copy = { Bucket: bucket, Key: 'copy' };
    const head = await on.clients
      .s3()
      .send(new HeadObjectCommand({ ...copy, ChecksumMode: 'ENABLED' }));
    expect(head.ETag).toMatch(/-3"$/);
    expect(head).toMatchObject({
      ...{ TagCount: 1, CacheControl: 'no-store', StorageClass: 'STANDARD_IA' },
      ChecksumType: 'FULL_OBJECT',
    });
    const { TagSet } = await on.clients.s3().send(new GetObjectTaggingCommand(copy));
    expect(TagSet).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('is of one state of the object, or is not', async () => {
    await put('big', big.toString());
    let parts = 0;
    const clients = await through(async ({ path }): Promise<Fate> => {
      if (path.includes('partNumber') && parts++ === 1) await put('big', 'theirs');
      return 'pass';
    });
    const route = await openRoute(clients, bucket, bucket);
    const copy = copyObject(route, { from: 'big', to: 'copy' }, { maxCopyBytes });
    await expect(copy).rejects.toMatchObject({ code: 'Conflict', reason: 'Changed' });
    expect(Object.keys(await contents())).toEqual(['big']);
  });
});
