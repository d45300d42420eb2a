import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

/** S3 user guide, "Concurrent multipart upload operations". */
let test: TestSandbox;
const buckets = {
  plain: 'writes-plain',
  versioned: 'writes-versioned',
  suspended: 'writes-suspended',
};
beforeAll(async () => {
  test = await startTestSandbox();
  for (const Bucket of Object.values(buckets)) {
    await test.s3.send(new CreateBucketCommand({ Bucket }));
  }
  await setVersioning(buckets.versioned, 'Enabled');
  await setVersioning(buckets.suspended, 'Enabled');
  await setVersioning(buckets.suspended, 'Suspended');
});
afterAll(() => test.close());

const setVersioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  test.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

interface Address {
  readonly Bucket: string;
  readonly Key: string;
}

const put = (of: Address, Body: string) => test.s3.send(new PutObjectCommand({ ...of, Body }));
const remove = (of: Address) => test.s3.send(new DeleteObjectCommand(of));

/** An upload with its only part; the function completes it. */
async function begin(of: Address, Body: string) {
  const { UploadId } = await test.s3.send(new CreateMultipartUploadCommand(of));
  const part = { ...of, UploadId, PartNumber: 1 };
  const { ETag } = await test.s3.send(new UploadPartCommand({ ...part, Body }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  return (extra: { IfNoneMatch?: string } = {}) =>
    test.s3.send(
      new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload, ...extra }),
    );
}

async function read(of: Address & { VersionId?: string | undefined }): Promise<string | undefined> {
  const { Body } = await test.s3.send(new GetObjectCommand(of));
  return Body?.transformToString();
}

/** The versions of a key as listed, each by its content, or `deleted`. */
async function history(of: Address): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await test.s3.send(
    new ListObjectVersionsCommand({ Bucket: of.Bucket, Prefix: of.Key }),
  );
  const dates = Versions.map(({ LastModified }) => Number(LastModified));
  expect(dates).toEqual(dates.toSorted((a, b) => b - a));
  const latest = [...Versions, ...DeleteMarkers].filter(({ IsLatest }) => IsLatest);
  expect(latest.length).toBeLessThanOrEqual(1);
  const texts = await Promise.all(Versions.map(({ VersionId }) => read({ ...of, VersionId })));
  return [...DeleteMarkers.map(() => 'deleted'), ...texts.map(text => text ?? '')];
}

describe.each(Object.entries(buckets))('of two uploads of a key (%s)', (kind, Bucket) => {
  it('the one that was begun last is current, whichever is completed last', async () => {
    const of = { Bucket, Key: 'two' };
    const [first, second] = [await begin(of, 'first'), await begin(of, 'second')];
    await second();
    const { VersionId, ETag } = await first();
    expect(ETag).toBeDefined();
    expect(await read(of)).toBe('second');
    expect(await history(of)).toEqual(kind === 'versioned' ? ['second', 'first'] : ['second']);
    if (kind === 'versioned') expect(await read({ ...of, VersionId })).toBe('first');
    else expect(VersionId).toBeUndefined();
  });

  it('both are listed by when they began', async () => {
    const of = { Bucket, Key: 'listed' };
    const ids: (string | undefined)[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push((await test.s3.send(new CreateMultipartUploadCommand(of))).UploadId);
    }
    const list = new ListMultipartUploadsCommand({ Bucket, Prefix: of.Key });
    const { Uploads } = await test.s3.send(list);
    expect(Uploads?.map(({ UploadId }) => UploadId)).toEqual(ids);
  });

  it('in the order of their completion the later one is current, too', async () => {
    const of = { Bucket, Key: 'in-order' };
    const [first, second] = [await begin(of, 'first'), await begin(of, 'second')];
    await first();
    await second();
    expect(await read(of)).toBe('second');
    // And what is put then is above both.
    await put(of, 'third');
    expect(await read(of)).toBe('third');
  });
});

describe.each(Object.entries(buckets))('while an upload is under way (%s)', (kind, Bucket) => {
  it('a put takes precedence', async () => {
    const of = { Bucket, Key: 'put' };
    await put(of, 'before');
    const complete = await begin(of, 'upload');
    await put(of, 'between');
    await complete();
    expect(await read(of)).toBe('between');
    const all = ['between', 'upload', 'before'];
    expect(await history(of)).toEqual(kind === 'versioned' ? all : ['between']);
  });

  it('a deletion takes precedence', async () => {
    const of = { Bucket, Key: 'deleted' };
    await put(of, 'before');
    const complete = await begin(of, 'upload');
    await remove(of);
    await complete();
    const missing = await failure(read(of));
    expect(missing.name).toBe('NoSuchKey');
    const left = { plain: [], versioned: ['deleted', 'upload', 'before'], suspended: ['deleted'] };
    expect(await history(of)).toEqual(left[kind as keyof typeof left]);
    // With the marker or without: the next object is the current one.
    await put(of, 'after');
    expect(await read(of)).toBe('after');
  });

  it('what the deletion of a missing key leaves is above it where that is a marker', async () => {
    const of = { Bucket, Key: 'missing' };
    const complete = await begin(of, 'upload');
    await remove(of);
    await complete();
    if (kind === 'plain') expect(await read(of)).toBe('upload');
    else expect((await failure(read(of))).name).toBe('NoSuchKey');
  });

  it('a condition of the completion tells it', async () => {
    const of = { Bucket, Key: 'conditional' };
    const complete = await begin(of, 'upload');
    await put(of, 'between');
    expect(await failure(complete({ IfNoneMatch: '*' }))).toMatchObject({ status: 412 });
    await remove(of);
    expect(await failure(complete({ IfNoneMatch: '*' }))).toMatchObject({
      name: 'ConditionalRequestConflict',
      status: 409,
    });
  });
});

it('a listing goes on behind a version of an upload that was completed late', async () => {
  const of = { Bucket: buckets.versioned, Key: 'pages' };
  const complete = await begin(of, 'upload');
  await put(of, 'newest');
  await complete();
  const pages: (string | undefined)[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (let more: boolean | undefined = true; more;) {
    const page = await test.s3.send(
      new ListObjectVersionsCommand({
        ...{ Bucket: of.Bucket, Prefix: of.Key, MaxKeys: 1 },
        ...markers,
      }),
    );
    for (const { VersionId } of page.Versions ?? []) pages.push(await read({ ...of, VersionId }));
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    more = page.IsTruncated;
  }
  expect(pages).toEqual(['newest', 'upload']);
});

it('the version above it gone, an upload that was completed late is the current version', async () => {
  const of = { Bucket: buckets.versioned, Key: 'promoted' };
  const complete = await begin(of, 'upload');
  const { VersionId } = await put(of, 'newest');
  await complete();
  await test.s3.send(new DeleteObjectCommand({ ...of, VersionId }));
  expect(await read(of)).toBe('upload');
});

it('an upload that began while versioning was suspended is kept where it is enabled since', async () => {
  const of = { Bucket: 'writes-enabled-later', Key: 'later' };
  await test.s3.send(new CreateBucketCommand({ Bucket: of.Bucket }));
  const complete = await begin(of, 'upload');
  await put(of, 'null version');
  await setVersioning(of.Bucket, 'Enabled');
  const { VersionId } = await complete();
  expect(await read(of)).toBe('null version');
  expect(await read({ ...of, VersionId })).toBe('upload');
});
