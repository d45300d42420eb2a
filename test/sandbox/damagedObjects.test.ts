import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

const Bucket = 'damaged';
const Key = 'pictures/a.jpg';
const SIZE = 1_000_000;
let test: TestSandbox;

beforeEach(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(SIZE, 'picture') }));
});
afterEach(() => test.close());

async function objectFiles(): Promise<string[]> {
  const folder = join(test.directory, 'objects');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

/** Changes one byte of the object's file. */
async function alter(position: number): Promise<void> {
  const [file] = await objectFiles();
  const bytes = await readFile(file!);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await writeFile(file!, bytes);
}

async function get(range?: string): Promise<Uint8Array | undefined> {
  const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key, Range: range }));
  return Body?.transformToByteArray();
}

const DAMAGES: readonly (readonly [string, () => Promise<void>])[] = [
  ['missing', async () => rm((await objectFiles())[0]!)],
  ['cut', async () => truncate((await objectFiles())[0]!, SIZE - 1)],
  ['empty', async () => truncate((await objectFiles())[0]!, 0)],
  ['altered at its beginning', () => alter(0)],
];

describe.each(DAMAGES)('an object whose file is %s', (_name, damage) => {
  it('is an error that names it, at once, and the connection goes on', async () => {
    await damage();
    expect(await failure(get())).toMatchObject({ name: 'InternalError', status: 500 });
    expect(test.log.join('\n')).toContain(Key);
    const { ContentLength } = await test.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(ContentLength).toBe(SIZE);
  });

  it('gives no copy', async () => {
    await damage();
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` });
    expect(await failure(test.s3.send(copy))).toMatchObject({ name: 'InternalError', status: 500 });
    const head = test.s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(await failure(head)).toMatchObject({ name: 'NotFound' });
  });
});

describe('an object that was altered behind its first block', () => {
  it('is cut short, and neither hangs nor ends as if it were whole', async () => {
    await alter(900_000);
    await expect(get()).rejects.toThrow(/aborted|socket|terminated|ECONNRESET/i);
    expect(test.log.join('\n')).toMatch(new RegExp(`${Key}.*was altered`));
    expect(await get('bytes=0-99')).toHaveLength(100);
    expect(await failure(get('bytes=899000-899010'))).toMatchObject({ status: 500 });
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` });
    expect(await failure(test.s3.send(copy))).toMatchObject({ name: 'InternalError', status: 500 });
  });
});

it('a small object that was altered in the database is an error', async () => {
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: 'as it was' }));
  const { store } = test.sandbox.services;
  store.prepare("UPDATE blob SET data = CAST('as it is!' AS BLOB) WHERE file IS NULL").run();
  const small = test.s3.send(new GetObjectCommand({ Bucket, Key: 'small' }));
  expect(await failure(small)).toMatchObject({ name: 'InternalError', status: 500 });
});

describe('ranges', () => {
  it.each([
    [0, 0],
    [262_143, 262_144],
    [100, 700_000],
    [999_999, 999_999],
  ])('from %i to %i are the bytes that were stored', async (start, end) => {
    const whole = Buffer.alloc(SIZE, 'picture');
    const bytes = Buffer.from((await get(`bytes=${start}-${end}`)) ?? []);
    expect(bytes.equals(whole.subarray(start, end + 1))).toBe(true);
  });
});

describe('files in the folder of objects', () => {
  it('that the database does not know stay, whatever they are', async () => {
    const { directory } = test;
    await test.sandbox.close();
    const [kept] = await objectFiles();
    const other = join(kept!, '..', 'f'.repeat(32));
    await writeFile(other, 'of another database');
    const again = await startSandbox({ dataDir: directory });
    expect((await objectFiles()).sort()).toEqual([kept!, other].sort());
    await again.close();
  });

  it('of deleted objects go, also when the process was killed before', async () => {
    const [file] = await objectFiles();
    const bytes = await readFile(file!);
    await test.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await objectFiles()).toEqual([]);
    await test.sandbox.close();
    // As if it had been killed between the commit and the deletion of the file.
    await writeFile(file!, bytes);
    const again = await startSandbox({ dataDir: test.directory });
    expect(await objectFiles()).toEqual([]);
    const s3 = s3Client(again);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({
      name: 'NotFound',
    });
    s3.destroy();
    await again.close();
  });
});
