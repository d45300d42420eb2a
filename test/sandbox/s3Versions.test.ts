import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

async function versioned(
  Bucket: string,
  Status: 'Enabled' | 'Suspended' = 'Enabled',
): Promise<void> {
  await test.s3.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }),
  );
}

async function create(Bucket: string): Promise<void> {
  await test.s3.send(new CreateBucketCommand({ Bucket }));
}

async function put(Bucket: string, Key: string, Body: string): Promise<string | undefined> {
  return (await test.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
}

async function text(Bucket: string, Key: string, VersionId?: string): Promise<string> {
  const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return (await Body?.transformToString()) ?? '';
}

it('keeps every version, and hides them behind a delete marker', async () => {
  const Bucket = 'versions-1';
  await create(Bucket);
  const { Status } = await test.s3.send(new GetBucketVersioningCommand({ Bucket }));
  expect(Status).toBeUndefined();
  await put(Bucket, 'k', 'before');
  await versioned(Bucket);
  const first = await put(Bucket, 'k', 'first');
  const second = await put(Bucket, 'k', 'second');
  expect(first).toHaveLength(32);
  expect(await text(Bucket, 'k')).toBe('second');
  expect(await text(Bucket, 'k', first)).toBe('first');
  expect(await text(Bucket, 'k', 'null')).toBe('before');

  const deleted = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(deleted.DeleteMarker).toBe(true);
  const gone = await failure(test.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })));
  expect(gone).toMatchObject({ name: 'NoSuchKey', status: 404 });
  const marker = { Bucket, Key: 'k', VersionId: deleted.VersionId };
  expect(await failure(test.s3.send(new GetObjectCommand(marker)))).toMatchObject({
    name: 'MethodNotAllowed',
    status: 405,
  });
  expect((await test.s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);

  const listed = await test.s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([second, first, 'null']);
  expect(listed.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false, false]);
  expect(listed.DeleteMarkers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }]);

  const undelete = await test.s3.send(new DeleteObjectCommand(marker));
  expect(undelete).toMatchObject({ DeleteMarker: true, VersionId: deleted.VersionId });
  expect(await text(Bucket, 'k')).toBe('second');
  await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: second }));
  expect(await text(Bucket, 'k')).toBe('first');
  expect(await failure(test.s3.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({
    name: 'BucketNotEmpty',
    status: 409,
  });
});

it('replaces the null version when versioning is suspended', async () => {
  const Bucket = 'versions-2';
  await create(Bucket);
  await versioned(Bucket);
  const kept = await put(Bucket, 'k', 'kept');
  await versioned(Bucket, 'Suspended');
  // As recorded: a put tells no version while versioning is suspended, a copy does.
  expect(await put(Bucket, 'k', 'one')).toBeUndefined();
  expect(await put(Bucket, 'k', 'two')).toBeUndefined();
  const CopySource = `${Bucket}/k`;
  const copied = await test.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
  expect(copied.VersionId).toBe('null');
  expect(copied).not.toHaveProperty('CopySourceVersionId');
  await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'copy', VersionId: 'null' }));
  expect(await text(Bucket, 'k')).toBe('two');
  expect(await text(Bucket, 'k', kept)).toBe('kept');
  const deleted = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
  const listed = await test.s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([kept]);
  expect(listed.DeleteMarkers).toHaveLength(1);
});

it('pages through versions by both markers', async () => {
  const Bucket = 'versions-3';
  await create(Bucket);
  await versioned(Bucket);
  const ids: (string | undefined)[] = [];
  for (const key of ['a', 'a', 'b', 'b', 'b']) ids.unshift(await put(Bucket, key, key));
  const seen: (string | undefined)[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (markers) {
    const page: ListObjectVersionsCommandOutput = await test.s3.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }),
    );
    seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
    markers = page.IsTruncated
      ? {
          KeyMarker: page.NextKeyMarker,
          VersionIdMarker: page.NextVersionIdMarker,
        }
      : undefined;
  }
  expect(seen).toEqual([...ids.slice(3), ...ids.slice(0, 3)]);
});

it('tags one version and not another', async () => {
  const Bucket = 'versions-4';
  await create(Bucket);
  await versioned(Bucket);
  const VersionId = await put(Bucket, 'k', '1');
  await put(Bucket, 'k', '2');
  const Tagging = { TagSet: [{ Key: 'phototype', Value: 'raw' }] };
  const tagged = await test.s3.send(
    new PutObjectTaggingCommand({ Bucket, Key: 'k', VersionId, Tagging }),
  );
  expect(tagged.VersionId).toBe(VersionId);
  expect(
    (await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).TagCount,
  ).toBeUndefined();
  const old = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId }));
  expect(old.TagCount).toBe(1);
});

describe('a version id that no version has', () => {
  const Bucket = 'versions-5';
  const Key = 'k';
  const FORGED = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';
  let gone: string | undefined;
  beforeAll(async () => {
    await create(Bucket);
    await put(Bucket, Key, '0');
    await versioned(Bucket);
    gone = await put(Bucket, Key, '1');
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: gone }));
  });
  const read = (VersionId: string | undefined) =>
    failure(test.s3.send(new GetObjectCommand({ Bucket, Key, VersionId })));

  // Recorded from AWS in buckets with and without versioning.
  it.each(['', 'short', FORGED])('nor ever had is an invalid argument: "%s"', async VersionId => {
    expect(await read(VersionId)).toMatchObject({ name: 'InvalidArgument', status: 400 });
    const remove = test.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    expect(await failure(remove)).toMatchObject({ name: 'InvalidArgument', status: 400 });
    const Delete = { Objects: [{ Key, VersionId }] };
    const { Errors, Deleted } = await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Errors).toMatchObject([{ Code: 'NoSuchVersion', Key, VersionId }]);
    expect(Deleted).toBeUndefined();
  });

  it('any more is not found, and deleted once more', async () => {
    expect(await read(gone)).toMatchObject({ name: 'NoSuchVersion', status: 404 });
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: gone }));
  });

  it('is looked for in the ids that older sandboxes made, too', async () => {
    const old = 'abcdefghijklmnopqrstuvwxyz-_0123';
    const database = test.sandbox.services.store;
    database.prepare("UPDATE version SET version_id = ? WHERE version_id = 'null'").run(old);
    expect(await text(Bucket, Key, old)).toBe('0');
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: old }));
    expect(await read(old)).toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('emptying a bucket page by page', () => {
  it.each([1, 2, 3])('ends when it is empty: %d a page', async MaxKeys => {
    const Bucket = `versions-emptied-${MaxKeys}`;
    await create(Bucket);
    await put(Bucket, 'a', 'null version');
    await versioned(Bucket);
    for (const key of ['a', 'a', 'b', 'b', 'b']) await put(Bucket, key, key);
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
      page = await test.s3.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys, KeyMarker, VersionIdMarker }),
      );
      const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
        ({ Key, VersionId }) => ({ Key, VersionId }),
      );
      await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    } while (page.IsTruncated);
    await test.s3.send(new DeleteBucketCommand({ Bucket }));
  });

  it('refuses a marker that no version had', async () => {
    const Bucket = 'versions-6';
    await create(Bucket);
    const VersionIdMarker = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';
    const list = new ListObjectVersionsCommand({ Bucket, KeyMarker: 'k', VersionIdMarker });
    expect(await failure(test.s3.send(list))).toMatchObject({ name: 'InvalidArgument' });
  });
});

it('answers tagging of a delete marker by 405, which names the method (recorded)', async () => {
  const Bucket = 'versions-7';
  await create(Bucket);
  await versioned(Bucket);
  await put(Bucket, 'k', '1');
  const { VersionId } = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  for (const version of [VersionId, undefined]) {
    const of = { Bucket, Key: 'k', VersionId: version };
    const calls = [
      ['GET', () => test.s3.send(new GetObjectTaggingCommand(of))],
      ['PUT', () => test.s3.send(new PutObjectTaggingCommand({ ...of, Tagging: { TagSet: [] } }))],
      ['DELETE', () => test.s3.send(new DeleteObjectTaggingCommand(of))],
    ] as const;
    for (const [Method, call] of calls) {
      const { error, status } = await failure(call());
      expect(status).toBe(405);
      expect(error).toMatchObject({
        name: 'MethodNotAllowed',
        Method,
        ResourceType: 'DeleteMarker',
      });
    }
  }
});

it('a delete marker that is named by its id is no source of a copy, nor of a part of one', async () => {
  const Bucket = 'versions-marker-source';
  await create(Bucket);
  await versioned(Bucket);
  await put(Bucket, 'k', 'object');
  const { VersionId } = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  const CopySource = `${Bucket}/k?versionId=${VersionId}`;
  const upload = { Bucket, Key: 'parts' };
  const { UploadId } = await test.s3.send(new CreateMultipartUploadCommand(upload));
  for (const copy of [
    test.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource })),
    test.s3.send(new UploadPartCopyCommand({ ...upload, UploadId, PartNumber: 1, CopySource })),
  ]) {
    expect(await failure(copy)).toMatchObject({
      name: 'InvalidRequest',
      status: 400,
      message:
        'The source of a copy request may not specifically refer to a delete marker by version id.',
    });
  }
});
