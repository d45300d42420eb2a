import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  listFolder,
  lookUp,
  readBody,
  writeBody,
} from '../../src/explorer/fileSystem/fileSystemCalls.ts';
import type { ObjectStat } from '../../src/explorer/fileSystem/statCache.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('the calls of the s3: file system', () => {
  let on: SandboxClients;
  let bucket: string;
  beforeAll(async () => {
    on = await startSandboxClients();
    bucket = await on.bucket();
  });
  afterAll(() => on.close());

  const put = async (key: string, content = key): Promise<void> => {
    await writeBody(on.clients, { bucket, key, content: bytes(content) });
  };
  const objectAt = async (key: string): Promise<ObjectStat> => {
    const stat = await lookUp(on.clients, bucket, key);
    if (stat.kind !== 'object') throw new Error(`${key} is ${stat.kind}`);
    return stat;
  };

  it('tell objects, folders and nothing apart, an object first', async () => {
    await put('both');
    await put('both/inner');
    await put('only/inner');
    expect(await lookUp(on.clients, bucket, 'both')).toMatchObject({ kind: 'object', size: 4 });
    expect(await lookUp(on.clients, bucket, 'only')).toEqual({ kind: 'folder' });
    expect(await lookUp(on.clients, bucket, 'onl')).toEqual({ kind: 'none' });
    expect(await lookUp(on.clients, bucket, undefined)).toEqual({ kind: 'folder' });
    await expect(lookUp(on.clients, 'no-such-bucket', 'x')).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('give a listing the same times and ETags as a single look', async () => {
    await put('same/a');
    const listed = await listFolder(on.clients, bucket, 'same/');
    expect(listed?.objects).toEqual([['same/a', await objectAt('same/a')]]);
    expect(await listFolder(on.clients, bucket, 'nowhere/')).toBeUndefined();
  });

  it.each(['a//b', '//', 'end/', './.', '../up', 'new\nline', '🪣 +%#?&"\'', 'ünï'])(
    'write and read the key %j',
    async key => {
      await put(key);
      expect(text((await readBody(on.clients, bucket, key, 1000)).body)).toBe(key);
      expect(await lookUp(on.clients, bucket, key)).toMatchObject({ kind: 'object' });
    },
  );

  it('keep tags, metadata and headers when an object is written over', async () => {
    const key = 'kept.txt';
    await on.clients.s3().send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: 'old',
        ContentType: 'text/x-own',
        CacheControl: 'max-age=60',
        Metadata: { owner: 'ana' },
        Tagging: 'phototype=finished&a%20b=c%2Bd',
      }),
    );
    const over = await objectAt(key);
    await writeBody(on.clients, { bucket, key, content: bytes('new'), over });
    const head = await on.clients.s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    expect(head).toMatchObject({
      ContentType: 'text/x-own',
      CacheControl: 'max-age=60',
      Metadata: { owner: 'ana' },
    });
    const tags = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
    expect((await on.clients.s3().send(tags)).TagSet).toEqual(
      expect.arrayContaining([
        { Key: 'phototype', Value: 'finished' },
        { Key: 'a b', Value: 'c+d' },
      ]),
    );
  });

  it('write only over the state they were given', async () => {
    await put('guarded', 'mine');
    const over = await objectAt('guarded');
    await writeBody(on.clients, { bucket, key: 'guarded', content: bytes('theirs'), over });
    const late = { bucket, key: 'guarded', content: bytes('late') };
    await expect(writeBody(on.clients, { ...late, over })).rejects.toMatchObject({
      code: 'Conflict',
    });
    await expect(writeBody(on.clients, late)).rejects.toMatchObject({ code: 'Conflict' });
    expect(text((await readBody(on.clients, bucket, 'guarded', 1000)).body)).toBe('theirs');
  });

  it('refuse a body bigger than the limit', async () => {
    await put('big', 'x'.repeat(100));
    await expect(readBody(on.clients, bucket, 'big', 99)).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('read no more than the limit of a body whose length no one names', async () => {
    let sent = 0;
    const server = await startScriptedServer((_request, response) => {
      response.writeHead(200, { etag: '"e"', 'transfer-encoding': 'chunked' });
      const send = (): void => {
        while (!response.destroyed && sent < 1e9) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) break;
        }
      };
      response.on('drain', send);
      send();
    });
    await expect(readBody(server.clients(), 'b', 'endless', 1_000_000)).rejects.toMatchObject({
      code: 'InvalidInput',
      reason: 'TooBig',
    });
    // What the sockets hold comes on top.
    expect(sent).toBeLessThan(50_000_000);
  });
});
