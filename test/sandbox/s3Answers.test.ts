import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

/** What is held against recordings of AWS here: `services/s3/test_s3*.snapshot.json` of LocalStack. */
let test: TestSandbox;
const Bucket = 'answers';
const of = { Bucket, Key: 'digits' };
beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ ...of, Body: '0123456789' }));
});
afterAll(() => test.close());

const putRaw = (headers: Record<string, string>, Key = 'raw', body = 'x') =>
  sendSigned(test.sandbox, { method: 'PUT', path: `/${Bucket}/${Key}`, headers, body });

describe('GetObject', () => {
  it('takes no range of a part, and no part that is no number', async () => {
    const both = new GetObjectCommand({ ...of, Range: 'bytes=0-1', PartNumber: 1 });
    expect(await failure(test.s3.send(both))).toMatchObject({
      name: 'InvalidRequest',
      message: 'Cannot specify both Range header and partNumber query parameter',
    });
    const path = `/${Bucket}/${of.Key}?partNumber=x`;
    expect(errorCode(await sendSigned(test.sandbox, { path }))).toBe('InvalidArgument');
  });

  it.each([
    ['bytes=-15', true],
    ['bytes=0-100', true],
    ['bytes=0-8', false],
  ])('of %s tells the checksum when it is of all bytes', async (Range, whole) => {
    const get = new GetObjectCommand({ ...of, Range, ChecksumMode: 'ENABLED' });
    const { ChecksumCRC32 } = await test.s3.send(get);
    expect(ChecksumCRC32 === undefined).toBe(!whole);
  });

  it('says nothing of the connection, which stays', async () => {
    const { headers } = await sendSigned(test.sandbox, { path: `/${Bucket}/${of.Key}` });
    expect(headers).not.toHaveProperty('keep-alive');
    const answers = Array.from({ length: 3 }, () => test.s3.send(new HeadObjectCommand(of)));
    await Promise.all(answers);
  });
});

describe('PutObject', () => {
  it.each([
    ['deflate, gzip', 'deflate, gzip'],
    ['gzip,  br', 'gzip,  br'],
    ['gzip, aws-chunked', 'gzip'],
    ['aws-chunked, gzip', 'gzip'],
    ['aws-chunked', undefined],
  ])('keeps Content-Encoding %s to the letter', async (ContentEncoding, kept) => {
    const Key = 'encoded';
    await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ContentEncoding }));
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.ContentEncoding).toBe(kept);
  });

  it('keeps metadata decoded that needs no encoding (RFC 2047)', async () => {
    const Metadata = { plain: '=?UTF-8?B?YWJj?=', real: '=?UTF-8?Q?=C3=84?=' };
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'words', Metadata }));
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'words' }));
    expect(head.Metadata).toEqual({ plain: 'abc', real: '=?UTF-8?Q?=C3=84?=' });
  });

  it.each(['', 'abc', 'AAAAAAAA', 'AAAAAA', '!'.repeat(8)])(
    'refuses "%s", which can be no CRC-32',
    async value => {
      const { body } = await putRaw({ 'x-amz-checksum-crc32': value });
      expect(body).toContain('Value for x-amz-checksum-crc32 header is invalid.');
    },
  );

  it('tells the MD5 that did not match in hex', async () => {
    const { body } = await putRaw({ 'content-md5': 'CYketZBSTjX8czcs3cXVlg==' });
    expect(body).toContain('<ExpectedDigest>09891eb590524e35fc73372cddc5d596</ExpectedDigest>');
  });
});

describe('tags in a header', () => {
  it.each([
    ['tag=', [{ Key: 'tag', Value: '' }]],
    [
      'a&&&b',
      [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: '' },
      ],
    ],
  ])('%s are taken', async (Tagging, tags) => {
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'tags', Tagging }));
    const { TagSet } = await test.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tags' }));
    expect(TagSet).toEqual(tags);
  });

  it.each(['a=1&a=2', 'a=1,b=2', 'a=%FF'])('%s are refused', async Tagging => {
    const { error } = await failure(test.s3.send(new PutObjectCommand({ ...of, Tagging })));
    expect(error).toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'x-amz-tagging',
      ArgumentValue: Tagging,
      message:
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    });
  });

  it('in a document: none is an empty set, and aws: is not for objects', async () => {
    const path = `/${Bucket}/tags?tagging`;
    const send = (body: string) => sendSigned(test.sandbox, { method: 'PUT', path, body });
    expect((await send('<Tagging/>')).status).toBe(200);
    const tag = '<Tag><Key>aws:x</Key><Value/></Tag>';
    const { body } = await send(`<Tagging><TagSet>${tag}</TagSet></Tagging>`);
    expect(body).toContain('Your TagKey cannot be prefixed with aws:');
  });

  it('of a missing key are told with its bucket', async () => {
    const { error } = await failure(
      test.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'none' })),
    );
    expect(error).toMatchObject({ name: 'NoSuchKey', Key: `${Bucket}/none` });
  });
});

describe('CopyObject', () => {
  const copy = (CopySource: string, more: Partial<PutObjectCommandInput> = {}) =>
    test.s3.send(new CopyObjectCommand({ ...of, CopySource, ...more }));

  it('of a source that names no key is refused', async () => {
    const { error } = await failure(copy('wrongformat'));
    expect(error).toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid copy source object key',
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: 'x-amz-copy-source',
    });
  });

  it.each(['/', 'https://s3.amazonaws.com/'])('takes a source behind %s', async before => {
    await copy(`${before}${Bucket}/${of.Key}`, { Key: 'copied' });
  });

  it('onto itself needs a change, such as of encryption', async () => {
    const source = `${Bucket}/${of.Key}`;
    expect(await failure(copy(source))).toMatchObject({ name: 'InvalidRequest' });
    await copy(source, { ServerSideEncryption: 'AES256' });
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'AES256' as const };
    const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: false }];
    await test.s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    await copy(source);
  });
});

describe('ListObjectsV2', () => {
  it('tells no StartAfter beside a token, and not the value of an empty one', async () => {
    const page = { Bucket, MaxKeys: 1, StartAfter: 'a' };
    const first = await test.s3.send(new ListObjectsV2Command(page));
    expect(first.StartAfter).toBe('a');
    const ContinuationToken = first.NextContinuationToken;
    const next = await test.s3.send(new ListObjectsV2Command({ ...page, ContinuationToken }));
    expect(next).not.toHaveProperty('StartAfter');
    const path = `/${Bucket}?list-type=2&continuation-token=`;
    const { body } = await sendSigned(test.sandbox, { path });
    expect(body).toContain('<ArgumentName>continuation-token</ArgumentName><RequestId>');
  });
});
