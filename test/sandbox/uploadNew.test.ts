// Uploads of what was not there when they were planned: another one's object is not overwritten.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObject } from '../../src/aws/objects/objects.ts';
import { uploadFiles } from '../../src/aws/transfers/uploadFiles.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { LocalFiles, MIB, unfinishedUploads } from './transferWorld.ts';

let world: SandboxClients;
beforeAll(async () => (world = await startSandboxClients()));
afterAll(() => world.close());

/** What makes the object: the one PUT, or the end of an upload in parts. */
function isLast({ method, path }: PassedRequest): boolean {
  return (
    (method === 'PUT' && !path.includes('partNumber')) ||
    (method === 'POST' && /\?uploadId/.test(path))
  );
}

async function clientsBehind(hook: (request: PassedRequest) => Fate | Promise<Fate>) {
  return world.clientsAt(await startS3Proxy(world.sandbox.endpoint, hook));
}

describe.each([
  ['in one request', 5],
  ['in parts', 9 * MIB],
])('%s', (_, size) => {
  const read = async (bucket: string, key: string) =>
    Buffer.from(await readObject(world.clients.s3(), { bucket, key, maxBytes: 10 * MIB }));

  it('what others have written meanwhile stays, and no parts do', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    // The second request of a kind is made from the first.
    const fresh = { ...(await files.large('fresh', size)), isNew: true };
    const taken = { ...(await files.large('taken', size)), isNew: true };
    const clients = await clientsBehind(async (request): Promise<Fate> => {
      if (isLast(request) && request.path.includes('taken')) {
        const put = { Bucket: bucket, Key: 'taken', Body: 'theirs' };
        await world.clients.s3().send(new PutObjectCommand(put));
      }
      return 'pass';
    });
    const result = await uploadFiles(
      clients,
      { bucket, files: [fresh, taken], most: 1 },
      undefined,
    );
    expect(result).toMatchObject({ done: [0], leftUploads: [] });
    expect(result.failed).toMatchObject([
      { index: 1, error: { code: 'Conflict', reason: 'Exists', subject: `s3://${bucket}/taken` } },
    ]);
    expect((await read(bucket, 'taken')).toString()).toBe('theirs');
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
  });

  it('what was there before is overwritten by who was asked', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    await world.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'old' }));
    const file = await files.large('k', size);
    const result = await uploadFiles(world.clients, { bucket, files: [file], most: 1 }, undefined);
    expect(result.done).toEqual([0]);
    expect((await read(bucket, 'k')).equals(await files.read('k'))).toBe(true);
  });

  it.each<Fate>(['loseAnswer', 'notImplemented'])('is there, once, after %s', async fate => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = { ...(await files.large('k', size)), isNew: true };
    const conditions: boolean[] = [];
    const clients = await clientsBehind(request => {
      if (!isLast(request)) return 'pass';
      const isConditional = request.headers['if-none-match'] === '*';
      conditions.push(isConditional);
      if (fate === 'notImplemented') return isConditional ? fate : 'pass';
      return conditions.length === 1 ? fate : 'pass';
    });
    const result = await uploadFiles(clients, { bucket, files: [file], most: 1 }, undefined);
    expect(result.failed).toEqual([]);
    expect(result.done).toEqual([0]);
    expect(conditions[0]).toBe(true);
    expect((await read(bucket, 'k')).equals(await files.read('k'))).toBe(true);
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
  });
});
