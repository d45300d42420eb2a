import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  expect(await put(Bucket, 'k', 'one')).toBe('null');
  expect(await put(Bucket, 'k', 'two')).toBe('null');
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

it.each(['', 'short', 'x'.repeat(32)])('answers version id "%s" as AWS does', async VersionId => {
  const Bucket = 'versions-5';
  await create(Bucket);
  await put(Bucket, 'k', '1');
  const got = await failure(test.s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId })));
  expect(got.name).toBe(VersionId.length === 32 ? 'NoSuchVersion' : 'InvalidArgument');
});
