import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { sandboxUser } from '../../src/sandbox/principal.ts';
import { completeUpload } from '../../src/sandbox/s3/multipart/completeUpload.ts';
import { createHasher } from '../../src/sandbox/s3/checksums.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

const Bucket = 'parts';
const MIB = 1024 * 1024;
const data = randomBytes(11 * MIB);
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => test.close());

async function begin(Key: string, more: object = {}): Promise<string> {
  const created = await test.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return created.UploadId!;
}

async function send(
  Key: string,
  UploadId: string,
  PartNumber: number,
  Body: Buffer,
  more: object = {},
): Promise<CompletedPart> {
  const { ETag, ...sums } = await test.s3.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }),
  );
  // S3 takes checksums of parts only where the upload was begun with their algorithm.
  if (!('ChecksumAlgorithm' in more)) return { ETag, PartNumber };
  const { ChecksumCRC32, ChecksumSHA256 } = sums;
  return { ETag, PartNumber, ChecksumCRC32, ChecksumSHA256 };
}

function complete(Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) {
  return test.s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts },
      ...more,
    }),
  );
}

async function digest(algorithm: 'CRC32' | 'CRC64NVME' | 'CRC32C', bytes: Buffer): Promise<string> {
  const hasher = createHasher(algorithm);
  hasher.update(bytes);
  return (await hasher.digest()).toString('base64');
}

async function bytesOf(Key: string, Range?: string): Promise<Buffer> {
  const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('a multipart upload', () => {
  it('becomes one object, invisible before', async () => {
    const Key = 'whole';
    const UploadId = await begin(Key, {
      ContentType: 'image/x',
      Metadata: { a: 'b' },
      Tagging: 't=1',
    });
    const second = await send(Key, UploadId, 2, data.subarray(6 * MIB));
    const first = await send(Key, UploadId, 1, data.subarray(0, 6 * MIB));
    expect(await failure(test.s3.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({
      name: 'NotFound',
    });
    const listed = await test.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 6 * MIB],
      [2, 5 * MIB],
    ]);
    const done = await complete(Key, UploadId, [first, second]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect((await bytesOf(Key)).equals(data)).toBe(true);
    expect(await bytesOf(Key, `bytes=${6 * MIB - 2}-${6 * MIB + 1}`)).toEqual(
      data.subarray(6 * MIB - 2, 6 * MIB + 2),
    );
    const part = await test.s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect(part).toMatchObject({ PartsCount: 2, ContentLength: 5 * MIB });
    expect(await part.Body?.transformToByteArray()).toHaveLength(5 * MIB);
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentType: 'image/x', Metadata: { a: 'b' }, TagCount: 1 });
    expect(await failure(complete(Key, UploadId, [first]))).toMatchObject({ name: 'NoSuchUpload' });
  });

  it.each([
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32', undefined, 'COMPOSITE'],
    ['SHA256', undefined, 'COMPOSITE'],
  ] as const)(
    'keeps a %s checksum of type %s',
    async (ChecksumAlgorithm, ChecksumType, expected) => {
      const Key = `sum-${ChecksumAlgorithm}-${expected}`;
      const UploadId = await begin(Key, { ChecksumAlgorithm, ChecksumType });
      const parts = [
        await send(Key, UploadId, 1, data.subarray(0, 5 * MIB), { ChecksumAlgorithm }),
        await send(Key, UploadId, 2, data.subarray(5 * MIB), { ChecksumAlgorithm }),
      ];
      const done = await complete(Key, UploadId, parts, { ChecksumType });
      const value = done[`Checksum${ChecksumAlgorithm}`];
      expect(done.ChecksumType).toBe(expected);
      if (expected === 'FULL_OBJECT') {
        expect(value).toBe(await digest(ChecksumAlgorithm, data));
      } else {
        expect(value).toMatch(/-2$/);
      }
      if (ChecksumAlgorithm === 'SHA256') {
        const each = [data.subarray(0, 5 * MIB), data.subarray(5 * MIB)].map(bytes =>
          createHash('sha256').update(bytes).digest(),
        );
        const whole = createHash('sha256').update(Buffer.concat(each)).digest('base64');
        expect(value).toBe(`${whole}-2`);
      }
      // The SDK verifies what it can while it reads.
      expect(await bytesOf(Key)).toHaveLength(data.length);
    },
  );

  it('is what lib-storage sends', async () => {
    const upload = new Upload({
      client: test.s3,
      params: {
        Bucket,
        Key: 'lib',
        Body: Readable.from([data.subarray(0, 100), data.subarray(100)]),
      },
    });
    await upload.done();
    expect((await bytesOf('lib')).equals(data)).toBe(true);
  });

  it('without a chosen checksum keeps a CRC64NVME of the whole', async () => {
    const plain = s3Client(test.sandbox, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const Key = 'unchosen';
    const { UploadId } = await plain.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const { ETag } = await plain.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: data }),
    );
    const Parts = [{ ETag, PartNumber: 1 }];
    const done = await plain.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    expect(done.ChecksumCRC64NVME).toBe(await digest('CRC64NVME', data));
    plain.destroy();
  });

  it('can copy parts out of objects', async () => {
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'source é', Body: data }));
    const Key = 'copied';
    const UploadId = await begin(Key);
    const CopySource = `/${Bucket}/${encodeURIComponent('source é')}`;
    const copy = (PartNumber: number, CopySourceRange?: string) =>
      test.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber,
          CopySource,
          CopySourceRange,
        }),
      );
    const one = await copy(1, `bytes=0-${5 * MIB - 1}`);
    const two = await copy(2, 'bytes=5-9');
    expect(await failure(copy(3, `bytes=0-${data.length}`))).toMatchObject({
      name: 'InvalidArgument',
    });
    const Parts = [one, two].map(({ CopyPartResult }, index) => ({
      PartNumber: index + 1,
      ETag: CopyPartResult?.ETag,
      ChecksumCRC32: CopyPartResult?.ChecksumCRC32,
    }));
    await complete(Key, UploadId, Parts);
    expect(
      (await bytesOf(Key)).equals(Buffer.concat([data.subarray(0, 5 * MIB), data.subarray(5, 10)])),
    ).toBe(true);
    const attributes = await test.s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key,
        ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'StorageClass', 'Checksum'],
      }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: 5 * MIB + 5,
      StorageClass: 'STANDARD',
      ObjectParts: { TotalPartsCount: 2 },
    });
  });
});

describe('completing', () => {
  it('refuses parts that are out of order, missing, changed or too small', async () => {
    const Key = 'refused';
    const UploadId = await begin(Key);
    const small = await send(Key, UploadId, 1, Buffer.from('small'));
    const last = await send(Key, UploadId, 2, Buffer.from('last'));
    const refusal = async (parts: CompletedPart[]): Promise<string> =>
      (await failure(complete(Key, UploadId, parts))).name;
    expect(await refusal([last, small])).toBe('InvalidPartOrder');
    expect(await refusal([small, { ...last, PartNumber: 3 }])).toBe('InvalidPart');
    expect(await refusal([{ ...last, ETag: small.ETag }])).toBe('InvalidPart');
    expect(await refusal([small, last])).toBe('EntityTooSmall');
    expect(await refusal([])).toBe('MalformedXML');
    await complete(Key, UploadId, [last]);
    expect((await bytesOf(Key)).toString()).toBe('last');
  });

  it('is not completed of parts that are replaced meanwhile', async () => {
    const Key = 'raced';
    const UploadId = await begin(Key);
    const { ETag } = await send(Key, UploadId, 1, Buffer.from('first'));
    const { services } = test.sandbox;
    const { blobs, uploads } = services.s3;
    const upload = uploads.find(UploadId)!;
    const parts = [{ number: 1, eTag: ETag!.replaceAll('"', ''), checksums: new Map() }];
    const completing = completeUpload(services, upload, {
      bucket: Bucket,
      parts,
      expected: { values: new Map() },
      origin: { caller: sandboxUser(test.sandbox.accountId) },
    });
    services.store.transaction(() => {
      const [part] = uploads.parts(UploadId);
      blobs.delete([part!.blob]);
      const blob = blobs.keep({ size: 3, data: Buffer.from('2nd') });
      uploads.putPart(UploadId, { ...part!, eTag: 'f'.repeat(32), blob });
    });
    expect(await failure(completing)).toMatchObject({
      name: 'AwsError',
      message: expect.stringContaining('specified parts') as string,
    });
    const head = test.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(await failure(head)).toMatchObject({ status: 404 });
  });

  it('obeys If-None-Match', async () => {
    const Key = 'taken';
    await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const UploadId = await begin(Key);
    const part = await send(Key, UploadId, 1, Buffer.from('y'));
    const done = complete(Key, UploadId, [part], { IfNoneMatch: '*' });
    expect(await failure(done)).toMatchObject({ name: 'PreconditionFailed', status: 412 });
  });
});

it('an object is dated by the beginning of its upload', async () => {
  const clock = new FakeClock();
  await using own = await startTestSandbox({ clock });
  const Key = 'slow';
  await own.s3.send(new CreateBucketCommand({ Bucket }));
  const { UploadId } = await own.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const begun = new Date(Math.trunc(clock.now().getTime() / 1000) * 1000);
  clock.advance(600_000);
  const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'x' };
  const { ETag } = await own.s3.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  const all = { Bucket, Key, UploadId, MultipartUpload };
  await own.s3.send(new CompleteMultipartUploadCommand(all));
  const { LastModified } = await own.s3.send(new HeadObjectCommand({ Bucket, Key }));
  expect(LastModified).toEqual(begun);
  const { Contents } = await own.s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.[0]?.LastModified).toEqual(begun);
});

it('an aborted upload leaves no file', async () => {
  await using own = await startTestSandbox();
  await own.s3.send(new CreateBucketCommand({ Bucket }));
  const { UploadId } = await own.s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key: 'aborted' }),
  );
  const part = { Bucket, Key: 'aborted', UploadId, PartNumber: 1, Body: data };
  await own.s3.send(new UploadPartCommand(part));
  await own.s3.send(new UploadPartCommand(part));
  expect(await objectFiles(own.directory)).toBe(1);
  const { Uploads } = await own.s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads?.map(upload => upload.Key)).toEqual(['aborted']);
  await own.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId }));
  expect(await objectFiles(own.directory)).toBe(0);
  const after = own.s3.send(new UploadPartCommand(part));
  expect(await failure(after)).toMatchObject({ name: 'NoSuchUpload', status: 404 });
});

async function objectFiles(directory: string): Promise<number> {
  const entries = await readdir(join(directory, 'objects'), {
    recursive: true,
    withFileTypes: true,
  });
  return entries.filter(entry => entry.isFile()).length;
}
