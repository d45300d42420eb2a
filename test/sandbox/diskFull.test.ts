import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { failedStart } from './sandboxProcess.ts';
import { failure, s3Client } from './testSandbox.ts';

const Bucket = 'full';
const folder = mkdtempSync(join(tmpdir(), 'sandbox-full-'));
const mounted = mount();
afterAll(() => {
  if (mounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** A disk of 6 MiB, where the machine lets us have one. */
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!mounted)('a full disk (needs the right to mount one)', () => {
  it('refuses large and small objects, keeps nothing of them, and recovers', async () => {
    const sandbox = await startSandbox({ dataDir: join(folder, 'data') });
    // The SDK's own retries are on: a full disk must not be retried.
    const s3 = s3Client(sandbox, { maxAttempts: 3 });
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Body = Buffer.alloc(8_000_000);
    const large = await failure(s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body })));
    expect(large).toMatchObject({ name: 'InsufficientStorage', status: 507 });
    const kept: string[] = [];
    let refused: Awaited<ReturnType<typeof failure>> | undefined;
    for (let index = 0; !refused && index < 500; index += 1) {
      const Key = `small-${index}`;
      const put = s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(50_000) }));
      refused = await put.then(
        () => undefined,
        () => failure(put),
      );
      if (!refused) kept.push(Key);
    }
    expect(refused).toMatchObject({ name: 'InsufficientStorage', status: 507 });
    const listed = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map(({ Key }) => Key).sort()).toEqual(kept.sort());
    const entries = await readdir(join(folder, 'data', 'objects'), {
      recursive: true,
      withFileTypes: true,
    });
    expect(entries.filter(entry => entry.isFile())).toEqual([]);
    s3.destroy();
    await sandbox.close();
  });

  it('is said at the start', async () => {
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    execFileSync('sh', ['-c', `head -c 8000000 /dev/zero > ${folder}/filler || true`], {
      stdio: 'ignore',
    });
    const data = join(folder, 'data');
    const { code, stderr } = await failedStart('--data', data);
    expect(code).toBe(1);
    expect(stderr).toBe(`The disk that holds the data folder ${data} is full.\n`);
  });
});
