import {
  CreateBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Tag } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const Bucket = 'tags';
const Key = 'image1.png';
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
});
afterAll(() => test.close());

function put(TagSet: Tag[], key = Key) {
  return test.s3.send(new PutObjectTaggingCommand({ Bucket, Key: key, Tagging: { TagSet } }));
}

async function tags(): Promise<Tag[] | undefined> {
  return (await test.s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
}

const tag = (length: number): Tag => ({ Key: 'é'.repeat(length), Value: '' });

describe('object tags', () => {
  it('are replaced as a set and removed', async () => {
    await put([{ Key: 'phototype', Value: 'raw' }]);
    const next = [
      { Key: 'a b+-=._:/@', Value: ' spaces ' },
      { Key: '사진', Value: '끝' },
    ];
    await put(next);
    expect(await tags()).toEqual(next);
    await test.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tags()).toEqual([]);
    await put([]);
    expect(await tags()).toEqual([]);
  });

  it('may be ten, of 128 and 256 characters', async () => {
    const ten = Array.from({ length: 9 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await put([...ten, { Key: 'k'.repeat(128), Value: 'v'.repeat(256) }]);
    await put([...ten, { Key: '𠮷'.repeat(64), Value: '𠮷'.repeat(128) }]);
    expect(await tags()).toHaveLength(10);
  });

  it.each([
    ['eleven', Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: '' })), 'BadRequest'],
    [
      'equal keys',
      [
        { Key: 'k', Value: '1' },
        { Key: 'k', Value: '2' },
      ],
      'InvalidTag',
    ],
    ['an empty key', [{ Key: '', Value: '1' }], 'InvalidTag'],
    ['a long key', [tag(129)], 'InvalidTag'],
    ['a long value', [{ Key: 'k', Value: 'v'.repeat(257) }], 'InvalidTag'],
    ['a key of 130 UTF-16 units', [{ Key: '𠮷'.repeat(65), Value: '' }], 'InvalidTag'],
    ['a value of 258 UTF-16 units', [{ Key: 'k', Value: '𠮷'.repeat(129) }], 'InvalidTag'],
    ['a forbidden character', [{ Key: 'k', Value: 'a&b' }], 'InvalidTag'],
    ['an emoji', [{ Key: '😀', Value: '' }], 'InvalidTag'],
    ['a reserved key', [{ Key: 'aws:k', Value: '' }], 'InvalidTag'],
  ])('may not be %s', async (_name, set, code) => {
    await put([{ Key: 'before', Value: '1' }]);
    expect(await failure(put(set))).toMatchObject({ name: code, status: 400 });
    expect(await tags()).toEqual([{ Key: 'before', Value: '1' }]);
  });

  it('of a missing object are NoSuchKey', async () => {
    expect(await failure(put([], 'none'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  it.each(['a=1&a=2', 'a=%ZZ', `${'k'.repeat(129)}=1`])(
    'in the header %s refuse the upload',
    async Tagging => {
      const upload = new PutObjectCommand({ Bucket, Key: 'untagged', Body: 'x', Tagging });
      expect((await failure(test.s3.send(upload))).name).toMatch(/^Invalid(Tag|Argument)$/);
    },
  );
});

it('a bucket has up to fifty tags', async () => {
  const get = () => test.s3.send(new GetBucketTaggingCommand({ Bucket }));
  expect(await failure(get())).toMatchObject({ name: 'NoSuchTagSet', status: 404 });
  const TagSet = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  const Tagging = { TagSet };
  await test.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
  expect((await get()).TagSet).toEqual(TagSet);
  await test.s3.send(new DeleteBucketTaggingCommand({ Bucket }));
  expect(await failure(get())).toMatchObject({ name: 'NoSuchTagSet' });
});
