import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonPrefix, prefixEnd } from '../../src/sandbox/s3/keyOrder.ts';
import { putObject } from '../../src/sandbox/s3/objects/putObject.ts';
import { sandboxUser } from '../../src/sandbox/principal.ts';
import { sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Keys that XML can hold, of few letters so that prefixes are shared. */
const keys = fc.uniqueArray(
  fc
    .array(fc.constantFrom('a', 'b', '/', '//', 'é', '\uFFFD', '😀', ' ', '+', '%', '&', '.'), {
      minLength: 1,
      maxLength: 6,
    })
    .map(parts => parts.join('')),
  { minLength: 1, maxLength: 30 },
);

let buckets = 0;
async function bucketOf(names: readonly string[]): Promise<string> {
  buckets += 1;
  const bucket = `listing-${buckets}`;
  await test.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const key of names) {
    const body = Buffer.from(key);
    await putObject(test.sandbox.services, sandboxUser('123456789012'), { bucket, key, body });
  }
  return bucket;
}

/** Every key and common prefix, page by page. */
async function listAll(
  input: ListObjectsV2CommandInput,
): Promise<{ keys: string[]; prefixes: string[]; pages: number }> {
  const found = { keys: [] as string[], prefixes: [] as string[], pages: 0 };
  let ContinuationToken: string | undefined;
  do {
    const page = await test.s3.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
    const contents = page.Contents ?? [];
    const prefixes = page.CommonPrefixes ?? [];
    expect(page.KeyCount).toBe(contents.length + prefixes.length);
    found.keys.push(...contents.map(({ Key }) => Key!));
    found.prefixes.push(...prefixes.map(({ Prefix }) => Prefix!));
    found.pages += 1;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

describe('ListObjectsV2', () => {
  it('covers every key exactly once in the order of UTF-8 bytes, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 7 }), async (names, MaxKeys) => {
        const listed = await listAll({ Bucket: await bucketOf(names), MaxKeys });
        expect(listed.keys).toEqual([...names].sort(byBytes));
      }),
      { numRuns: 40 },
    );
  });

  it('rolls keys up to common prefixes, each once', async () => {
    const prefixes = fc.constantFrom('', 'a', 'a/', '/', 'é', '😀');
    await fc.assert(
      fc.asyncProperty(
        keys,
        prefixes,
        fc.integer({ min: 1, max: 4 }),
        async (names, Prefix, MaxKeys) => {
          const Bucket = await bucketOf(names);
          const listed = await listAll({ Bucket, Prefix, Delimiter: '/', MaxKeys });
          const inside = names.filter(name => name.startsWith(Prefix)).sort(byBytes);
          const rolled = inside.map(name => commonPrefix(name, Prefix, '/'));
          expect(listed.keys).toEqual(inside.filter((_, index) => rolled[index] === undefined));
          expect(listed.prefixes).toEqual([...new Set(rolled.filter(text => text !== undefined))]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('encodes keys as S3 does when asked to', async () => {
    const Bucket = await bucketOf(['a b/c+d~é*(1)']);
    const page = await test.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(page.EncodingType).toBe('url');
    expect(page.Contents?.[0]?.Key).toBe('a+b/c%2Bd%7E%C3%A9*%281%29');
  });

  it('starts after a key', async () => {
    const Bucket = await bucketOf(['a', 'b', 'c']);
    const page = await test.s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'a' }));
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c']);
    expect(page).toMatchObject({ StartAfter: 'a', MaxKeys: 1000, IsTruncated: false });
  });

  it('tells what AWS tells of each object', async () => {
    const Bucket = await bucketOf(['one']);
    const page = await test.s3.send(new ListObjectsV2Command({ Bucket, FetchOwner: true }));
    expect(page.Contents?.[0]).toMatchObject({
      ETag: '"f97c5d29941bfb1b2fdab0874906ab82"',
      Size: 3,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC64NVME'],
      ChecksumType: 'FULL_OBJECT',
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
  });

  it.each([
    [{ ContinuationToken: 'nonsense' }, 'InvalidArgument'],
    [{ ContinuationToken: '' }, 'InvalidArgument'],
    [{ MaxKeys: -1 }, 'InvalidArgument'],
  ])('refuses %j', async (input, name) => {
    const Bucket = await bucketOf([]);
    const call = test.s3.send(new ListObjectsV2Command({ Bucket, ...input }));
    expect(await failure(call)).toMatchObject({ name, status: 400 });
  });

  it('jumps over a prefix of many keys', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `big/${index}`);
    const Bucket = await bucketOf([...names, 'z']);
    const page = await test.s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'big/' }]);
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['z']);
  });
});

describe('ListObjects', () => {
  it('pages by markers', async () => {
    const Bucket = await bucketOf(['a/1', 'a/2', 'b', 'c/1']);
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await test.s3.send(
        new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, Marker }),
      );
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      Marker = page.IsTruncated ? page.NextMarker : undefined;
    } while (Marker !== undefined);
    expect(seen).toEqual(['a/', 'b', 'c/']);
  });
});

describe('prefixEnd', () => {
  it('comes after every string with the prefix, and before every other', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(text, text, text, (prefix, rest, other) => {
        const end = prefixEnd(prefix);
        if (end === undefined) return;
        expect(byBytes(prefix + rest, end)).toBeLessThan(0);
        if (byBytes(other, prefix) > 0 && !other.startsWith(prefix)) {
          expect(byBytes(end, other)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

it('lists an object right after it was put', async () => {
  const Bucket = await bucketOf([]);
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x' }));
  expect((await listAll({ Bucket })).keys).toEqual(['new']);
});

it('tells times in whole seconds, as recorded from AWS', async () => {
  const Bucket = 'whole-seconds';
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'k' }));
  for (const query of ['', '?list-type=2', '?versions']) {
    const { body } = await sendSigned(test.sandbox, { path: `/${Bucket}${query}` });
    expect(body).toMatch(/<LastModified>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z</);
  }
});
