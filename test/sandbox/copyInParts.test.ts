import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCopies } from '../../src/aws/copies/runCopies.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { sessionOf, startWorkerWorld } from '../support/workerWorld.ts';
import { CopyWorld, taskFolder } from './copyWorld.ts';

const world = CopyWorld.forTests();
const MIB = 1024 ** 2;
const maxCopyBytes = 5 * MIB;

/** Checksums of parts of other sizes can't be compared with those of its copy. */
async function putInParts(key: string): Promise<void> {
  const s3 = world.on.clients.s3();
  const object = { Bucket: world.bucket, Key: key };
  const ChecksumAlgorithm = 'SHA256' as const;
  const begun = await s3.send(new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm }));
  const { UploadId } = begun;
  const Body = Buffer.alloc(12 * MIB, key);
  const part = { ...object, UploadId, PartNumber: 1, Body, ChecksumAlgorithm };
  const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ ETag, ChecksumSHA256, PartNumber: 1 }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
}

const uploads = async (): Promise<string[]> => {
  const command = new ListMultipartUploadsCommand({ Bucket: world.bucket });
  const { Uploads = [] } = await world.on.clients.s3().send(command);
  return Uploads.map(({ Key = '' }) => Key);
};
const isEnd = ({ method, path }: PassedRequest): boolean =>
  method === 'POST' && path.includes('uploadId');

describe('a copy in parts', () => {
  it('that fails begins no more parts, and deletes them when none is under way', async () => {
    await world.put('huge', 'x'.repeat(60 * MIB));
    const seen: string[] = [];
    const denied = Promise.withResolvers<undefined>();
    const clients = await world.through(async ({ method, path }): Promise<Fate> => {
      const number = Number(/partNumber=(\d+)/i.exec(path)?.[1]);
      if (method === 'DELETE') seen.push('abort');
      if (!number) return 'pass';
      if (number === 1) {
        denied.resolve(undefined);
        return 'deny';
      }
      await denied.promise;
      await delay(300);
      seen.push('part');
      return 'pass';
    });
    const route = await openRoute(clients, world.bucket, world.bucket);
    const copy = copyObject(route, { from: 'huge', to: 'copy' }, { maxCopyBytes });
    await expect(copy).rejects.toMatchObject({ code: 'AccessDenied' });
    // Eight at a time: the other seven come to their end, and four are never sent.
    expect(seen).toEqual([...Array<string>(7).fill('part'), 'abort']);
    expect(await uploads()).toEqual([]);
  });

  it('is known as ours when the answer to its end is lost', async () => {
    await putInParts('big');
    const clients = await world.through(each => (isEnd(each) ? 'loseAnswer' : 'pass'));
    const input = world.move('big', 'copy', { onConflict: 'keepBoth', maxCopyBytes });
    expect(await world.run(input, clients)).toMatchObject({ done: 1, failed: 0 });
    expect([await world.keys(), await uploads()]).toEqual([['copy'], []]);
  });

  it.each([
    ['fail', ['copy']],
    ['keepBoth', ['copy', 'copy copy']],
  ] as const)('is known when all was lost behind its end (%s)', async (onConflict, keys) => {
    await putInParts('big');
    if (onConflict === 'keepBoth') await world.put('copy', 'other');
    let [isDone, isDown] = [false, true];
    const clients = await world.through(request => {
      if (isDone && isDown) return 'cut';
      isDone ||= isEnd(request);
      return 'pass';
    });
    const input = world.move('big', 'copy', { onConflict, maxCopyBytes });
    const task = await taskFolder();
    await expect(runCopies(clients, input, task)).rejects.toMatchObject({ code: 'Network' });
    isDown = false;
    expect(await runCopies(clients, input, task)).toMatchObject({ done: 1, failed: 0 });
    expect([await world.keys(), await uploads()]).toEqual([keys, []]);
  });

  it.each([
    ['as it was', ['copy'], { done: 1, failed: 0 }],
    ['and written anew', ['big', 'copy'], { done: 0, failed: 1 }],
  ])('is known by the next process where its source is %s', async (after, keys, counts) => {
    await putInParts('big');
    await using tasks = await startWorkerWorld();
    const host = tasks.open();
    let [isDone, kills] = [false, 0];
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, async request => {
      if (kills > 0) return 'pass';
      if (isDone) {
        // It was done, but the process that hears nothing of it asks again.
        kills += 1;
        if (after !== 'as it was') await world.put('big', 'y'.repeat(12 * MIB));
        process.kill(host.pid!, 'SIGKILL');
        return 'cut';
      }
      isDone = isEnd(request);
      return isDone ? 'loseAnswer' : 'pass';
    });
    onTestFinished(() => host.dispose());
    const session = sessionOf(world.on.clientsAt(endpoint));
    const input = world.move('big', 'copy', { maxCopyBytes });
    const result = await host.run(session, { name: 'copyObjects', title: 'Move', input });
    expect({ ...(result as object), kills }).toMatchObject({ ...counts, kills: 1 });
    expect([await world.keys(), await uploads()]).toEqual([keys, []]);
  });
});
