import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { downloadFiles } from '../../src/aws/transfers/downloadFiles.ts';
import { uploadFiles } from '../../src/aws/transfers/uploadFiles.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import {
  digest,
  digestOf,
  KeptJournal,
  keysIn,
  LocalFiles,
  MIB,
  OK,
  partsThere,
  unfinishedUploads,
} from './transferWorld.ts';

let world: SandboxClients;
beforeAll(async () => (world = await startSandboxClients()));
afterAll(() => world.close());

const KEYS = ['plain', 'a b', 'a+b', '%2F', 'é/🪣', 'a\nb', '\u2028', "!'()*~", 'e\u0301', 'a\\b'];
/** Keys that no file can have the name of. */
const ODD_KEYS = ['a//b', '/leading', './.', '../..', `k${'é'.repeat(511)}`];

/** Clients whose requests meet a fate. */
async function clientsBehind(hook: (request: PassedRequest) => Fate | Promise<Fate>) {
  return world.clientsAt(await startS3Proxy(world.sandbox.endpoint, hook));
}

describe('transfers of many files', () => {
  it('bring files of any name to objects and back, byte for byte', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const keys = [...KEYS, ...ODD_KEYS];
    const uploads = await Promise.all(
      keys.map(async (key, at) => ({ ...(await files.file(`f${at}`, key.repeat(at * 40))), key })),
    );
    const input = { bucket, files: uploads, most: 16 };
    const all = keys.map((_, at) => at);
    const progress: number[] = [];
    const up = await uploadFiles(world.clients, input, undefined, {
      onProgress: ({ finished }) => progress.push(finished),
    });
    expect(up).toEqual({ ...OK, done: all });
    expect(progress.at(-1)).toBe(keys.length);
    expect(await keysIn(world.clients, bucket)).toHaveLength(keys.length);
    await using there = await LocalFiles.make();
    const downloads = keys.map((key, at) => there.target(bucket, key, 0, 'in', `g${at}`));
    const down = await downloadFiles(world.clients, { files: downloads, most: 16 }, undefined);
    expect(down).toEqual({ ...OK, done: all });
    for (const at of all) {
      expect(await there.read('in', `g${at}`)).toEqual(await files.read(`f${at}`));
    }
    expect(await there.names()).toHaveLength(keys.length);
  });

  it('bring large files in parts and ranges', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 41 * MIB + 5);
    const up = await uploadFiles(world.clients, { bucket, files: [file], most: 16 }, undefined);
    expect(up).toEqual({ ...OK, done: [0] });
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    // As large ones may be that were listed before they grew.
    for (const size of [file.size, 5]) {
      const target = files.target(bucket, 'large', size, `back${size}`);
      const down = await downloadFiles(world.clients, { files: [target], most: 16 }, undefined);
      expect(down).toEqual({ ...OK, done: [0] });
      expect(digest(await files.read(`back${size}`))).toBe(digest(await files.read('large')));
    }
    const whole = new PutObjectCommand({
      Bucket: bucket,
      Key: 'whole',
      Body: await files.read('large'),
    });
    await world.clients.s3().send(whole);
    const target = files.target(bucket, 'whole', file.size);
    await downloadFiles(world.clients, { files: [target], most: 16 }, undefined);
    expect(digest(await files.read('whole'))).toBe(digest(await files.read('large')));
    expect((await files.names()).filter(name => name.startsWith('.'))).toEqual([]);
  });

  it('open no connection for each large body', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const kept = new Map<string | undefined, number>();
    const clients = await clientsBehind(({ method, headers }) => {
      const { connection } = headers;
      if (method === 'PUT') kept.set(connection, (kept.get(connection) ?? 0) + 1);
      return 'pass';
    });
    const uploads = [await files.large('large', 56 * MIB)];
    for (let at = 0; at < 9; at++) uploads.push(await files.large(`photo${at}`, 3 * MIB));
    await uploadFiles(clients, { bucket, files: uploads, most: 4 }, undefined);
    // The first of its kind goes by the SDK.
    expect(kept.get('close') ?? 0).toBeLessThanOrEqual(2);
    expect(kept.get('keep-alive')).toBeGreaterThanOrEqual(7 + 9 - 2);
  });

  it('hear why a server refuses a large body that it has not read', async () => {
    await using files = await LocalFiles.make();
    const { endpoint, close } = await refuseAllButTheFirst(3 * MIB);
    onTestFinished(close);
    const uploads = [await files.large('a', 3 * MIB), await files.large('b', 3 * MIB)];
    const input = { bucket: 'bucket', files: uploads, most: 1 };
    const up = await uploadFiles(world.clientsAt(endpoint), input, undefined);
    expect(up).toMatchObject({
      done: [0],
      failed: [{ index: 1, error: { code: 'AccessDenied' } }],
    });
  });

  it('bring older versions, small and large', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const s3 = world.clients.s3();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    for (const size of [1000, 9 * MIB]) {
      const older = await files.large('older', size);
      const put = { Bucket: bucket, Key: 'k', Body: await files.read('older') };
      const { VersionId: versionId } = await s3.send(new PutObjectCommand(put));
      await s3.send(new PutObjectCommand({ ...put, Body: 'newer' }));
      const target = { ...files.target(bucket, 'k', older.size, 'back'), versionId };
      // The second is made from what the first has shown of such requests.
      for (let times = 0; times < 2; times++) {
        const down = await downloadFiles(world.clients, { files: [target], most: 4 }, undefined);
        expect(down).toEqual({ ...OK, done: [0] });
        expect((await files.read('back')).equals(await files.read('older'))).toBe(true);
      }
    }
  });

  it('tell of each that fails, and do the others', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const good = await files.file('good', 'x');
    const gone = { ...good, path: `${good.path}-gone`, key: 'gone' };
    const up = await uploadFiles(
      world.clients,
      { bucket, files: [gone, good], most: 4 },
      undefined,
    );
    expect(up.done).toEqual([1]);
    expect(up.failed).toMatchObject([{ index: 0 }]);
    const targets = [files.target(bucket, 'missing', 9), files.target(bucket, 'good', 1, 'back')];
    const down = await downloadFiles(world.clients, { files: targets, most: 4 }, undefined);
    expect(down.done).toEqual([1]);
    expect(down.failed).toMatchObject([{ index: 0, error: { code: 'NotFound' } }]);
  });

  it('end when they are called off, and leave nothing behind', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    const controller = new AbortController();
    const slow = await clientsBehind(({ path }) => {
      if (path.includes('partNumber=3')) controller.abort();
      return 'pass';
    });
    const input = { bucket, files: [file, await files.file('s', 'x')], most: 1 };
    const up = await uploadFiles(slow, input, undefined, controller);
    expect(up).toEqual({ ...OK, done: [], left: [0, 1], isCancelled: true });
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    await uploadFiles(world.clients, input, undefined);
    const stop = new AbortController();
    const alsoSlow = await clientsBehind(({ headers }) => {
      if (headers.range?.startsWith('bytes=1')) stop.abort();
      return 'pass';
    });
    const targets = [files.target(bucket, 'large', file.size, 'back')];
    const down = await downloadFiles(alsoSlow, { files: targets, most: 4 }, undefined, stop);
    expect(down).toMatchObject({ done: [], left: [0], isCancelled: true });
    expect(await files.names()).toEqual(['large', 's']);
  });
});

describe('a bad line', () => {
  it.each<[string, (request: PassedRequest) => boolean, Fate]>([
    ['before parts', ({ path }) => path.includes('uploads'), 'cut'],
    ['in a part', ({ path }) => path.includes('partNumber=2'), 'cut'],
    ['after a part', ({ path }) => path.includes('partNumber=3'), 'loseAnswer'],
    ['before the end', ({ method, path }) => method === 'POST' && /\?uploadId/.test(path), 'cut'],
    [
      'after the end',
      ({ method, path }) => method === 'POST' && /\?uploadId/.test(path),
      'loseAnswer',
    ],
    ['by a slow down', ({ path }) => path.includes('partNumber=2'), 'slowDown'],
  ])('that cuts an upload %s three times still brings it whole, once', async (_, is, fate) => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 30 * MIB);
    let times = 0;
    const clients = await clientsBehind(request => (is(request) && times++ < 3 ? fate : 'pass'));
    const up = await uploadFiles(clients, { bucket, files: [file], most: 8 }, undefined);
    expect(up).toEqual({ ...OK, done: [0] });
    expect(times).toBeGreaterThan(0);
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
  });

  it.each<Fate>(['cut', 'loseAnswer', 'slowDown'])(
    'that is %s still brings a download',
    async fate => {
      await using files = await LocalFiles.make();
      const bucket = await world.bucket();
      const file = await files.large('large', 40 * MIB);
      await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
      let times = 0;
      const clients = await clientsBehind(({ headers }) =>
        headers.range?.startsWith('bytes=1') && times++ < 4 ? fate : 'pass',
      );
      const target = files.target(bucket, 'large', file.size, 'back');
      const down = await downloadFiles(clients, { files: [target], most: 8 }, undefined);
      expect(down).toEqual({ ...OK, done: [0] });
      expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
      expect(await files.names()).toEqual(['back', 'large']);
    },
  );

  it('does not mix two objects of one key', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const Body = (await files.read('large')).reverse();
    let ranges = 0;
    const clients = await clientsBehind(async ({ headers }): Promise<Fate> => {
      if (headers.range !== undefined && ++ranges === 2) {
        await world.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: 'large', Body }));
      }
      return 'pass';
    });
    const target = files.target(bucket, 'large', file.size, 'back');
    const down = await downloadFiles(clients, { files: [target], most: 1 }, undefined);
    expect(down.failed).toMatchObject([{ error: { code: 'Conflict' } }]);
    expect(await files.names()).toEqual(['large']);
  });
});

describe('a transfer that was killed', () => {
  it('goes on with the parts that are there', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    const input = { bucket, files: [file], most: 8 };
    const journal = await killedUpload(bucket, file, 3);
    const sent: string[] = [];
    const clients = await clientsBehind(({ path }) => {
      sent.push(path);
      return 'pass';
    });
    expect(await uploadFiles(clients, input, journal)).toEqual({ ...OK, done: [0] });
    const parts = sent.flatMap(path => /partNumber=\d+/.exec(path) ?? []);
    expect(new Set(parts).size).toBe(5 - 3);
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    // Called once more, it has nothing to do.
    sent.length = 0;
    expect(await uploadFiles(clients, input, journal)).toEqual({ ...OK, done: [0] });
    expect(sent).toEqual([]);
  });

  it('begins anew with a file that has changed', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    const journal = await killedUpload(bucket, file, 3);
    await files.large('large', 40 * MIB);
    await utimes(file.path, 1000, 1000);
    const up = await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, journal);
    expect(up).toEqual({ ...OK, done: [0] });
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
  });

  /** An upload whose process is no more when S3 has so many parts of it. */
  async function killedUpload(
    bucket: string,
    file: { path: string; key: string; size: number },
    parts: number,
  ) {
    const journal = new KeptJournal();
    const passed = new Set<string>();
    const held = Promise.withResolvers<Fate>();
    const clients = await clientsBehind(({ path }) => {
      const [part] = /partNumber=\d+/.exec(path) ?? [];
      if (part !== undefined && passed.size < parts) passed.add(part);
      return part === undefined || passed.has(part) ? 'pass' : held.promise;
    });
    const atDeath = new KeptJournal();
    const controller = new AbortController();
    const input = { bucket, files: [file], most: 1 };
    // Nobody hears what it says when its line is gone.
    uploadFiles(clients, input, journal, controller).catch(() => undefined);
    await expect.poll(() => partsThere(world.clients, bucket, file.key)).toBe(parts);
    atDeath.kept = structuredClone(journal.kept);
    // A dead process aborts nothing: its connections are gone.
    clients.destroy();
    return atDeath;
  }

  it('goes on with the ranges that are there, of the same object only', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 60 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const target = files.target(bucket, 'large', file.size, 'back');
    const journal = new KeptJournal();
    let first = true;
    // As a process leaves it that dies after its third range: what it wrote, and what it noted.
    await downloadFiles(
      world.clients,
      { files: [target], most: 8 },
      {
        checkpoint: () => undefined,
        save: async kept => {
          if (first) journal.kept = structuredClone(kept);
          first = false;
          await Promise.resolve();
        },
      },
    );
    const begun = journal.kept as {
      parts: { 0: { partial: string; rangeSize: number; done: object } };
    };
    const part = begun.parts[0];
    const { crc32 } = await import('node:zlib');
    const there = (await files.read('large')).subarray(0, 3 * part.rangeSize);
    await files.file(part.partial, there);
    part.done = Object.fromEntries(
      [0, 1, 2].map(at => [
        at,
        crc32(there.subarray(at * part.rangeSize, (at + 1) * part.rangeSize)),
      ]),
    );
    const ranges = new Set<string>();
    const clients = await clientsBehind(({ headers }) => {
      if (headers.range !== undefined) ranges.add(headers.range);
      return 'pass';
    });
    expect(await downloadFiles(clients, { files: [target], most: 8 }, journal)).toEqual({
      ...OK,
      done: [0],
    });
    expect(ranges.size).toBe(Math.ceil(file.size / part.rangeSize) - 3);
    expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
    expect(await files.names()).toEqual(['back', 'large']);
  });

  it('does not believe what another has written over its ranges', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const target = files.target(bucket, 'large', file.size, 'back');
    const journal = new KeptJournal();
    let noted = false;
    await downloadFiles(
      world.clients,
      { files: [target], most: 8 },
      {
        checkpoint: () => undefined,
        save: kept => {
          if (!noted) journal.kept = structuredClone(kept);
          noted = true;
          return Promise.resolve();
        },
      },
    );
    const begun = journal.kept as { parts: { 0: { partial: string; done: object } } };
    begun.parts[0].done = { 0: 12345 };
    await files.file(begun.parts[0].partial, Buffer.alloc(20 * MIB));
    const down = await downloadFiles(world.clients, { files: [target], most: 8 }, journal);
    expect(down).toEqual({ ...OK, done: [0] });
    expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
    expect(await files.names()).toEqual(['back', 'large']);
  });
});

/** A server that takes one body of so many bytes; to others it says no, and hangs up at once. */
async function refuseAllButTheFirst(bytes: number) {
  const error = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  const head = 'x-amz-request-id: 1\r\nConnection: close';
  let hasTaken = false;
  const server = createServer({ noDelay: true }, socket => {
    // It hangs up while the client still sends.
    socket.on('error', () => undefined);
    if (hasTaken) {
      socket.once('data', () => {
        socket.write(
          `HTTP/1.1 403 Forbidden\r\n${head}\r\nContent-Length: ${error.length}\r\n\r\n${error}`,
        );
        setImmediate(() => socket.destroy());
      });
      return;
    }
    hasTaken = true;
    socket.once('data', () => {
      let left = bytes;
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      socket.on('data', chunk => {
        left -= chunk.length;
        if (left === 0) {
          socket.end(`HTTP/1.1 200 OK\r\n${head}\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n`);
        }
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}
