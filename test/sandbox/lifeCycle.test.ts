import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failedStart, startProcess } from './sandboxProcess.ts';
import { signedHeaders } from './signedRequest.ts';
import { failure, s3Client } from './testSandbox.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { isPosix } from '../support/posix.ts';

const Bucket = 'lives';
let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-life-'));
  data = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const mode = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);

describe('a data folder', () => {
  it.runIf(isPosix)(
    'keeps its keys, its port and its objects to itself and over a restart',
    async () => {
      const first = await startProcess('--data', data);
      const s3 = s3Client(first.printed);
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
      expect(await mode(data)).toBe('700');
      const files = await readdir(data, { withFileTypes: true });
      expect(files.map(file => file.name)).toContain('sandbox.sqlite-wal');
      for (const { name } of files.filter(file => file.isFile())) {
        expect(await mode(join(data, name))).toBe('600');
      }
      const info = JSON.parse(await readFile(join(data, 'sandbox.json'), 'utf8')) as object;
      expect(info).toEqual({ ...first.printed, pid: first.child.pid });
      expect(await first.stop('SIGTERM')).toBe(0);
      expect(await readdir(data)).not.toContain('sandbox.json');

      await using second = await startProcess('--data', data);
      expect(second.printed).toEqual(first.printed);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
      expect(await Body?.transformToString()).toBe('kept');
      s3.destroy();
    },
  );

  it('takes another port when the remembered one is taken', async () => {
    const first = await startProcess('--data', data);
    await first.stop('SIGINT');
    const blocker = createServer().listen(
      Number(new URL(first.printed.endpoint).port),
      '127.0.0.1',
    );
    await using second = await startProcess('--data', data);
    expect(second.printed.endpoint).not.toBe(first.printed.endpoint);
    blocker.close();
  });

  it('admits one sandbox at a time', async () => {
    await using first = await startProcess('--data', data);
    const second = await failedStart('--data', data);
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `The folder ${data} is in use by another sandbox.\n`,
    });
    expect(first.child.exitCode).toBeNull();
  });
});

describe('a start that can not be', () => {
  it('says that the port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const { code, stderr } = await failedStart('--data', data, '--port', String(port));
    blocker.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} on 127.0.0.1 is taken; choose another with --port.\n`);
  });

  it('says that the folder is not writable', async () => {
    await writeFile(data, 'a file');
    const { code, stderr } = await failedStart('--data', join(data, 'inside'));
    expect(code).toBe(1);
    expect(stderr).toContain(`The data folder ${join(data, 'inside')} is not writable (ENOTDIR`);
  });

  it.each([
    ['--port', 'x'],
    ['--unknown', ''],
  ])('says what is wrong with %s %s', async (...args) => {
    const { code, stderr } = await failedStart(...args.filter(Boolean));
    expect(code).toBe(1);
    expect(stderr).toMatch(/\S/);
  });
});

it('ends with its parent when it reads its standard input', async () => {
  await using started = await startProcess('--data', data, '--parent-stdin');
  const ended = new Promise(resolve => started.child.once('exit', resolve));
  started.child.stdin?.end();
  expect(await ended).toBe(0);
});

describe('SIGKILL', () => {
  it('loses no acknowledged object and shows no half one', async () => {
    const first = await startProcess('--data', data);
    const s3 = s3Client(first.printed);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const acknowledged: string[] = [];
    const write = async (prefix: string): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const Key = `${prefix}-${index}`;
        // Every third is too large for the database and becomes a file.
        const Body = Buffer.alloc(index % 3 === 0 ? 200_000 : 500, Key);
        await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
        acknowledged.push(Key);
      }
    };
    const writers = Promise.allSettled(['a', 'b', 'c', 'd'].map(write));
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20);
    await first.stop('SIGKILL');
    await writers;

    await using second = await startProcess('--data', data);
    const again = s3Client(second.printed);
    for (const Key of acknowledged) {
      const { Body, ContentLength } = await again.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      expect(bytes.equals(Buffer.alloc(ContentLength ?? 0, Key))).toBe(true);
    }
    again.destroy();
    s3.destroy();
  });

  it('in an upload leaves neither object nor file', async () => {
    const first = await startProcess('--data', data);
    const s3 = s3Client(first.printed);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const path = `/${Bucket}/half`;
    const sandbox = first.printed as Sandbox;
    const { hostname, port } = new URL(sandbox.endpoint);
    const headers = await signedHeaders(sandbox, {
      method: 'PUT',
      path,
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'content-length': '50000000' },
    });
    const upload = request({ hostname, port, method: 'PUT', path, headers });
    upload.on('error', () => undefined);
    upload.write(randomBytes(10_000_000));
    await expect.poll(() => files(data)).toBe(1);
    await first.stop('SIGKILL');

    await using second = await startProcess('--data', data);
    expect(await files(data)).toBe(0);
    const again = s3Client(second.printed);
    const head = again.send(new HeadObjectCommand({ Bucket, Key: 'half' }));
    expect(await failure(head)).toMatchObject({ name: 'NotFound' });
    expect((await again.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    again.destroy();
    s3.destroy();
  });
});

async function files(directory: string): Promise<number> {
  const objects = join(directory, 'objects');
  await mkdir(objects, { recursive: true });
  const entries = await readdir(objects, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).length;
}
