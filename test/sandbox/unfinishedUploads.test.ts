import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resumeUpload } from '../../src/aws/objects/resumeUpload.ts';
import {
  abortUpload,
  listUnfinishedUploads,
  listUploadedParts,
  type UnfinishedUpload,
} from '../../src/aws/objects/unfinishedUploads.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const MIB = 1024 * 1024;
const AWKWARD = [
  ...['a b', 'a+b', 'a%2Fb', '/leading', 'a//b', '.', '../up', '😀', 'line\nbreak', '\u2028'],
  ...['e\u0301', 'x'.repeat(1024)],
];

let on: SandboxClients;
let folder: string;
beforeAll(async () => {
  on = await startSandboxClients();
  folder = await mkdtemp(join(tmpdir(), 'bb-unfinished-'));
});
afterAll(async () => {
  await on.close();
  await rm(folder, { recursive: true, force: true });
});

async function begin(
  Bucket: string,
  Key: string,
  parts: readonly Buffer[] = [],
  ChecksumAlgorithm?: 'CRC32' | 'SHA256',
) {
  const s3 = on.clients.s3();
  const create = new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm });
  const { UploadId = '' } = await s3.send(create);
  for (const [at, Body] of parts.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: at + 1, Body, ChecksumAlgorithm };
    await s3.send(new UploadPartCommand(part));
  }
  return { bucket: Bucket, key: Key, uploadId: UploadId };
}

async function list(bucket: string, pageSize?: number): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  for await (const page of listUnfinishedUploads(on.clients.s3(), bucket, { pageSize })) {
    found.push(...page);
  }
  return found;
}

describe('unfinished uploads', () => {
  it('are listed over pages, by any key, with who began them and when', async () => {
    const bucket = await on.bucket();
    const begun = [];
    for (const key of [...AWKWARD, 'a b']) begun.push(await begin(bucket, key));
    const found = await list(bucket, 2);
    expect(found.map(({ uploadId }) => uploadId).sort()).toEqual(
      begun.map(({ uploadId }) => uploadId).sort(),
    );
    expect(new Set(found.map(({ key }) => key))).toEqual(new Set(AWKWARD));
    expect(found[0]?.initiated).toBeInstanceOf(Date);
    expect(found[0]?.initiator).toBeTruthy();
    expect(found[0]?.storageClass).toBe('STANDARD');
  });

  it('say how much they hold, and are gone once aborted, twice too', async () => {
    const bucket = await on.bucket();
    const upload = await begin(bucket, 'big file', [randomBytes(6 * MIB), randomBytes(100)]);
    const { parts } = await listUploadedParts(on.clients.s3(), upload);
    expect(parts.map(({ Size }) => Size)).toEqual([6 * MIB, 100]);
    await abortUpload(on.clients.s3(), upload);
    await abortUpload(on.clients.s3(), upload);
    expect(await list(bucket)).toEqual([]);
    await expect(listUploadedParts(on.clients.s3(), upload)).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('can not be aborted where the bucket is gone', async () => {
    const upload = { bucket: 'no-such-bucket-here', key: 'k', uploadId: 'x' };
    await expect(abortUpload(on.clients.s3(), upload)).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('an unfinished upload', () => {
  async function resumed(bytes: Buffer, parts: readonly Buffer[], algorithm?: 'CRC32' | 'SHA256') {
    const bucket = await on.bucket();
    const path = join(folder, `file-${bucket}`);
    await writeFile(path, bytes);
    const upload = await begin(bucket, 'a +%2F😀', parts, algorithm);
    const moved: number[] = [];
    await resumeUpload(
      on.clients.s3(),
      { ...upload, path },
      { onProgress: done => moved.push(done) },
    );
    const { Body } = await on.clients
      .s3()
      .send(new GetObjectCommand({ Bucket: bucket, Key: upload.key }));
    expect(moved.at(-1)).toBe(bytes.byteLength);
    expect(await list(bucket)).toEqual([]);
    return Buffer.from(await Body!.transformToByteArray()).equals(bytes);
  }

  it('is completed with what is missing of the file', async () => {
    const bytes = randomBytes(14 * MIB);
    expect(await resumed(bytes, [bytes.subarray(0, 6 * MIB)])).toBe(true);
    expect(await resumed(bytes, [])).toBe(true);
    for (const algorithm of ['CRC32', 'SHA256'] as const) {
      expect(await resumed(bytes, [bytes.subarray(0, 6 * MIB)], algorithm)).toBe(true);
    }
  });

  it('becomes the file as it is, whatever is among its parts', async () => {
    const bytes = randomBytes(14 * MIB);
    expect(await resumed(bytes, [randomBytes(6 * MIB), bytes.subarray(6 * MIB, 12 * MIB)])).toBe(
      true,
    );
    expect(await resumed(bytes, [randomBytes(20)])).toBe(true);
    expect(await resumed(randomBytes(10), [randomBytes(6 * MIB), randomBytes(10)])).toBe(true);
    expect(await resumed(Buffer.alloc(0), [])).toBe(true);
  });

  it('is not completed from a link, or once it is gone', async () => {
    const bucket = await on.bucket();
    const upload = await begin(bucket, 'k');
    const path = join(folder, 'plain');
    await writeFile(path, 'text');
    await symlink(path, join(folder, 'link'));
    const s3 = on.clients.s3();
    await expect(resumeUpload(s3, { ...upload, path: join(folder, 'link') })).rejects.toThrow();
    await abortUpload(s3, upload);
    await expect(resumeUpload(s3, { ...upload, path })).rejects.toMatchObject({ code: 'NotFound' });
  });
});
