import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw, sendSigned, signedHeaders } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const Bucket = 'photos';
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => test.close());

async function body(Key: string, range?: string): Promise<string> {
  const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key, Range: range }));
  return (await Body?.transformToString()) ?? '';
}

describe('a bare + in a path', () => {
  it.each(['/photos/my+file.txt', '/photos/my%20file.txt'])('is a space: %s', async path => {
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'my file.txt', Body: 'space' }));
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'my+file.txt', Body: 'plus' }));
    // A signature is of the path as SDKs encode it.
    const signed = { path: path.replace('+', '%2B') };
    const headers = await signedHeaders(test.sandbox, signed);
    expect((await sendRaw(test.sandbox, { path, headers })).body).toBe('space');
    expect((await sendSigned(test.sandbox, { path: '/photos/my%2Bfile.txt' })).body).toBe('plus');
  });

  it('is a space in a copy source too', async () => {
    const copy = { Bucket, Key: 'copied', CopySource: 'photos/my+file.txt' };
    await test.s3.send(new CopyObjectCommand(copy));
    expect(await body('copied')).toBe('space');
  });
});

describe('PutObject and GetObject', () => {
  it('give back bytes, headers, metadata, checksum and the number of tags', async () => {
    const put = await test.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a.txt',
        Body: 'hello',
        ContentType: 'text/plain',
        CacheControl: 'no-store',
        ContentDisposition: 'inline',
        Metadata: { camera: 'X100' },
        Tagging: 'phototype=raw&a%20b=c%2Bd',
      }),
    );
    expect(put).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    });
    const got = await test.s3.send(new GetObjectCommand({ Bucket, Key: 'a.txt' }));
    expect(got).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentLength: 5,
      Metadata: { camera: 'X100' },
      TagCount: 2,
      ChecksumCRC32: 'NhCmhg==',
      AcceptRanges: 'bytes',
    });
    expect(got.VersionId).toBeUndefined();
    expect(await got.Body?.transformToString()).toBe('hello');
    const { TagSet } = await test.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a.txt' }));
    expect(TagSet).toEqual([
      { Key: 'phototype', Value: 'raw' },
      { Key: 'a b', Value: 'c+d' },
    ]);
  });

  it('store a stream without its aws-chunked framing', async () => {
    const chunk = Buffer.alloc(100_000, 'x');
    await test.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from([chunk, chunk, Buffer.from('end')]),
        ContentLength: 200_003,
        ContentEncoding: 'gzip',
      }),
    );
    const got = await test.s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(await got.Body?.transformToByteArray()).toHaveLength(200_003);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'verify and give back a %s checksum',
    async ChecksumAlgorithm => {
      const Key = `sum-${ChecksumAlgorithm}`;
      await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ChecksumAlgorithm }));
      const head = await test.s3.send(
        new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }),
      );
      const member = `Checksum${ChecksumAlgorithm}` as const;
      expect(head).toHaveProperty(member);
      await test.s3.send(new GetObjectCommand({ Bucket, Key }));
      const wrong = test.s3.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body: 'y',
          [member]: head[member],
        }),
      );
      expect(await failure(wrong)).toMatchObject({ name: 'BadDigest', status: 400 });
    },
  );

  it('answer a wrong Content-MD5 with BadDigest and keep nothing', async () => {
    const put = new PutObjectCommand({
      Bucket,
      Key: 'bad',
      Body: Buffer.alloc(300_000),
      ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==',
    });
    expect(await failure(test.s3.send(put))).toMatchObject({ name: 'BadDigest', status: 400 });
    const head = test.s3.send(new HeadObjectCommand({ Bucket, Key: 'bad' }));
    expect(await failure(head)).toMatchObject({ name: 'NotFound' });
  });

  it('round-trip every legal key', async () => {
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter(text => Buffer.byteLength(text) <= 1024);
    await fc.assert(
      fc.asyncProperty(key, async Key => {
        await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
        expect(await body(Key)).toBe(Key);
      }),
      {
        numRuns: 100,
        examples: [
          ['a//b'],
          ['/'],
          ['./x'],
          ['../x'],
          ['a b+c%2Fd'],
          ['"\'<&>'],
          ['é😀'],
          ['?#&='],
        ],
      },
    );
  });

  it('refuse a key of 1,025 bytes', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'é'.repeat(513), Body: 'x' });
    expect(await failure(test.s3.send(put))).toMatchObject({ name: 'KeyTooLongError' });
  });
});

describe('ranges', () => {
  beforeAll(async () => {
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const Body = Buffer.from('0123456789'.repeat(20_000));
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body }));
  });

  it.each([
    ['bytes=0-3', '0123'],
    ['bytes=7-', '789'],
    ['bytes=-2', '89'],
    ['bytes=8-100', '89'],
    ['bytes=-100', '0123456789'],
    ['lines=1-2', '0123456789'],
    ['bytes=5-2', '0123456789'],
  ])('%s is %s', async (range, expected) => {
    expect(await body('digits', range)).toBe(expected);
  });

  it('are read out of a file too', async () => {
    expect(await body('large', 'bytes=100003-100007')).toBe('34567');
    expect(await body('large', 'bytes=-3')).toBe('789');
  });

  it('behind the end are 416', async () => {
    const get = test.s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=10-' }));
    expect(await failure(get)).toMatchObject({ name: 'InvalidRange', status: 416 });
  });
});

describe('conditions', () => {
  it('decide whether a read answers', async () => {
    const { ETag } = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'c', Body: 'c' }));
    const get = (condition: object): Promise<{ status: number | undefined }> =>
      failure(test.s3.send(new GetObjectCommand({ Bucket, Key: 'c', ...condition })));
    expect(await get({ IfNoneMatch: ETag })).toMatchObject({ status: 304 });
    expect(await get({ IfMatch: '"other"' })).toMatchObject({ status: 412 });
    expect(await get({ IfModifiedSince: new Date() })).toMatchObject({ status: 304 });
    expect(await get({ IfUnmodifiedSince: new Date(0) })).toMatchObject({ status: 412 });
    const fine = new GetObjectCommand({
      Bucket,
      Key: 'c',
      IfMatch: ETag,
      IfUnmodifiedSince: new Date(0),
    });
    await test.s3.send(fine);
  });

  it('let exactly one of several writers with If-None-Match create an object', async () => {
    const writes = Array.from({ length: 8 }, (_, index) =>
      test.s3.send(
        new PutObjectCommand({ Bucket, Key: 'once', Body: String(index), IfNoneMatch: '*' }),
      ),
    );
    const results = await Promise.allSettled(writes);
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('let a write with If-Match replace only what it names', async () => {
    const { ETag } = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'm', Body: '1' }));
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'm', Body: '2', IfMatch: ETag }));
    const again = test.s3.send(
      new PutObjectCommand({ Bucket, Key: 'm', Body: '3', IfMatch: ETag }),
    );
    expect(await failure(again)).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    const nothing = new PutObjectCommand({ Bucket, Key: 'none', Body: 'x', IfMatch: ETag });
    expect(await failure(test.s3.send(nothing))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });
});

describe('CopyObject', () => {
  const CopySource = `${Bucket}/${encodeURIComponent('from é+')}`;
  beforeAll(async () => {
    await test.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'from é+',
        Body: 'copied',
        ContentType: 'text/plain',
        Metadata: { a: '1' },
        Tagging: 'k=v',
      }),
    );
  });

  it('copies metadata and tags, or replaces them', async () => {
    const copy = await test.s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
    expect(copy.CopyObjectResult?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { a: '1' },
      TagCount: 1,
    });
    const replace = { MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE' } as const;
    await test.s3.send(
      new CopyObjectCommand({ Bucket, Key: 'to', CopySource, ...replace, Metadata: { b: '2' } }),
    );
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
    expect(head.Metadata).toEqual({ b: '2' });
    expect(head.TagCount).toBeUndefined();
    expect(await body('to')).toBe('copied');
  });

  it('takes a website redirect to a page or an address only', async () => {
    const to = (WebsiteRedirectLocation: string) => ({
      Bucket,
      Key: 'to',
      WebsiteRedirectLocation,
    });
    for (const location of ['page', 'ftp://a', 'https:/a']) {
      const refused = { name: 'InvalidRedirectLocation', status: 400 };
      const put = test.s3.send(new PutObjectCommand({ ...to(location), Body: 'x' }));
      expect(await failure(put)).toMatchObject(refused);
      const begun = test.s3.send(new CreateMultipartUploadCommand(to(location)));
      expect(await failure(begun)).toMatchObject(refused);
    }
    for (const location of ['/page', 'http://a', 'https://a/b']) {
      await test.s3.send(new PutObjectCommand({ ...to(location), Body: 'x' }));
    }
  });

  it('copies no website redirect, but takes one', async () => {
    const WebsiteRedirectLocation = '/there';
    await test.s3.send(
      new PutObjectCommand({ Bucket, Key: 'redirect', Body: 'r', WebsiteRedirectLocation }),
    );
    const copy = async (more: object) => {
      const CopySource = `${Bucket}/redirect`;
      await test.s3.send(new CopyObjectCommand({ Bucket, Key: 'other', CopySource, ...more }));
      return await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'other' }));
    };
    expect((await copy({})).WebsiteRedirectLocation).toBeUndefined();
    expect(await copy({ WebsiteRedirectLocation })).toMatchObject({ WebsiteRedirectLocation });
  });

  it('and GetObject refuse what is archived, which HeadObject shows', async () => {
    const StorageClass = 'DEEP_ARCHIVE';
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'cold', Body: 'c', StorageClass }));
    const CopySource = `${Bucket}/cold`;
    for (const command of [
      () => test.s3.send(new GetObjectCommand({ Bucket, Key: 'cold' })),
      () => test.s3.send(new CopyObjectCommand({ Bucket, Key: 'warm', CopySource })),
    ]) {
      expect(await failure(command())).toMatchObject({ name: 'InvalidObjectState', status: 403 });
    }
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'cold' }));
    expect(head).toMatchObject({ StorageClass });
  });

  it('refuses a copy onto itself that changes nothing, and obeys conditions', async () => {
    const self = new CopyObjectCommand({ Bucket, Key: 'from é+', CopySource });
    expect(await failure(test.s3.send(self))).toMatchObject({ name: 'InvalidRequest' });
    const changed = { Bucket, Key: 'x', CopySource, CopySourceIfMatch: '"no"' };
    expect(await failure(test.s3.send(new CopyObjectCommand(changed)))).toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

describe('deleting', () => {
  it('answers 204 whether there was an object or not', async () => {
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    const { $metadata } = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    expect($metadata.httpStatusCode).toBe(204);
  });

  it('of many tells each key, and refuses more than 1,000', async () => {
    const keys = ['d 1', 'd&2', 'd\r3', 'missing'];
    for (const Key of keys.slice(0, 3)) {
      await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const Objects = keys.map(Key => ({ Key }));
    const output = await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(output.Deleted?.map(({ Key }) => Key)).toEqual(keys);
    const quiet = await test.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    expect(quiet.Deleted).toBeUndefined();
    const long = { Objects: [{ Key: 'x'.repeat(1025) }, { Key: 'short' }] };
    const partly = await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete: long }));
    expect(partly.Deleted).toEqual([{ Key: 'short' }]);
    expect(partly.Errors).toMatchObject([{ Code: 'KeyTooLongError', Key: 'x'.repeat(1025) }]);
    const many = Array.from({ length: 1001 }, (_, index) => ({ Key: `k${index}` }));
    const call = test.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: many } }));
    expect(await failure(call)).toMatchObject({ name: 'MalformedXML' });
  });
});

describe('a reader', () => {
  it('gets the whole object that it began to read, though it is deleted meanwhile', async () => {
    await using own = await startTestSandbox();
    await own.s3.send(new CreateBucketCommand({ Bucket }));
    const Body = Buffer.alloc(8_000_000, 'abc');
    await own.s3.send(new PutObjectCommand({ Bucket, Key: 'read', Body }));
    const reading = await own.s3.send(new GetObjectCommand({ Bucket, Key: 'read' }));
    await own.s3.send(new DeleteObjectCommand({ Bucket, Key: 'read' }));
    const bytes = Buffer.from((await reading.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Body)).toBe(true);
    await expect.poll(() => objectFiles(own.directory)).toBe(0);
  });

  it('that goes away leaves no file behind', async () => {
    await using own = await startTestSandbox();
    await own.s3.send(new CreateBucketCommand({ Bucket }));
    const Body = Buffer.alloc(8_000_000);
    await own.s3.send(new PutObjectCommand({ Bucket, Key: 'left', Body }));
    const reading = await own.s3.send(new GetObjectCommand({ Bucket, Key: 'left' }));
    (reading.Body as Readable).destroy();
    await own.s3.send(new DeleteObjectCommand({ Bucket, Key: 'left' }));
    await expect.poll(() => objectFiles(own.directory)).toBe(0);
  });
});

async function objectFiles(directory: string): Promise<number> {
  const objects = join(directory, 'objects');
  const entries = await readdir(objects, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).length;
}
