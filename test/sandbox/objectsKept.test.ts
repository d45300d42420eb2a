import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { moveObjects } from '../../src/aws/objects/rewrite/moveObjects.ts';
import { saveObject } from '../../src/aws/objects/rewrite/saveObject.ts';
import { changeObjectTags } from '../../src/aws/objects/rewrite/changeObjectTags.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** What a header can hold as it is: printable ASCII, no blanks at its ends. */
const text = fc.stringMatching(/^[!-~]([ -~]{0,18}[!-~])?$/);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** As AWS gives back what is not ASCII (RFC 2047). */
const encodedWord = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .map(value => `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`);
const tagText = (minLength: number) =>
  fc.stringMatching(/^[\p{L}\p{N} _.:/=+\-@]*$/u).filter(value => {
    const length = value.length;
    return length >= minLength && length <= 40 && !/^aws:/i.test(value);
  });
const tags = fc.uniqueArray(fc.record({ key: tagText(1), value: tagText(0) }), {
  selector: tag => tag.key,
  maxLength: 10,
});
/** Keys that are legal and that tools get wrong, up to their 1,024 bytes. */
const key = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter(value => !value.includes('\0')),
  fc.constantFrom(
    '%41.txt',
    'bell\u0007',
    'a//b',
    '../x',
    './.',
    'end/',
    'a+b c',
    '🪣',
    '\ufffd',
    'x'.repeat(1000),
  ),
);
const properties = fc.record<Partial<PutObjectCommandInput>>({
  CacheControl: optional(text),
  ContentDisposition: optional(text),
  ContentEncoding: optional(fc.constantFrom('gzip', 'br, gzip', 'identity')),
  ContentLanguage: optional(text),
  ContentType: optional(text),
  Expires: optional(
    fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map(date => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  ),
  WebsiteRedirectLocation: optional(text.map(value => `/${value}`)),
  StorageClass: optional(
    fc.constantFrom('STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'),
  ),
  ChecksumAlgorithm: optional(fc.constantFrom('CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256')),
  ServerSideEncryption: optional(fc.constant('AES256')),
  Metadata: optional(
    fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/), fc.oneof(text, encodedWord), {
      maxKeys: 5,
    }),
  ),
});

const escape = encodeURIComponent;

let on: SandboxClients;
const buckets: string[] = [];
beforeAll(async () => {
  on = await startSandboxClients();
  const [plain, versioned] = [await on.bucket(), await on.bucket()];
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  const command = new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration });
  await on.clients.s3().send(command);
  buckets.push(plain, versioned);
});
afterAll(() => on.close());

type Facts = Readonly<Record<string, unknown>>;

/** All that S3 tells of an object, without what every write makes anew. */
async function factsOf(bucket: string, at: string): Promise<Facts> {
  const address = { Bucket: bucket, Key: at };
  const s3 = on.clients.s3();
  const head = await s3.send(new HeadObjectCommand({ ...address, ChecksumMode: 'ENABLED' }));
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(address));
  const { Body } = await s3.send(new GetObjectCommand(address));
  const { $metadata, LastModified, VersionId, ...rest } = head;
  expect([$metadata, LastModified]).not.toContain(undefined);
  expect(VersionId === undefined).toBe(bucket === buckets[0]);
  return { ...rest, tags: TagSet, body: await Body?.transformToString() };
}

/** Without what follows from the bytes; that a checksum of the same kind is there stays. */
function besideBody(facts: Facts): Facts {
  const entries = Object.entries(facts).filter(
    ([name]) => !['ETag', 'ContentLength', 'body'].includes(name),
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^Checksum[^T]/.test(name) ? 'there' : value]),
  );
}

describe('any object', () => {
  const check = (run: (bucket: string, at: string, before: Facts) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1),
        key,
        properties,
        tags,
        async (index, at, input, tagSet) => {
          const bucket = buckets[index]!;
          const encoded = tagSet.map(tag => `${escape(tag.key)}=${escape(tag.value)}`);
          await on.clients.s3().send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: at,
              Body: 'before',
              Tagging: encoded.length > 0 ? encoded.join('&') : undefined,
              ...input,
            }),
          );
          await run(bucket, at, await factsOf(bucket, at));
        },
      ),
      // A busy machine tries fewer.
      { numRuns: 60, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false },
    );
  const eTagOf = ({ ETag }: Facts): string => String(ETag).replaceAll('"', '');

  it('is the same but for its bytes after a save', async () => {
    await check(async (bucket, at, before) => {
      const body = Buffer.from('after a save');
      await saveObject(on.clients.s3(), { bucket, key: at, body, over: eTagOf(before) });
      const after = await factsOf(bucket, at);
      expect(after['body']).toBe('after a save');
      expect(besideBody(after)).toEqual(besideBody(before));
    });
  });

  it('is the same at another key after a copy, in its bucket and in another', async () => {
    await check(async (bucket, at, before) => {
      for (const to of buckets) {
        const route = await openRoute(on.clients, bucket, to);
        await copyObject(route, { from: at, to: `copy ${at}`, over: 'anything' });
        expect(await factsOf(to, `copy ${at}`)).toEqual(before);
      }
      expect(await factsOf(bucket, at)).toEqual(before);
    });
  });

  it('is the same at another key, and only there, after a move and back again', async () => {
    await check(async (bucket, at, before) => {
      const place = (name: string) => ({ bucket, key: name, isPrefix: false });
      const there = `moved ${at}`;
      const forth = { from: place(at), to: place(there), over: 'anything' };
      expect((await moveObjects(on.clients, forth)).stayed).toEqual([]);
      expect(await factsOf(bucket, there)).toEqual(before);
      await expect(factsOf(bucket, at)).rejects.toThrow();
      expect((await moveObjects(on.clients, { from: forth.to, to: forth.from })).stayed).toEqual(
        [],
      );
      expect(await factsOf(bucket, at)).toEqual(before);
    });
  });

  it('is the same but for its tags after they were changed', async () => {
    await check(async (bucket, at, before) => {
      const object = { bucket, key: at };
      await changeObjectTags(on.clients.s3(), object, () => [{ key: 'only', value: 'this' }]);
      const after = await factsOf(bucket, at);
      expect(after).toEqual({
        ...before,
        TagCount: 1,
        tags: [{ Key: 'only', Value: 'this' }],
      });
    });
  });
});
