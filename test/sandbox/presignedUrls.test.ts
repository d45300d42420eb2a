import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readObject } from '../../src/aws/objects/objects.ts';
import { presignGet, presignPut } from '../../src/aws/links/presign.ts';
import { systemClock } from '../../src/sandbox/clock.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const AWKWARD = [
  ...['a b', 'a+b', '%2F', 'a//b', '/lead', '🗺️', 'new\nline', 'sep\u2028', 'e\u0301', "!'()*"],
  ...['a?b=c&d', '#x', 'k'.repeat(1024)],
];

/** By how many milliseconds the sandbox's clock is ahead. */
let ahead = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients({ clock });
  bucket = await on.bucket();
});
afterAll(() => on.close());

const put = async (key: string, body: string) =>
  (await on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })))
    .VersionId;
const read = async (key: string) =>
  Buffer.from(await readObject(on.clients.s3(), { bucket, key, maxBytes: 1e6 })).toString();

describe('a presigned URL', () => {
  it.each(AWKWARD)('reads %j without credentials', async key => {
    await put(key, `of ${key}`);
    const url = await presignGet(on.clients.s3(), { bucket, key }, 60);
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, `of ${key}`]);
  });

  it.each(AWKWARD)('writes %j, whatever the body', async key => {
    const url = await presignPut(on.clients.s3(), { bucket, key }, 60);
    expect(url).not.toMatch(/checksum|content-type/i);
    const body = `sent to ${key}`;
    expect((await fetch(url, { method: 'PUT', body })).status).toBe(200);
    expect(await read(key)).toBe(body);
  });

  it('writes with the content type it was made for, and with no other', async () => {
    const key = 'typed';
    const url = await presignPut(on.clients.s3(), { bucket, key, contentType: 'image/png' }, 60);
    const send = async (type: string) =>
      (await fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': type } })).status;
    expect(await send('text/plain')).toBe(403);
    expect(await send('image/png')).toBe(200);
  });

  it('works for its own method, key and version only', async () => {
    await put('one', '1');
    const url = await presignGet(on.clients.s3(), { bucket, key: 'one' }, 60);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(url.replace('/one?', '/two?'))).status).toBe(403);
    expect((await fetch(`${url}&versionId=null`)).status).toBe(403);
    expect(await read('one')).toBe('1');
  });

  it('reads one version', async () => {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    const own = await on.bucket();
    const s3 = on.clients.s3();
    await s3.send(new PutBucketVersioningCommand({ Bucket: own, VersioningConfiguration }));
    const first = await s3.send(new PutObjectCommand({ Bucket: own, Key: 'a', Body: 'old' }));
    await s3.send(new PutObjectCommand({ Bucket: own, Key: 'a', Body: 'new' }));
    const object = { bucket: own, key: 'a', versionId: first.VersionId };
    expect(await (await fetch(await presignGet(s3, object, 60))).text()).toBe('old');
  });

  it('ends when it says', async () => {
    await put('short', 'x');
    const url = await presignGet(on.clients.s3(), { bucket, key: 'short' }, 60);
    expect((await fetch(url)).status).toBe(200);
    ahead = 61_000;
    onTestFinished(() => void (ahead = 0));
    const late = await fetch(url);
    expect(late.status).toBe(403);
    expect(await late.text()).toMatch(/Request has expired/);
  });

  it('of more than a week is refused', async () => {
    const object = { bucket, key: 'short' };
    await expect(presignGet(on.clients.s3(), object, 604_801)).rejects.toThrow(
      /week|604800|7 days/i,
    );
  });
});
