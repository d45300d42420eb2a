import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TransferResult } from '../../src/aws/transfers/transfer.ts';
import { uploadFiles } from '../../src/aws/transfers/uploadFiles.ts';
import { InterruptedTask } from '../../src/vscode/hostedWorker/workerHost.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { sessionOf, startWorkerWorld } from '../support/workerWorld.ts';
import { LocalFiles, MIB } from './transferWorld.ts';

const folder = mkdtempSync(join(tmpdir(), 'bb-full-'));
const isMounted = mount();
afterAll(() => {
  if (isMounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** A disk of 40 MiB, where the machine lets us have one. */
function mount(): boolean {
  try {
    const options = ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder];
    execFileSync('mount', options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!isMounted)('a disk that is full (needs the right to mount one)', () => {
  let world: SandboxClients;
  let bucket: string;
  let sources: LocalFiles;
  beforeAll(async () => {
    world = await startSandboxClients();
    bucket = await world.bucket();
    sources = await LocalFiles.make();
    const files = [await sources.large('large', 60 * MIB), await sources.large('small', 3 * MIB)];
    await uploadFiles(world.clients, { bucket, files, most: 8 }, undefined);
  });
  afterAll(async () => {
    await sources[Symbol.asyncDispose]();
    await world.close();
  });
  beforeEach(async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name));
  });

  /** Downloads until the disk is full. */
  async function fill(key: string, size: number) {
    const tasks = await startWorkerWorld();
    onTestFinished(() => tasks[Symbol.asyncDispose]());
    const host = tasks.open();
    const input = { files: [{ bucket, key, size, folder, names: [key] }], most: 8 };
    const task = { name: 'downloadFiles', title: 'Down', input } as const;
    const failure: unknown = await host
      .run(sessionOf(world.clients), task)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InterruptedTask);
    const { id, cause, result } = failure as InterruptedTask;
    expect(cause).toMatchObject({ code: 'DiskFull' });
    expect((result as TransferResult).left).toEqual([0]);
    return { host, id, tasks };
  }

  it('keeps what is there of a large file, which goes on when there is space', async () => {
    await writeFile(join(folder, 'in the way'), Buffer.alloc(20 * MIB));
    const { host, id, tasks } = await fill('large', 60 * MIB);
    const unfinished = await readdir(folder);
    expect(unfinished).toHaveLength(2);
    await rm(join(folder, 'in the way'));
    execFileSync('mount', ['-o', 'remount,size=100m', folder]);
    const session = sessionOf(world.clients);
    expect(await host.continue(session, id)).toMatchObject({ done: [0], failed: [] });
    const bytes = await readFile(join(folder, 'large'));
    expect(bytes.equals(await sources.read('large'))).toBe(true);
    expect(await readdir(folder)).toEqual(['large']);
    expect(await tasks.tasks()).toEqual([]);
    await rm(join(folder, 'large'));
    execFileSync('mount', ['-o', 'remount,size=40m', folder]);
  });

  it('is as free as before when that is discarded, and keeps what a file was', async () => {
    await writeFile(join(folder, 'large'), 'older');
    const { host, id, tasks } = await fill('large', 60 * MIB);
    await host.discard(sessionOf(world.clients), id);
    expect(await readdir(folder)).toEqual(['large']);
    expect(await readFile(join(folder, 'large'), 'utf8')).toBe('older');
    expect(await tasks.tasks()).toEqual([]);
  });

  it('has nothing of a small file', async () => {
    await writeFile(join(folder, 'in the way'), Buffer.alloc(39 * MIB));
    const { host, id } = await fill('small', 3 * MIB);
    expect(await readdir(folder)).toEqual(['in the way']);
    await host.discard(sessionOf(world.clients), id);
  });
});
