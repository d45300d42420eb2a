import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type {
  CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

/** What is held against recordings of AWS here: `services/s3/test_s3*.snapshot.json` of LocalStack. */
let test: TestSandbox;
const Bucket = 'uploads';
const VersionedBucket = 'uploads-versioned';
beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new CreateBucketCommand({ Bucket: VersionedBucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await test.s3.send(
    new PutBucketVersioningCommand({ Bucket: VersionedBucket, VersioningConfiguration }),
  );
});
afterAll(() => test.close());

const put = (of: { Bucket: string; Key: string }, Body = 'object') =>
  test.s3.send(new PutObjectCommand({ ...of, Body }));

/** An upload of one part, ready to be completed. */
async function begun(
  of: { Bucket: string; Key: string },
  more: Partial<CreateMultipartUploadCommandInput> = {},
) {
  const { UploadId } = await test.s3.send(new CreateMultipartUploadCommand({ ...of, ...more }));
  const sent = await test.s3.send(
    new UploadPartCommand({ ...of, UploadId, PartNumber: 1, Body: 'part' }),
  );
  const { ETag, ChecksumCRC32 } = sent;
  const Parts = [{ PartNumber: 1, ETag, ...(more.ChecksumAlgorithm && { ChecksumCRC32 }) }];
  return {
    UploadId,
    ETag,
    Parts,
    complete: (extra: Partial<CompleteMultipartUploadCommandInput> = {}) =>
      test.s3.send(
        new CompleteMultipartUploadCommand({
          ...of,
          UploadId,
          MultipartUpload: { Parts },
          ...extra,
        }),
      ),
  };
}

describe('a condition on the completion of an upload', () => {
  it.each([Bucket, VersionedBucket])('fails by a write since it began: %s', async name => {
    const of = { Bucket: name, Key: 'conflict' };
    const { ETag } = await put(of);
    const upload = await begun(of);
    // The same bytes again: the ETag still holds.
    await put(of);
    const { error, status } = await failure(upload.complete({ IfMatch: ETag }));
    expect(status).toBe(409);
    expect(error).toMatchObject({
      name: 'ConditionalRequestConflict',
      Condition: 'If-Match',
      Key: of.Key,
    });
    expect(await failure(upload.complete({ IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    await (await begun(of)).complete({ IfMatch: ETag });
  });

  it.each([Bucket, VersionedBucket])('fails by a deletion since it began: %s', async name => {
    const of = { Bucket: name, Key: 'deleted' };
    const { ETag } = await put(of);
    const upload = await begun(of);
    expect(await failure(upload.complete({ IfNoneMatch: '*' }))).toMatchObject({ status: 412 });
    await test.s3.send(new DeleteObjectCommand(of));
    expect(await failure(upload.complete({ IfNoneMatch: '*' }))).toMatchObject({
      name: 'ConditionalRequestConflict',
      status: 409,
    });
    expect(await failure(upload.complete({ IfMatch: ETag }))).toMatchObject({ status: 404 });
    await (await begun(of)).complete({ IfNoneMatch: '*' });
  });

  it('is not there where there is no header, and not disturbed by other keys', async () => {
    const of = { Bucket, Key: 'undisturbed' };
    const upload = await begun(of);
    await put({ Bucket, Key: 'another' });
    await upload.complete({ IfNoneMatch: '*' });
    const replacing = await begun(of);
    await put(of);
    await replacing.complete();
  });
});

describe('completing an upload again', () => {
  it('answers the same, and writes nothing', async () => {
    const of = { Bucket: VersionedBucket, Key: 'again' };
    const upload = await begun(of);
    const first = await upload.complete();
    const second = await upload.complete();
    expect({ ...second, $metadata: 0 }).toEqual({ ...first, $metadata: 0 });
    const listed = await test.s3.send(new ListObjectVersionsCommand({ ...of, Prefix: of.Key }));
    expect(listed.Versions).toHaveLength(1);
    const other = [{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }];
    const differs = upload.complete({ MultipartUpload: { Parts: other } });
    expect(await failure(differs)).toMatchObject({ name: 'NoSuchUpload', status: 404 });
  });

  it('is of no upload once the object is gone, or where it was aborted', async () => {
    const of = { Bucket, Key: 'gone' };
    const upload = await begun(of);
    await upload.complete();
    await test.s3.send(new DeleteObjectCommand(of));
    expect(await failure(upload.complete())).toMatchObject({ name: 'NoSuchUpload' });
    const aborted = await begun(of);
    await test.s3.send(new AbortMultipartUploadCommand({ ...of, UploadId: aborted.UploadId }));
    expect(await failure(aborted.complete())).toMatchObject({ name: 'NoSuchUpload' });
  });
});

it('a completion without a body, and part numbers that are none, are refused', async () => {
  const of = { Bucket, Key: 'refused' };
  const { UploadId = '' } = await begun(of);
  const path = `/${Bucket}/refused?uploadId=${UploadId}`;
  const empty = await sendSigned(test.sandbox, { method: 'POST', path });
  expect(empty.body).toContain('You must specify at least one part');
  const none = { method: 'POST', path: `/${Bucket}/refused?uploadId=fakeid` };
  expect(errorCode(await sendSigned(test.sandbox, none))).toBe('NoSuchUpload');
  for (const number of ['-1', '0', '10001', 'x']) {
    const put = { method: 'PUT', path: `${path}&partNumber=${number}`, body: 'x' };
    const { status, body } = await sendSigned(test.sandbox, put);
    expect(status).toBe(400);
    expect(body).toContain(`<ArgumentValue>${number}</ArgumentValue>`);
  }
});

describe('a list of uploads', () => {
  it('tells who began them, and its last entry on the last page, too', async () => {
    const own = { Bucket: 'uploads-listed' };
    await test.s3.send(new CreateBucketCommand(own));
    const empty = await test.s3.send(new ListMultipartUploadsCommand(own));
    expect(empty.NextKeyMarker).toBe('');
    const ids: (string | undefined)[] = [];
    for (const Key of ['a', 'a', 'a', 'b']) ids.push((await begun({ ...own, Key })).UploadId);
    const all = await test.s3.send(new ListMultipartUploadsCommand(own));
    expect(all).toMatchObject({ NextKeyMarker: 'b', NextUploadIdMarker: ids[3] });
    expect(all).not.toHaveProperty('Prefix');
    const ID = `arn:aws:iam::${test.sandbox.accountId}:user/sandbox`;
    expect(all.Uploads?.[0]?.Initiator).toEqual({ ID, DisplayName: 'sandbox' });
    const parts = new ListPartsCommand({ ...own, Key: 'b', UploadId: ids[3] });
    expect((await test.s3.send(parts)).Initiator).toEqual({ ID, DisplayName: 'sandbox' });

    const marked = (KeyMarker: string, UploadIdMarker: string | undefined) =>
      test.s3.send(new ListMultipartUploadsCommand({ ...own, KeyMarker, UploadIdMarker }));
    const { error } = await failure(marked('a', ids[3]));
    expect(error).toMatchObject({ name: 'InvalidArgument', ArgumentName: 'upload-id-marker' });
    expect(await failure(marked('a', 'no id'))).toMatchObject({ name: 'InvalidArgument' });
    // A page that goes on behind an upload that has ended meanwhile misses none.
    const [first] = ids;
    await test.s3.send(new AbortMultipartUploadCommand({ ...own, Key: 'a', UploadId: first }));
    const rest = (await marked('a', first)).Uploads?.map(({ UploadId }) => UploadId);
    expect(rest).toEqual(ids.slice(1));
  });

  it('names no common prefix as its marker, as recorded', async () => {
    const own = { Bucket: 'uploads-prefixed' };
    await test.s3.send(new CreateBucketCommand(own));
    for (const Key of ['a/1', 'b']) await begun({ ...own, Key });
    const list = new ListMultipartUploadsCommand({ ...own, Delimiter: '/', MaxUploads: 1 });
    const page = await test.s3.send(list);
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: '' });
  });
});

describe('a composite object', () => {
  const of = { Bucket, Key: 'composite' };
  const BIG = Buffer.alloc(5 * 1024 * 1024, 'a');
  const sums: (string | undefined)[] = [];
  beforeAll(async () => {
    const created = new CreateMultipartUploadCommand({ ...of, ChecksumAlgorithm: 'SHA256' });
    const { UploadId } = await test.s3.send(created);
    const Parts = [];
    for (const [index, Body] of [BIG, Buffer.from('tail')].entries()) {
      const part = { ...of, UploadId, PartNumber: index + 1, Body };
      const { ETag, ChecksumSHA256 } = await test.s3.send(
        new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA256' }),
      );
      sums.push(ChecksumSHA256);
      Parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    const MultipartUpload = { Parts };
    await test.s3.send(new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload }));
  });

  const attributes = (extra: object = {}) =>
    test.s3.send(
      new GetObjectAttributesCommand({
        ...of,
        ObjectAttributes: ['Checksum', 'ObjectParts'],
        ...extra,
      }),
    );

  it('lists its parts with their checksums, page by page', async () => {
    const { Checksum, ObjectParts } = await attributes();
    expect(Checksum?.ChecksumSHA256).not.toContain('-');
    expect(ObjectParts).toEqual({
      TotalPartsCount: 2,
      PartNumberMarker: '0',
      NextPartNumberMarker: '2',
      MaxParts: 1000,
      IsTruncated: false,
      Parts: [
        { PartNumber: 1, Size: BIG.length, ChecksumSHA256: sums[0] },
        { PartNumber: 2, Size: 4, ChecksumSHA256: sums[1] },
      ],
    });
    const page = (await attributes({ MaxParts: 1 })).ObjectParts;
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1' });
    const behind = (await attributes({ PartNumberMarker: '10' })).ObjectParts;
    expect(behind).toMatchObject({ NextPartNumberMarker: '0', TotalPartsCount: 2 });
    expect(behind?.Parts).toBeUndefined();
  });

  it('tells the checksum of a part that is read', async () => {
    const get = new GetObjectCommand({ ...of, PartNumber: 2, ChecksumMode: 'ENABLED' });
    const { Body, ChecksumSHA256, ChecksumType } = await test.s3.send(get);
    expect(await Body?.transformToString()).toBe('tail');
    expect({ ChecksumSHA256, ChecksumType }).toEqual({
      ChecksumSHA256: sums[1],
      ChecksumType: 'COMPOSITE',
    });
  });
});

describe('the checksum of a completion', () => {
  const sha = 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';
  it.each([
    ['another type', { ChecksumType: 'FULL_OBJECT' as const }, 'InvalidRequest', 'COMPOSITE'],
    ['another algorithm', { ChecksumSHA256: sha }, 'BadDigest', 'crc32'],
  ])('is refused of %s', async (_, extra, name, words) => {
    const upload = await begun({ Bucket, Key: 'typed' }, { ChecksumAlgorithm: 'CRC32' });
    const refused = await failure(upload.complete(extra));
    expect(refused.name).toBe(name);
    expect(refused.message).toContain(words);
  });

  it('of a part is refused in an upload without an algorithm, even a right one', async () => {
    const of = { Bucket, Key: 'untyped' };
    const { ETag, UploadId, complete } = await begun(of);
    const part = { ...of, UploadId, PartNumber: 1, Body: 'part' };
    const { ChecksumCRC32 } = await test.s3.send(new UploadPartCommand(part));
    const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
    expect(await failure(complete({ MultipartUpload: { Parts } }))).toMatchObject({
      name: 'InvalidPart',
    });
  });

  it('of a part may be of the upload’s algorithm only', async () => {
    const { Parts, complete } = await begun(
      { Bucket, Key: 'typed' },
      { ChecksumAlgorithm: 'CRC32' },
    );
    const [{ PartNumber, ETag } = {}] = Parts;
    const other = { Parts: [{ PartNumber, ETag, ChecksumSHA256: sha }] };
    expect(await failure(complete({ MultipartUpload: other }))).toMatchObject({
      name: 'BadDigest',
      message: 'The sha256 you specified for part 1 did not match what we received.',
    });
  });

  it('is not looked at in an upload without an algorithm, when it is of another (recorded)', async () => {
    const upload = await begun({ Bucket, Key: 'untyped-whole' });
    await upload.complete({ ChecksumCRC32C: 'AAAAAA==' });
  });

  it('of the full object counts with its type only', async () => {
    const upload = await begun(
      { Bucket, Key: 'full' },
      { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' },
    );
    const { ChecksumCRC32 } = upload.Parts[0] ?? {};
    expect(await failure(upload.complete({ ChecksumCRC32 }))).toMatchObject({ name: 'BadDigest' });
    await upload.complete({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
  });
});

it.each([
  ['0-8', 'InvalidArgument', 'of the form bytes=first-last'],
  ['bytes=1-0', 'InvalidArgument', 'of the form bytes=first-last'],
  ['bytes=-0', 'InvalidArgument', 'of the form bytes=first-last'],
  ['bytes=1-', 'InvalidArgument', 'of the form bytes=first-last'],
  ['bytes=0-100', 'InvalidArgument', 'not valid for source object of size: 6'],
  ['bytes=100-200', 'InvalidRequest', 'invalid for the source object size'],
])('a part can’t be copied of %s', async (CopySourceRange, name, words) => {
  const of = { Bucket, Key: 'copied-part' };
  await put({ Bucket, Key: 'source' });
  const { UploadId } = await begun(of);
  const CopySource = `${Bucket}/source`;
  const copy = { ...of, UploadId, PartNumber: 2, CopySource, CopySourceRange };
  const refused = await failure(test.s3.send(new UploadPartCopyCommand(copy)));
  expect(refused).toMatchObject({ name, status: 400 });
  expect(refused.message).toContain(words);
});

it('markers of pages that are no numbers are refused', async () => {
  const { UploadId = '' } = await begun({ Bucket, Key: 'paged' });
  const path = `/${Bucket}/paged?uploadId=${UploadId}&part-number-marker=`;
  expect(errorCode(await sendSigned(test.sandbox, { path: `${path}x` }))).toBe('InvalidArgument');
  expect((await sendSigned(test.sandbox, { path })).status).toBe(200);
});
