import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InterruptedWork } from '../../src/aws/interruption.ts';
import { downloadFiles, discardDownloads } from '../../src/aws/transfers/downloadFiles.ts';
import type { BegunDownload } from '../../src/aws/transfers/downloadInRanges.ts';
import type { TransferResult } from '../../src/aws/transfers/transfer.ts';
import { discardUploads, uploadFiles } from '../../src/aws/transfers/uploadFiles.ts';
import { uploadsOfTasks } from '../../src/vscode/hostedWorker/taskUploads.ts';
import { InterruptedTask, type WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import { isLocked } from '../../src/worker/taskLock.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { sessionOf, startWorkerWorld } from '../support/workerWorld.ts';
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

/** A line whose fate can be changed while it is used, and what was asked over it. */
async function line() {
  const asked: PassedRequest[] = [];
  const state: { fate: (request: PassedRequest) => Fate | Promise<Fate> } = {
    fate: () => 'pass',
  };
  const clients = world.clientsAt(
    await startS3Proxy(world.sandbox.endpoint, request => {
      asked.push(request);
      return state.fate(request);
    }),
  );
  return {
    asked,
    state,
    clients,
    // Which, not how many: a request whose connection broke is made once more.
    parts: () => new Set(asked.flatMap(({ path }) => /partNumber=\d+/.exec(path) ?? [])).size,
    ranges: () => new Set(asked.flatMap(({ headers }) => headers.range ?? [])).size,
  };
}

async function interruption(work: Promise<unknown>): Promise<InterruptedWork> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InterruptedWork);
  return thrown as InterruptedWork;
}

/** Milliseconds: a test waits for no network. */
const IMPATIENT = { patience: 1 };

describe('a network that is gone', () => {
  it('keeps the parts of an upload, and it goes on with them when it is back', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const uploads = [await files.large('large', 60 * MIB), await files.file('small', 'x')];
    const { clients, state, parts, asked } = await line();
    let isGone = false;
    state.fate = ({ path }) => {
      isGone ||= path.includes('partNumber=7');
      return isGone ? 'cut' : 'pass';
    };
    const journal = new KeptJournal();
    const input = { bucket, files: uploads, most: 1 };
    const interrupted = await interruption(uploadFiles(clients, input, journal, IMPATIENT));
    expect(interrupted).toMatchObject({ code: 'Network' });
    expect(interrupted.result).toMatchObject({ done: [], failed: [], left: [0, 1] });
    expect(await unfinishedUploads(world.clients, bucket)).toEqual(['large']);
    const there = await partsThere(world.clients, bucket, 'large');
    expect(there).toBeGreaterThan(0);
    [state.fate, asked.length] = [() => 'pass', 0];
    expect(await uploadFiles(clients, input, journal)).toEqual({ ...OK, done: [0, 1] });
    expect(parts()).toBe(8 - there);
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    expect(await keysIn(world.clients, bucket)).toEqual(['large', 'small']);
  });

  it('keeps the ranges of a download, and it goes on with them when it is back', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 80 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const { clients, state, ranges, asked } = await line();
    let seen = 0;
    state.fate = ({ headers }) => (headers.range !== undefined && ++seen > 3 ? 'cut' : 'pass');
    const journal = new KeptJournal();
    const input = { files: [files.target(bucket, 'large', file.size, 'back')], most: 8 };
    const patience = { patience: 1000 };
    const interrupted = await interruption(downloadFiles(clients, input, journal, patience));
    expect(interrupted.result).toMatchObject({
      done: [],
      left: [0],
      stoppedBy: { code: 'Network' },
    });
    expect(await files.names()).toHaveLength(2);
    const { done, rangeSize } = downloadIn(journal);
    const there = Object.keys(done).length;
    expect(there).toBeGreaterThan(0);
    [state.fate, asked.length] = [() => 'pass', 0];
    const progress: number[] = [];
    const down = await downloadFiles(clients, input, journal, {
      onProgress: ({ bytes }) => progress.push(bytes),
    });
    expect(down).toEqual({ ...OK, done: [0] });
    expect(ranges()).toBe(Math.ceil(file.size / rangeSize) - there);
    expect(progress.at(-1)).toBe(file.size);
    expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
    expect(await files.names()).toEqual(['back', 'large']);
  });

  it('leaves nothing when what it kept is discarded', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    const { clients, state } = await line();
    state.fate = ({ path, headers }) =>
      path.includes('partNumber=4') || headers.range?.startsWith('bytes=16') ? 'cut' : 'pass';
    const up = new KeptJournal();
    const input = { bucket, files: [file], most: 8 };
    await interruption(uploadFiles(clients, input, up, IMPATIENT));
    await discardUploads(world.clients, input, up);
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    expect(await keysIn(world.clients, bucket)).toEqual([]);
    await uploadFiles(world.clients, input, undefined);
    const down = new KeptJournal();
    const targets = { files: [files.target(bucket, 'large', file.size, 'back')], most: 8 };
    await interruption(downloadFiles(clients, targets, down, IMPATIENT));
    expect(await files.names()).toHaveLength(2);
    await discardDownloads(down);
    expect(await files.names()).toEqual(['large']);
  });

  it('does not go on with what is damaged, nor with another object', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 40 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const { clients, state } = await line();
    let seen = 0;
    state.fate = ({ headers }) => (headers.range !== undefined && ++seen > 1 ? 'cut' : 'pass');
    const journal = new KeptJournal();
    const input = { files: [files.target(bucket, 'large', file.size, 'back')], most: 8 };
    await interruption(downloadFiles(clients, input, journal, IMPATIENT));
    const other = await files.large('large', 40 * MIB);
    await uploadFiles(world.clients, { bucket, files: [other], most: 8 }, undefined);
    state.fate = () => 'pass';
    expect(await downloadFiles(clients, input, journal)).toEqual({ ...OK, done: [0] });
    expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
    expect(await files.names()).toEqual(['back', 'large']);
  });
});

describe('in a worker of its own', { timeout: 60_000 }, () => {
  async function windows() {
    const tasks = await startWorkerWorld();
    onTestFinished(() => tasks[Symbol.asyncDispose]());
    return tasks;
  }

  async function kill(host: WorkerHost): Promise<void> {
    const { pid } = host;
    process.kill(pid!, 'SIGKILL');
    await expect.poll(() => host.pid).not.toBe(pid);
  }

  /** Holds the first requests that are so, until it is let go. */
  function hold(is: (request: PassedRequest) => boolean, after: number) {
    const reached = Promise.withResolvers<undefined>();
    const open = Promise.withResolvers<undefined>();
    let seen = 0;
    return {
      reached: reached.promise,
      open: () => open.resolve(undefined),
      fate: async (request: PassedRequest): Promise<Fate> => {
        if (!is(request) || ++seen <= after) return 'pass';
        reached.resolve(undefined);
        await open.promise;
        return 'pass';
      },
    };
  }

  const isPart = ({ path }: PassedRequest): boolean => path.includes('partNumber=');
  const isRange = ({ headers }: PassedRequest): boolean => headers.range !== undefined;

  it('an upload that is killed goes on: nothing twice, no part left', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const uploads = [await files.large('large', 80 * MIB)];
    for (let at = 0; at < 40; at++) uploads.push(await files.file(`s${at}`, `${at}`));
    const { clients, state, parts, asked } = await line();
    const at = hold(isPart, 4);
    state.fate = at.fate;
    const tasks = await windows();
    const host = tasks.open();
    const input = { bucket, files: uploads, most: 16 };
    const result = host.run(sessionOf(clients), { name: 'uploadFiles', title: 'Up', input });
    await at.reached;
    await expect.poll(() => partsThere(world.clients, bucket, 'large')).toBe(4);
    // Another window sees that it is uploaded now.
    expect(await knownUploads(tasks.root)).toEqual([
      ['Up', true, pathToFileURL(uploads[0]!.path).href],
    ]);
    await expect.poll(() => keysIn(world.clients, bucket)).toHaveLength(40);
    await kill(host);
    [state.fate, asked.length] = [() => 'pass', 0];
    at.open();
    expect(await result).toEqual({ ...OK, done: uploads.map((_, index) => index) });
    expect(parts()).toBe(10 - 4);
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    expect(await keysIn(world.clients, bucket)).toHaveLength(41);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('a download that is killed goes on: no other file beside it', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 80 * MIB);
    await uploadFiles(world.clients, { bucket, files: [file], most: 8 }, undefined);
    const { clients, state } = await line();
    const at = hold(isRange, 3);
    state.fate = at.fate;
    const tasks = await windows();
    const host = tasks.open();
    const input = { files: [files.target(bucket, 'large', file.size, 'back')], most: 8 };
    const result = host.run(sessionOf(clients), { name: 'downloadFiles', title: 'Down', input });
    await at.reached;
    await kill(host);
    state.fate = () => 'pass';
    at.open();
    expect(await result).toEqual({ ...OK, done: [0] });
    expect(digest(await files.read('back'))).toBe(digest(await files.read('large')));
    expect(await files.names()).toEqual(['back', 'large']);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('stays paused when its process is killed, in the middle of a file', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const file = await files.large('large', 80 * MIB);
    const { clients, state, parts, asked } = await line();
    const at = hold(isPart, 2);
    state.fate = at.fate;
    const tasks = await windows();
    const host = tasks.open();
    let tell: (isPaused: boolean) => void = () => undefined;
    const onDidPause = (listener: (isPaused: boolean) => void) => {
      tell = listener;
      return { dispose: () => undefined };
    };
    const input = { bucket, files: [file], most: 8 };
    const task = { name: 'uploadFiles', title: 'Up', input } as const;
    const result = host.run(sessionOf(clients), task, { onDidPause });
    await at.reached;
    tell(true);
    await kill(host);
    [state.fate, asked.length] = [() => 'pass', 0];
    at.open();
    const [id = ''] = await tasks.tasks();
    await expect.poll(() => isLocked(tasks.root, id)).toBe(true);
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(parts()).toBe(0);
    tell(false);
    expect(await result).toEqual({ ...OK, done: [0] });
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
  });

  it('credentials that end half way keep what is there, for another window', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const uploads = [await files.large('large', 60 * MIB), await files.file('s', 's')];
    const { clients, state } = await line();
    state.fate = ({ path }) => (path.includes('partNumber=5') ? 'expire' : 'pass');
    const tasks = await windows();
    const input = { bucket, files: uploads, most: 1 };
    const run = tasks.open().run(sessionOf(clients), { name: 'uploadFiles', title: 'Up', input });
    const failure: unknown = await run.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InterruptedTask);
    const { id, result, cause } = failure as InterruptedTask;
    expect(cause).toMatchObject({ code: 'CredentialsExpired' });
    expect((result as TransferResult).left).toEqual([0, 1]);
    expect(await unfinishedUploads(world.clients, bucket)).toEqual(['large']);
    const source = pathToFileURL(uploads[0]!.path).href;
    expect(await knownUploads(tasks.root)).toEqual([['Up', false, source]]);
    state.fate = () => 'pass';
    const continued = await tasks.open().continue(sessionOf(clients), id);
    expect(continued).toEqual({ ...OK, done: [0, 1] });
    expect(await digestOf(world.clients, bucket, 'large')).toBe(digest(await files.read('large')));
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    expect(await tasks.tasks()).toEqual([]);
  });

  it('two windows that bring the same files bring each whole', async () => {
    await using files = await LocalFiles.make();
    const bucket = await world.bucket();
    const uploads = [await files.large('large', 17 * MIB)];
    for (let at = 0; at < 10; at++) uploads.push(await files.file(`s${at}`, `${at}`.repeat(99)));
    const tasks = await windows();
    const up = {
      name: 'uploadFiles',
      title: 'Up',
      input: { bucket, files: uploads, most: 8 },
    } as const;
    const session = sessionOf(world.clients);
    const all = { ...OK, done: uploads.map((_, at) => at) };
    const hosts = [tasks.open(), tasks.open()];
    expect(await Promise.all(hosts.map(host => host.run(session, up)))).toEqual([all, all]);
    expect(await keysIn(world.clients, bucket)).toHaveLength(uploads.length);
    expect(await unfinishedUploads(world.clients, bucket)).toEqual([]);
    await using there = await LocalFiles.make();
    const targets = uploads.map(({ key, size }) => there.target(bucket, key, size));
    const down = {
      name: 'downloadFiles',
      title: 'Down',
      input: { files: targets, most: 8 },
    } as const;
    expect(await Promise.all(hosts.map(host => host.run(session, down)))).toEqual([all, all]);
    for (const { key } of uploads) expect(await there.read(key)).toEqual(await files.read(key));
    expect(await there.names()).toHaveLength(uploads.length);
    expect(await tasks.tasks()).toEqual([]);
  });
});

function downloadIn({ kept }: KeptJournal): BegunDownload {
  return (kept as { parts: Record<number, BegunDownload> }).parts[0]!;
}

/** What is shown of uploads that tasks have begun. */
async function knownUploads(root: string): Promise<unknown[]> {
  const known = [...(await uploadsOfTasks(root)).values()];
  return known.map(({ title, isRunning, source }) => [title, isRunning, source]);
}
