import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findLine } from '../../src/aws/parts/findLine.ts';
import { readPart } from '../../src/aws/parts/readPart.ts';
import { readMore, readTail } from '../../src/aws/parts/tail.ts';
import { partTitle, shownText } from '../../src/explorer/parts/partDocument.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
});
beforeEach(async () => {
  bucket = await on.bucket();
});
afterAll(() => on.close());

const key = 'logs/a b%2F+🪣.log';
const put = async (Body: string | Uint8Array) => {
  const body = Buffer.from(Body);
  await on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
};
const at = (offset: number, length: number) => ({ bucket, key, offset, length });
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('a part of an object', () => {
  it('is what a range says, from the beginning or the end', async () => {
    await put('0123456789');
    const s3 = on.clients.s3();
    const part = await readPart(s3, at(2, 3));
    expect(part).toMatchObject({ offset: 2, total: 10 });
    expect(text(part?.body)).toBe('234');
    expect(text((await readPart(s3, at(8, 100)))?.body)).toBe('89');
    const end = await readPart(s3, at(-4, 4));
    expect([end?.offset, text(end?.body)]).toEqual([6, '6789']);
    expect(text((await readPart(s3, at(-100, 100)))?.body)).toBe('0123456789');
  });

  it('reads no more than it shows', async () => {
    await put(Buffer.alloc(3 * 1024 ** 2, 'x'));
    const ranges: (string | undefined)[] = [];
    const clients = on.clientsAt(
      await startS3Proxy(on.sandbox.endpoint, ({ headers }) => {
        ranges.push(headers.range);
        return 'pass';
      }),
    );
    const part = await readPart(clients.s3(), at(1024, 2048));
    expect([part?.body.length, ranges]).toEqual([2048, ['bytes=1024-3071']]);
  });

  it('is refused behind the end, of another state, and of nothing', async () => {
    await put('0123456789');
    const s3 = on.clients.s3();
    await expect(readPart(s3, at(10, 5))).rejects.toMatchObject({ reason: 'BeyondEnd' });
    const ifMatch = 'd41d8cd98f00b204e9800998ecf8427e';
    await expect(readPart(s3, { ...at(0, 5), ifMatch })).rejects.toMatchObject({
      code: 'Conflict',
    });
    await expect(readPart(s3, { ...at(0, 5), key: 'none' })).rejects.toMatchObject({
      code: 'NotFound',
    });
    const part = await readPart(s3, at(0, 5));
    expect(await readPart(s3, { ...at(0, 5), ifNoneMatch: part?.eTag })).toBeUndefined();
    await put('');
    expect(await readPart(s3, at(0, 5))).toMatchObject({ offset: 0, total: 0 });
    expect(await readPart(s3, at(-5, 5))).toMatchObject({ offset: 0, total: 0 });
  });

  it('begins at a line, however far it is', async () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index + 1} ü`);
    await put(lines.join('\n'));
    const s3 = on.clients.s3();
    for (const line of [1, 2, 70_001, 200_000]) {
      const { offset, eTag } = await findLine(s3, { bucket, key }, line);
      const part = await readPart(s3, { ...at(offset, 100), ifMatch: eTag });
      expect(text(part?.body).split('\n')[0]).toBe(`line ${line} ü`);
    }
    await expect(findLine(s3, { bucket, key }, 200_001)).rejects.toMatchObject({
      reason: 'BeyondEnd',
    });
  });

  it('is shown cut at characters, decompressed, or said to be no text', async () => {
    const s3 = on.clients.s3();
    await put('🪣'.repeat(10));
    const part = await readPart(s3, at(2, 9));
    // Two bytes of the first and three of the third are left out.
    expect(await shownText(part!, { bucket, key }, 100)).toBe('🪣');
    const log = Array.from({ length: 50_000 }, (_, index) => `${index} ${Math.sin(index)}`);
    await put(gzipSync(log.join('\n')));
    const first = await readPart(s3, at(0, 20_000));
    const shown = await shownText(first!, { bucket, key }, 1_000_000);
    expect(log.join('\n').startsWith(shown)).toBe(true);
    expect(shown.length).toBeGreaterThan(10_000);
    await put(gzipSync(Buffer.alloc(20 * 1024 ** 2, 'x')));
    const bomb = await readPart(s3, at(0, 100_000));
    expect((await shownText(bomb!, { bucket, key }, 1000)).length).toBe(1000);
    await put(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 255, 254]));
    const zip = await readPart(s3, at(0, 100));
    await expect(shownText(zip!, { bucket, key }, 100)).rejects.toMatchObject({ reason: 'Binary' });
  });

  it('has a title that says what it is before the name', () => {
    expect(partTitle('Bytes 0–9 of 2 GB', { bucket, key: 'a/b.log.gz' })).toBe(
      '[Bytes 0–9 of 2 GB] b.log',
    );
    expect(partTitle('x', { bucket, key: 'a//' })).not.toContain('/');
  });
});

describe('the end of an object', () => {
  const more = async (before: Awaited<ReturnType<typeof readTail>>) =>
    await readMore(on.clients.s3(), { bucket, key }, before, 20);

  it('grows by what is added, and asks for nothing while nothing is', async () => {
    await put('one\ntwo\n');
    const s3 = on.clients.s3();
    const tail = await readTail(s3, { bucket, key }, 5);
    expect([text(tail.bytes), tail.offset]).toEqual(['\ntwo\n', 3]);
    expect(await more(tail)).toBeUndefined();
    await put('one\ntwo\nthree\n');
    const grown = await more(tail);
    expect(grown?.isNew).toBe(false);
    expect(text(grown?.tail.bytes)).toBe('\ntwo\nthree\n');
    expect(await more(grown!.tail)).toBeUndefined();
  });

  it('is read anew when it is another text, longer or shorter', async () => {
    await put('one\ntwo\n');
    const tail = await readTail(on.clients.s3(), { bucket, key }, 100);
    await put('another text that is longer\n');
    const other = await more(tail);
    expect([other?.isNew, text(other?.tail.bytes)]).toEqual([true, 'text that is longer\n']);
    await put('x');
    const short = await more(other!.tail);
    expect([short?.isNew, text(short?.tail.bytes)]).toEqual([true, 'x']);
    await put('');
    const none = await more(short!.tail);
    expect([none?.isNew, text(none?.tail.bytes)]).toEqual([true, '']);
    await put('again');
    expect(text((await more(none!.tail))?.tail.bytes)).toBe('again');
  });

  it('says so when it is deleted', async () => {
    await put('one\n');
    const tail = await readTail(on.clients.s3(), { bucket, key }, 100);
    await on.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    await expect(more(tail)).rejects.toMatchObject({ code: 'NotFound' });
  });
});
