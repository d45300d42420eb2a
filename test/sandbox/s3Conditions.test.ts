import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { CopyObjectCommandInput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presignedUrl } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const Bucket = 'conditions';
const DAY = 24 * 60 * 60 * 1000;
const CONDITION = 'x-amz-copy-source-';
let test: TestSandbox;
let ETag: string;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const put = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'data' }));
  ETag = put.ETag ?? '';
});
afterAll(() => test.close());

const get = (extra: object) => new GetObjectCommand({ Bucket, Key: 'a', ...extra });
const put = (extra: Partial<PutObjectCommandInput>) =>
  new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', ...extra });
const copy = (extra: Partial<CopyObjectCommandInput>) =>
  new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/a`, ...extra });

describe('a condition on a read', () => {
  it('ignores If-Modified-Since in the future (RFC 7232, 3.3; recorded from S3)', async () => {
    const future = new Date(Date.now() + DAY);
    const { Body } = await test.s3.send(get({ IfModifiedSince: future }));
    expect(await Body?.transformToString()).toBe('data');
    await test.s3.send(copy({ CopySourceIfModifiedSince: future }));
  });

  it.each([
    ['If-Match', { CopySourceIfMatch: 'etag123' }],
    ['If-Unmodified-Since', { CopySourceIfUnmodifiedSince: new Date(Date.now() - DAY) }],
    ['If-None-Match', {}],
  ])('names %s when a copy fails by it (recorded from S3)', async (name, condition) => {
    const { error } = await failure(
      test.s3.send(copy({ CopySourceIfNoneMatch: ETag, ...condition })),
    );
    expect(error).toMatchObject({ name: 'PreconditionFailed', Condition: CONDITION + name });
  });

  it('names If-Modified-Since when a copy fails by it (recorded from S3)', async () => {
    const { LastModified } = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    const { error } = await failure(
      test.s3.send(copy({ CopySourceIfModifiedSince: LastModified })),
    );
    expect(error).toMatchObject({ Condition: `${CONDITION}If-Modified-Since` });
  });
});

describe('a condition on a write that S3 has not', () => {
  const VALUE = (name: string) =>
    `We don't accept the provided value of ${name} header for this API`;
  it.each([
    [{ IfMatch: '*' }, 'If-Match', VALUE('If-Match')],
    [{ IfNoneMatch: '"etag"' }, 'If-None-Match', VALUE('If-None-Match')],
    [
      { IfMatch: '"etag"', IfNoneMatch: '*' },
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    ],
  ])('is 501, as recorded: %j', async (condition, Header, additionalMessage) => {
    for (const command of [put(condition), copy(condition)]) {
      const { error, status } = await failure(test.s3.send(command as PutObjectCommand));
      expect(status).toBe(501);
      expect(error).toMatchObject({ name: 'NotImplemented', Header, additionalMessage });
    }
  });
});

describe('a presigned URL', () => {
  it('holds conditions on a write in its query (recorded from S3)', async () => {
    const path = `/${Bucket}/once`;
    const once = await presignedUrl(test.sandbox, 'PUT', path, { 'If-None-Match': '*' });
    expect((await fetch(once, { method: 'PUT', body: '1' })).status).toBe(200);
    expect((await fetch(once, { method: 'PUT', body: '2' })).status).toBe(412);
    const other = await presignedUrl(test.sandbox, 'PUT', path, { 'If-Match': '"other"' });
    expect((await fetch(other, { method: 'PUT', body: '3' })).status).toBe(412);
    const same = await presignedUrl(test.sandbox, 'GET', `/${Bucket}/a`, { 'if-none-match': ETag });
    expect((await fetch(same)).status).toBe(304);
  });

  it('holds the source of a copy and its conditions, which the SDK puts there', async () => {
    const url = await getSignedUrl(test.s3, copy({ Key: 'signed' }));
    expect(url).toContain('x-amz-copy-source=');
    expect(await (await fetch(url, { method: 'PUT' })).text()).toContain('CopyObjectResult');
    const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key: 'signed' }));
    expect(await Body?.transformToString()).toBe('data');
    const failing = await getSignedUrl(test.s3, copy({ CopySourceIfMatch: '"other"' }));
    expect((await fetch(failing, { method: 'PUT' })).status).toBe(412);
    const part = { Bucket, Key: 'p', UploadId: 'none', PartNumber: 1, CopySource: `${Bucket}/a` };
    const copied = await getSignedUrl(test.s3, new UploadPartCopyCommand(part));
    expect(await (await fetch(copied, { method: 'PUT' })).text()).toContain('NoSuchUpload');
  });

  it('refuses what the sandbox refuses in a header', async () => {
    const url = await getSignedUrl(test.s3, put({ ExpectedBucketOwner: '999999999999' }));
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
  });
});
