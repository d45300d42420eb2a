import { randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadFiles } from '../../src/aws/transfers/downloadFiles.ts';
import { startS3Proxy, type Fate } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { LocalFiles, MIB } from './transferWorld.ts';

let world: SandboxClients;
let bucket: string;
beforeAll(async () => {
  world = await startSandboxClients();
  bucket = await world.bucket();
});
afterAll(() => world.close());

/** Made by one request. */
async function whole(Body: Buffer, ChecksumAlgorithm: ChecksumAlgorithm): Promise<void> {
  const put = { Bucket: bucket, Key: 'k', Body, ChecksumAlgorithm };
  await world.clients.s3().send(new PutObjectCommand(put));
}

/** Made of parts, with one checksum of all or (COMPOSITE) of theirs. */
async function inParts(
  bytes: readonly Buffer[],
  ChecksumAlgorithm: ChecksumAlgorithm,
  ChecksumType: 'COMPOSITE' | 'FULL_OBJECT',
): Promise<void> {
  const [s3, at] = [world.clients.s3(), { Bucket: bucket, Key: 'k' }];
  const create = new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm, ChecksumType });
  const { UploadId } = await s3.send(create);
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bytes.entries()) {
    const part = { ...at, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm };
    const sent = await s3.send(new UploadPartCommand(part));
    const name = `Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32';
    Parts.push({ PartNumber: index + 1, ETag: sent.ETag, [name]: sent[name] });
  }
  const complete = { ...at, UploadId, MultipartUpload: { Parts }, ChecksumType };
  await s3.send(new CompleteMultipartUploadCommand(complete));
}

/** Undamaged it comes, and with one bit changed it does not. */
async function expectChecked(bytes: Buffer): Promise<void> {
  await using files = await LocalFiles.make();
  let fate: Fate = 'pass';
  const clients = world.clientsAt(
    await startS3Proxy(world.sandbox.endpoint, ({ method }) => (method === 'GET' ? fate : 'pass')),
  );
  const get = () =>
    downloadFiles(
      clients,
      { files: [files.target(bucket, 'k', bytes.length)], most: 4 },
      undefined,
    );
  // Once more by the shorter way, which is learned from the first.
  for (let times = 0; times < 2; times++) {
    expect(await get()).toMatchObject({ done: [0], failed: [] });
    expect((await files.read('k')).equals(bytes)).toBe(true);
  }
  fate = 'damage';
  expect((await get()).failed).toMatchObject([{ error: { code: 'Network' } }]);
  expect((await files.read('k')).equals(bytes)).toBe(true);
  expect(await files.names()).toEqual(['k']);
}

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

describe('a download is checked against what S3 keeps', () => {
  it.each(ALGORITHMS)('by %s of small and large objects', async algorithm => {
    for (const size of [1000, 9 * MIB]) {
      const bytes = randomBytes(size);
      await whole(bytes, algorithm);
      await expectChecked(bytes);
    }
  });

  it.each(['CRC32', 'CRC32C', 'SHA256'] as const)(
    'by %s of its parts, of one size or several',
    async algorithm => {
      for (const sizes of [
        [6, 6, 1],
        [6, 5, 7],
      ]) {
        const parts = sizes.map(size => randomBytes(size * MIB));
        await inParts(parts, algorithm, 'COMPOSITE');
        await expectChecked(Buffer.concat(parts));
      }
    },
  );

  it.each(['CRC32C', 'CRC64NVME'] as const)(
    'by %s of all of an object in parts',
    async algorithm => {
      const parts = [5, 6].map(size => randomBytes(size * MIB));
      await inParts(parts, algorithm, 'FULL_OBJECT');
      await expectChecked(Buffer.concat(parts));
    },
  );
});
