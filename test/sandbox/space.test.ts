import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { startTestSandbox } from './testSandbox.ts';

const MIB = 1024 * 1024;

it('the space of what was deleted goes back to the disk', async () => {
  await using test = await startTestSandbox();
  const Bucket = 'space';
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const keys = Array.from({ length: 600 }, (_, index) => `k${index}`);
  // Objects of up to 64 KiB are in the database.
  for (const Key of keys) {
    await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(60_000) }));
  }
  const size = async (): Promise<number> => {
    const names = ['sandbox.sqlite', 'sandbox.sqlite-wal'];
    const sizes = names.map(async name => (await stat(join(test.directory, name))).size);
    return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
  };
  expect(await size()).toBeGreaterThan(30 * MIB);
  const Objects = keys.map(Key => ({ Key }));
  await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await expect.poll(size, { interval: 500 }).toBeLessThan(5 * MIB);
  expect(test.log).toEqual([]);
});
