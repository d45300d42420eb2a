import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { headObject } from '../../src/aws/objects/listing.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { uploadFile } from '../../src/aws/objects/uploadFile.ts';
import type { UploadJournal } from '../../src/aws/objects/multipartUploads.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { startCuttableProxy, type CuttableProxy } from '../support/cuttableProxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { download } from './transferWorld.ts';

const MIB = 1024 * 1024;

let sandbox: SandboxClients;
let proxy: CuttableProxy;
let folder: string;
let bucket: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  proxy = await startCuttableProxy(sandbox.sandbox.endpoint);
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-transfer-'));
});
beforeEach(async () => {
  proxy.mend();
  bucket = await sandbox.bucket();
});
afterAll(async () => {
  await proxy.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** Pieces of 64 KiB, as a file is read. */
function stream(bytes: number, pause = 0): Readable {
  async function* pieces() {
    for (let sent = 0; sent < bytes; sent += 65_536) {
      if (pause > 0) await delay(pause);
      yield Buffer.alloc(Math.min(65_536, bytes - sent), sent % 251);
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

/** What is left of an upload that did not succeed: nothing, it is hoped. */
async function leftovers() {
  const client = sandbox.clients.s3();
  const objects = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return { objects: objects.Contents ?? [], uploads: uploads.Uploads ?? [] };
}

describe('uploadFile', () => {
  it('sends a small body at once, typed by its name', async () => {
    const client = sandbox.clients.s3();
    const at = { bucket, key: 'ü/a b.png' };
    const { eTag } = await uploadFile(client, { ...at, body: Buffer.from('png') });
    expect(eTag).toBe(createHash('md5').update('png').digest('hex'));
    expect(await headObject(client, at)).toMatchObject({ size: 3, contentType: 'image/png' });
    await uploadFile(client, { ...at, body: Readable.from([]), contentType: 'text/x' });
    expect(await headObject(client, at)).toMatchObject({ size: 0, contentType: 'text/x' });
  });

  it('sends a big stream in parts, says how far it is, and gets it back whole', async () => {
    const client = sandbox.clients.s3();
    const source = join(folder, 'source.bin');
    const size = 20 * MIB + 12_345;
    await writeFile(source, stream(size));
    const sent: number[] = [];
    const at = { bucket, key: 'big.bin' };
    const body = createReadStream(source);
    const { eTag } = await uploadFile(
      client,
      { ...at, body, size },
      {
        onProgress: (done, total) => {
          expect(total).toBe(size);
          sent.push(done);
        },
      },
    );
    expect(eTag).toMatch(/-3$/);
    expect(sent.at(-1)).toBe(size);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));

    const path = join(folder, 'back.bin');
    const received: number[] = [];
    await download(
      sandbox.clients,
      { ...at, folder, names: ['back.bin'] },
      { onProgress: ({ bytes }) => received.push(bytes) },
    );
    expect(received.at(-1)).toBe(size);
    expect(await digestOf(path)).toBe(await digestOf(source));
  });

  it.each([
    ['in parts', 40 * MIB],
    ['at once', 4 * MIB],
  ])('leaves nothing when it is cancelled %s', async (_, size) => {
    const controller = new AbortController();
    const body = stream(size, 2);
    body.once('data', () => setTimeout(() => controller.abort(), 60));
    const upload = uploadFile(
      sandbox.clients.s3(),
      { bucket, key: 'k', body, size },
      { signal: controller.signal },
    );
    await expect(upload).rejects.toMatchObject({ code: 'Cancelled', subject: `s3://${bucket}/k` });
    expect(body.destroyed).toBe(true);
    expect(await leftovers()).toEqual({ objects: [], uploads: [] });
  });

  it('leaves nothing when it is cancelled while parts are on their way', async () => {
    const controller = new AbortController();
    const upload = uploadFile(
      sandbox.clients.s3(),
      { bucket, key: 'k', body: stream(64 * MIB), size: 64 * MIB },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(upload).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await leftovers()).toEqual({ objects: [], uploads: [] });
  });

  it('says so when its source fails, and leaves nothing', async () => {
    async function* failing() {
      yield Buffer.alloc(9 * MIB);
      await delay(20);
      throw Object.assign(new Error('disk'), { code: 'EIO' });
    }
    const body = Readable.from(failing(), { objectMode: false });
    const upload = uploadFile(sandbox.clients.s3(), { bucket, key: 'k', body });
    await expect(upload).rejects.toMatchObject({ code: 'Unknown', message: 'disk' });
    expect(await leftovers()).toEqual({ objects: [], uploads: [] });
  });

  it('is Network when the network goes in the middle, and stops reading', async () => {
    const body = stream(200 * MIB);
    proxy.cutAfter('up', 20 * MIB);
    const client = sandbox.clientsAt(proxy.endpoint).s3();
    const upload = uploadFile(client, { bucket, key: 'k', body, size: 200 * MIB });
    await expect(upload).rejects.toMatchObject({ code: 'Network', reason: 'UnfinishedUpload' });
    expect(body.destroyed).toBe(true);
    expect((await leftovers()).objects).toEqual([]);
  });

  describe('that could not be ended', () => {
    const memory = () => {
      const kept = new Map<string, unknown>();
      return {
        keys: () => [...kept.keys()],
        get: <T>(key: string, otherwise: T) => (kept.get(key) as T | undefined) ?? otherwise,
        update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
      } as unknown as ConstructorParameters<typeof UnfinishedUploads>[0];
    };
    const cutUpload = async (journal: UploadJournal): Promise<unknown> => {
      proxy.cutAfter('up', 20 * MIB);
      const client = sandbox.clientsAt(proxy.endpoint).s3();
      const input = { bucket, key: 'k', body: stream(100 * MIB), size: 100 * MIB };
      return await uploadFile(client, input, { journal }).catch((error: unknown) => error);
    };

    it('is named, and ended with the next upload to the bucket', async () => {
      const journal = new UnfinishedUploads(memory()).of({ key: 'me' });
      const error = await cutUpload(journal);
      const [upload] = (await leftovers()).uploads;
      expect(error).toMatchObject({ left: [`s3://${bucket}/k (${upload?.UploadId})`] });
      await uploadFile(sandbox.clients.s3(), { bucket, key: 'n', body: Buffer.from('n') });
      expect((await leftovers()).uploads).toHaveLength(1);
      await uploadFile(
        sandbox.clients.s3(),
        { bucket, key: 'n', body: Buffer.from('n') },
        { journal },
      );
      expect((await leftovers()).uploads).toEqual([]);
      expect(journal.left(bucket)).toEqual([]);
    });

    it('is ended by another process when its own has died, and only then', () => {
      const state = memory();
      const theirs = new UnfinishedUploads(state).of({ key: 'me' });
      const begun = { bucket, key: 'k', uploadId: 'u' };
      theirs.begin(begun);
      expect(theirs.left(bucket)).toEqual([]);
      // What this process began before the extension was started again is nobody's.
      const again = new UnfinishedUploads(state, () => true);
      expect(again.of({ key: 'me' }).left(bucket)).toMatchObject([begun]);
      expect(again.of({ key: 'you' }).left(bucket)).toEqual([]);
      expect(again.of({ key: 'me' }).left('other')).toEqual([]);
    });

    it('is left alone by another machine for a day, whatever lives there', () => {
      const state = memory();
      const theirs = new UnfinishedUploads(state, undefined, 'theirs').of({ key: 'me' });
      const begun = { bucket, key: 'k', uploadId: 'u' };
      theirs.begin(begun);
      const here = new UnfinishedUploads(state, () => false, 'here').of({ key: 'me' });
      expect(here.left(bucket)).toEqual([]);
      vi.useFakeTimers({ now: Date.now() + 25 * 60 * 60 * 1000 });
      onTestFinished(() => void vi.useRealTimers());
      expect(here.left(bucket)).toMatchObject([begun]);
      expect(theirs.left(bucket)).toEqual([]);
    });
  });

  it('has done its work when only the last answer is lost', async () => {
    let completes = 0;
    const endpoint = await startS3Proxy(sandbox.sandbox.endpoint, ({ method, path }) =>
      method === 'POST' && path.includes('uploadId') && completes++ === 0 ? 'loseAnswer' : 'pass',
    );
    const client = sandbox.clientsAt(endpoint).s3();
    const body = Buffer.alloc(9 * MIB, 'x');
    const { eTag } = await uploadFile(client, { bucket, key: 'k', body });
    expect(completes).toBeGreaterThan(1);
    expect(await headObject(client, { bucket, key: 'k' })).toMatchObject({
      eTag,
      size: body.length,
    });
  });

  it('leaves no upload when only its parts fail', async () => {
    let parts = 0;
    const endpoint = await startS3Proxy(sandbox.sandbox.endpoint, ({ path }) =>
      path.includes('partNumber') && ++parts > 2 ? 'cut' : 'pass',
    );
    const client = sandbox.clientsAt(endpoint).s3();
    const upload = uploadFile(client, { bucket, key: 'k', body: stream(64 * MIB), size: 64 * MIB });
    await expect(upload).rejects.toMatchObject({ code: 'Network', reason: undefined });
    expect(await leftovers()).toEqual({ objects: [], uploads: [] });
  });
});

describe('a download', () => {
  it.each(['写'.repeat(85), '🖼'.repeat(63)])(
    'writes a file of the longest name: %s',
    async name => {
      const client = sandbox.clients.s3();
      const at = { bucket, key: name };
      await writeObject(client, { ...at, body: Buffer.from('pixels') });
      const path = join(folder, name);
      await download(sandbox.clients, { ...at, folder, names: [name] });
      expect(await readFile(path, 'utf8')).toBe('pixels');
    },
  );

  const path = () => join(folder, 'target.bin');
  const target = () => ({ folder, names: ['target.bin'] });

  it('leaves what was there when it is cancelled', async () => {
    const client = sandbox.clients.s3();
    await uploadFile(client, { bucket, key: 'k', body: Buffer.alloc(8 * MIB) });
    await writeFile(path(), 'before');
    const controller = new AbortController();
    const cancelled = download(
      sandbox.clients,
      { bucket, key: 'k', ...target() },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await readFile(path(), 'utf8')).toBe('before');
    expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([]);
  });

  it('is NotFound without the object, and says which folder is missing', async () => {
    const client = sandbox.clients.s3();
    const gone = download(sandbox.clients, { bucket, key: 'none', ...target() });
    await expect(gone).rejects.toMatchObject({ code: 'NotFound', awsCode: 'NoSuchKey' });
    await writeObject(client, { bucket, key: 'k', body: '1' });
    const nowhere = join(folder, 'no', 'such', 'folder');
    const homeless = download(sandbox.clients, {
      ...{ bucket, key: 'k', folder: nowhere, names: ['x'] },
    });
    await expect(homeless).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('replaces a file only at its end', async () => {
    const client = sandbox.clients.s3();
    await writeObject(client, { bucket, key: 'k', body: 'new' });
    await writeFile(path(), 'older and longer');
    await download(sandbox.clients, { bucket, key: 'k', ...target() });
    expect(await readFile(path(), 'utf8')).toBe('new');
    expect((await stat(path())).size).toBe(3);
  });
});

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
