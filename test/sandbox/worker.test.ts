import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import type { CreatedManifest } from '../../src/aws/selection/manifestTask.ts';
import type { ObjectSelection } from '../../src/aws/selection/selection.ts';
import { InterruptedTask, type WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import { readEntries } from '../../src/worker/journal.ts';
import { isLocked } from '../../src/worker/taskLock.ts';
import { BigBucket, type BigBucketOptions } from '../support/bigBucket.ts';
import { isAlive } from '../support/processes.ts';
import { sessionAt, startWorkerWorld, type WorkerWorld } from '../support/workerWorld.ts';

/** 20 MB of rows in three parts. */
const LONG = 1000;
const COUNT = 20_000;
const keyOf = (index: number): string => index.toString().padStart(LONG, '0');

const everything: ObjectSelection = {
  kind: 'listing',
  bucket: 'big',
  prefixes: [''],
  filter: {},
  versions: 'current',
};
const task = {
  name: 'createManifest',
  title: 'Create manifest',
  input: { selection: everything, bucket: 'big', key: 'manifest.csv' },
} as const;

async function world(options: Partial<BigBucketOptions> = {}) {
  const tasks = await startWorkerWorld();
  const bucket = await new BigBucket({ count: COUNT, keyOf, ...options }).start();
  onTestFinished(async () => {
    await tasks[Symbol.asyncDispose]();
    await bucket[Symbol.asyncDispose]();
  });
  return { tasks, bucket, session: sessionAt(bucket.endpoint) };
}

/** Holds back the answer to the request of an operation until it is let go. */
function gate(operation: string, nth = 1) {
  const reached = Promise.withResolvers<undefined>();
  const open = Promise.withResolvers<undefined>();
  let seen = 0;
  return {
    reached: reached.promise,
    open: () => open.resolve(undefined),
    before: async (request: { operation: string }): Promise<undefined> => {
      if (request.operation !== operation || ++seen !== nth) return;
      reached.resolve(undefined);
      await open.promise;
    },
  };
}

function expectEveryRow(bucket: BigBucket, count = COUNT): void {
  const rows = bucket.objects.get('manifest.csv')!.toString().split('\n');
  expect(rows.pop()).toBe('');
  expect(rows).toHaveLength(count);
  expect(rows.sort()).toEqual(Array.from({ length: count }, (_, index) => `big,${keyOf(index)}`));
}

/** What makes the process of a window go away at once. */
async function kill(host: WorkerHost): Promise<void> {
  const { pid } = host;
  process.kill(pid!, 'SIGKILL');
  await expect.poll(() => host.pid).not.toBe(pid);
}

async function onlyTask({ root }: WorkerWorld): Promise<string> {
  const entries = await readEntries(root);
  expect(entries).toHaveLength(1);
  return entries[0]!.id;
}

describe('the worker', () => {
  it('writes a manifest and leaves nothing in the journal', async () => {
    const { tasks, bucket, session } = await world();
    const seen: unknown[] = [];
    const result = await tasks.open().run(session, task, { onProgress: each => seen.push(each) });
    expect(result).toMatchObject({
      rows: COUNT,
      size: COUNT * (LONG + 5),
      fields: ['Bucket', 'Key'],
    });
    expectEveryRow(bucket);
    expect(seen.at(-1)).toMatchObject({ rows: COUNT });
    expect(bucket.uploads.size).toBe(0);
    expect(await tasks.tasks()).toEqual([]);
  });

  it.each([
    ['while it makes the upload', 'Create', 1],
    ['while it lists', 'List', 12],
    ['while it uploads the first part', 'Part', 1],
    ['while it uploads a later part', 'Part', 3],
    ['while it completes the upload', 'Complete', 1],
  ])('goes on when it is killed %s: no row twice, none lost', async (_, operation, nth) => {
    const at = gate(operation, nth);
    const { tasks, bucket, session } = await world({ before: at.before });
    const host = tasks.open();
    const result = host.run(session, task);
    await at.reached;
    await kill(host);
    at.open();
    expect(((await result) as CreatedManifest).rows).toBe(COUNT);
    expectEveryRow(bucket);
    expect(bucket.uploads.size).toBe(0);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('keeps a task of a window that was closed, and another window goes on with it', async () => {
    const at = gate('Part', 3);
    const { tasks, bucket, session } = await world({ before: at.before });
    const first = tasks.open();
    const result = first.run(session, task);
    await at.reached;
    const id = await onlyTask(tasks);
    expect(isLocked(tasks.root, id)).toBe(true);
    first.dispose();
    await expect(result).rejects.toMatchObject({ code: 'Cancelled' });
    at.open();
    await expect.poll(() => isLocked(tasks.root, id)).toBe(false);
    const listed = bucket.requests.filter(operation => operation === 'List').length;
    await tasks.open().continue(session, id);
    expectEveryRow(bucket);
    // What was listed before is not listed again.
    expect(bucket.requests.filter(operation => operation === 'List').length - listed).toBeLessThan(
      20,
    );
    expect(await tasks.tasks()).toEqual([]);
  });

  it('does not take a task that another window works on, nor do again what one has done', async () => {
    const at = gate('Part', 2);
    const { tasks, bucket, session } = await world({ before: at.before });
    const result = tasks.open().run(session, task);
    await at.reached;
    const id = await onlyTask(tasks);
    const other = tasks.open();
    await expect(other.continue(session, id)).rejects.toMatchObject({ reason: 'OtherWindow' });
    at.open();
    await result;
    await expect(other.continue(session, id)).rejects.toMatchObject({ code: 'NotFound' });
    expect(await tasks.tasks()).toEqual([]);
    expectEveryRow(bucket);
  });

  it('leaves nothing when it is cancelled', async () => {
    const at = gate('Part', 2);
    const { tasks, bucket, session } = await world({ before: at.before });
    const stop = new AbortController();
    const result = tasks.open().run(session, task, { signal: stop.signal });
    await at.reached;
    stop.abort();
    at.open();
    await expect(result).rejects.toMatchObject({ code: 'Cancelled' });
    expect([bucket.uploads.size, bucket.objects.size]).toEqual([0, 0]);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('keeps what the network interrupted, to be continued or discarded', async () => {
    let broken = true;
    const before = ({ operation }: { operation: string }) =>
      broken && operation === 'Part' ? ('cut' as const) : undefined;
    const { tasks, bucket, session } = await world({ before });
    const host = tasks.open();
    const failure: unknown = await host.run(session, task).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InterruptedTask);
    expect((failure as InterruptedTask).cause).toMatchObject({ code: 'Network' });
    expect(bucket.uploads.size).toBe(1);
    const id = await onlyTask(tasks);
    broken = false;
    await host.discard(session, id);
    expect([bucket.uploads.size, bucket.objects.size]).toEqual([0, 0]);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('asks its window for credentials, and says what it answers', async () => {
    const { tasks, bucket } = await world();
    const provider = vi.fn(() =>
      Promise.reject(new BrigadeError('CredentialsExpired', 'Sign in', { subject: 'prod' })),
    );
    const failure: unknown = await tasks
      .open()
      .run(sessionAt(bucket.endpoint, provider), task)
      .catch((error: unknown) => error);
    expect((failure as Error).cause).toMatchObject({ code: 'CredentialsExpired', subject: 'prod' });
    expect(provider).toHaveBeenCalled();
    expect(bucket.requests).toEqual([]);
  });

  it('gives no process credentials that one before it has asked for', async () => {
    const { tasks, bucket, session } = await world({ count: 5 });
    const other = (await world({ count: 5 })).bucket;
    const host = tasks.open();
    // The first question of this process.
    await host.run(session, task);
    const late = Promise.withResolvers<{ accessKeyId: string; secretAccessKey: string }>();
    const never = new Promise<never>(() => undefined);
    const mine = vi.fn(() => never).mockReturnValueOnce(late.promise as Promise<never>);
    const theirs = vi.fn(() => never);
    const first = host.run(sessionAt(bucket.endpoint, mine), task).catch(() => undefined);
    await expect.poll(() => mine).toHaveBeenCalledTimes(1);
    await kill(host);
    await expect.poll(() => mine).toHaveBeenCalledTimes(2);
    const second = host.run(sessionAt(other.endpoint, theirs), task).catch(() => undefined);
    await expect.poll(() => theirs).toHaveBeenCalledTimes(1);
    late.resolve({ accessKeyId: 'AKIAMINE', secretAccessKey: 'secret' });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(other.requests).toEqual([]);
    host.dispose();
    await Promise.all([first, second]);
  });

  it('asks by the proxy that its environment names', async () => {
    const { tasks, bucket } = await world({ count: 5 });
    const asked = new Set<string>();
    const proxy = createServer((incoming, response) => {
      const url = new URL(incoming.url ?? '');
      asked.add(url.host);
      const { method, headers } = incoming;
      const upstream = request(bucket.endpoint + url.pathname + url.search, { method, headers });
      upstream.on('response', answer =>
        answer.pipe(response.writeHead(answer.statusCode!, answer.headers)),
      );
      incoming.pipe(upstream);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => {
      proxy.close().closeAllConnections();
    });
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const host = tasks.open(undefined, { HTTP_PROXY: address, NO_PROXY: 'localhost' });
    await host.run(sessionAt('http://s3.nowhere.invalid'), task);
    expect(asked).toEqual(new Set(['s3.nowhere.invalid']));
    expectEveryRow(bucket, 5);
  });

  it('ends when nothing was asked of it for a while', async () => {
    const { tasks, session } = await world({ count: 5 });
    const host = tasks.open(50);
    await host.run(session, task);
    const { pid } = host;
    await expect.poll(() => isAlive(pid!)).toBe(false);
    await host.run(session, { ...task, input: { ...task.input, key: 'again.csv' } });
  });
});
