import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { identify } from '../../src/aws/identify.ts';
import { LocalSandbox, type SandboxState } from '../../src/connections/localSandbox.ts';
import { isProcessAlive, readSandboxRecord } from '../../src/connections/sandboxRecord.ts';
import type { SandboxAddress } from '../../src/connections/sandboxProcess.ts';
import { modesCount } from '../support/posix.ts';

const PROGRAM = path.resolve(import.meta.dirname, '..', '..', 'src', 'sandbox', 'main.ts');

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bb-local-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What one window has: its own manager of the sandbox in a folder. */
function openWindow(dataDir: string, settings: { port?: number; rivalPatience?: number } = {}) {
  const states: SandboxState[] = [];
  const sandbox = new LocalSandbox({
    program: PROGRAM,
    dataDir,
    settings: () => ({ port: settings.port ?? 0, taskDelay: 0 }),
    lab: false,
    rivalPatience: settings.rivalPatience,
    identify: async address => (await identifyAt(address)).accountId,
    onLog: () => undefined,
    onDidChangeState: state => states.push(state),
  });
  cleanUps.push(() => sandbox.stop());
  return { sandbox, states };
}

async function identifyAt({ endpoint, region, accessKeyId, secretAccessKey }: SandboxAddress) {
  return await identify({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

async function pidIn(dataDir: string): Promise<number> {
  const record = await readSandboxRecord(dataDir);
  return record!.pid;
}

describe('the local sandbox', () => {
  it('starts on demand, once for all who need it, and answers', async () => {
    const { sandbox, states } = openWindow(await newFolder());
    expect(sandbox.state).toBe('stopped');
    const [address, again] = await Promise.all([sandbox.use(), sandbox.use()]);
    expect(again).toEqual(address);
    expect((await identifyAt(address)).accountId).toBe(address.accountId);
    expect(states).toEqual(['starting', 'running']);
  });

  it('goes on after it was killed, with the same keys and the same port', async () => {
    const dataDir = await newFolder();
    const { sandbox } = openWindow(dataDir);
    const address = await sandbox.use();
    process.kill(await pidIn(dataDir), 'SIGKILL');
    await expect.poll(() => sandbox.state).toBe('stopped');
    expect(await sandbox.use()).toEqual(address);
    await identifyAt(address);
  });

  it('tells every window what was asked to go wrong in it', async () => {
    const dataDir = await newFolder();
    const one = openWindow(dataDir).sandbox;
    const other = openWindow(dataDir).sandbox;
    await one.use();
    await other.use();
    const file = path.join(dataDir, 'faults.json');
    const both = () => [one.faults, other.faults];
    expect(both()).toEqual([undefined, undefined]);
    await writeFile(file, '{"rules":[{"fault":"SlowDown","share":0.5}]}');
    const faults = { rules: ['SlowDown 50 %'] };
    await expect.poll(both).toEqual([faults, faults]);
    await writeFile(file, '{"rules":[{"fault":"slow"}]}');
    const said = expect.stringContaining('rule 1: "fault" must be') as string;
    const wrong = { rules: [], problem: said };
    await expect.poll(both).toEqual([wrong, wrong]);
    await rm(file);
    await expect.poll(both).toEqual([undefined, undefined]);
  });

  it('stays stopped when the user stopped it, until asked again', async () => {
    const dataDir = await newFolder();
    const { sandbox, states } = openWindow(dataDir);
    await sandbox.use();
    const pid = await pidIn(dataDir);
    await sandbox.stop();
    expect(isProcessAlive(pid)).toBe(false);
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'stopped' });
    await sandbox.start();
    expect(states).toEqual(['starting', 'running', 'stopped', 'starting', 'running']);
  });

  it('is shared by two windows; when it ends, the other one starts it again', async () => {
    const dataDir = await newFolder();
    const first = openWindow(dataDir);
    const second = openWindow(dataDir);
    const address = await first.sandbox.use();
    const pid = await pidIn(dataDir);
    expect(await second.sandbox.use()).toEqual(address);
    expect(await pidIn(dataDir)).toBe(pid);
    await first.sandbox.stop();
    expect(second.sandbox.state).toBe('stopped');
    expect(await second.sandbox.use()).toMatchObject({ accessKeyId: address.accessKeyId });
    expect(await pidIn(dataDir)).not.toBe(pid);
  });

  it('is shared by two windows that need it at the same moment', async () => {
    const dataDir = await newFolder();
    const windows = [openWindow(dataDir), openWindow(dataDir)];
    const [one, other] = await Promise.all(windows.map(({ sandbox }) => sandbox.use()));
    expect(one).toEqual(other);
  });

  it('is not taken for alive by a record that another program’s process id is in', async () => {
    const dataDir = await newFolder();
    const { sandbox } = openWindow(dataDir);
    const stale = {
      ...{ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', accountId: '123456789012' },
      ...{ accessKeyId: 'AKIAOLD', secretAccessKey: 'old', pid: process.pid },
    };
    await writeFile(path.join(dataDir, 'sandbox.json'), JSON.stringify(stale));
    const address = await sandbox.use();
    expect(address.accessKeyId).not.toBe('AKIAOLD');
  });

  it('that has ended is not stopped by its process id, which another program may have now', async () => {
    const dataDir = await newFolder();
    const first = openWindow(dataDir);
    const second = openWindow(dataDir);
    await first.sandbox.use();
    const bystander = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    cleanUps.push(() => Promise.resolve(bystander.kill('SIGKILL')));
    const file = path.join(dataDir, 'sandbox.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...record, pid: bystander.pid }));
    await second.sandbox.use();
    await first.sandbox.stop();
    await second.sandbox.stop();
    await sleep(100);
    expect(isProcessAlive(bystander.pid!)).toBe(true);
    expect(bystander.signalCode).toBeNull();
  });

  it('forgets everything on reset', async () => {
    const dataDir = await newFolder();
    const { sandbox } = openWindow(dataDir);
    const before = await sandbox.use();
    await sandbox.reset();
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
    const after = await sandbox.start();
    expect(after.secretAccessKey).not.toBe(before.secretAccessKey);
  });
});

describe('a sandbox that cannot start says why:', () => {
  it('the port is taken', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => new Promise(resolve => server.close(resolve)));
    const { port } = server.address() as { port: number };
    const { sandbox, states } = openWindow(await newFolder(), { port });
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'portTaken' });
    expect(states).toEqual(['starting', 'stopped']);
  });

  it('the folder cannot be made', async () => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, '');
    const { sandbox } = openWindow(path.join(file, 'sandbox'));
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'dataFolder' });
  });

  it.runIf(modesCount)('the folder may not be written to', async () => {
    const dataDir = await newFolder();
    await chmod(dataDir, 0o500);
    const { sandbox } = openWindow(dataDir);
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'dataFolder' });
  });

  it('what is in the folder is damaged; a reset keeps it aside', async () => {
    const dataDir = path.join(await newFolder(), 'sandbox');
    const { sandbox } = openWindow(dataDir);
    const before = await sandbox.use();
    await sandbox.stop();
    await writeFile(path.join(dataDir, 'sandbox.sqlite'), 'no database');
    const began = performance.now();
    await expect(sandbox.start()).rejects.toMatchObject({ failure: 'damagedFolder' });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(sandbox.folderUnusable).toBe(true);
    const aside = await sandbox.setAside();
    expect(aside.startsWith(`${dataDir}-`)).toBe(true);
    expect(await readFile(path.join(aside, 'sandbox.sqlite'), 'utf8')).toBe('no database');
    const after = await sandbox.start();
    expect(after.accessKeyId).not.toBe(before.accessKeyId);
    expect(sandbox.folderUnusable).toBe(false);
  });

  it('a folder stands where a file goes, which shows only once it listens', async () => {
    const dataDir = await newFolder();
    await mkdir(path.join(dataDir, 'sandbox.json', 'inside'), { recursive: true });
    const { sandbox } = openWindow(dataDir);
    const began = performance.now();
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'dataFolder' });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('another program holds the folder and answers to nobody', async () => {
    const dataDir = await newFolder();
    const holder = openWindow(dataDir);
    await holder.sandbox.use();
    await rm(path.join(dataDir, 'sandbox.json'));
    const { sandbox } = openWindow(dataDir, { rivalPatience: 600 });
    await expect(sandbox.use()).rejects.toMatchObject({ failure: 'inUse' });
  });
});

it('the sandbox ends with the window that started it, even one that is killed', async () => {
  const dataDir = await newFolder();
  const window = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { startSandboxProcess } from ${JSON.stringify(
        new URL('../../src/connections/sandboxProcess.ts', import.meta.url).href,
      )};
      await startSandboxProcess({ program: ${JSON.stringify(PROGRAM)}, dataDir: ${JSON.stringify(dataDir)},
        port: 0, taskDelay: 0, lab: false, timeoutMs: 20_000, onLog() {} });
      console.log('started');`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await Promise.race([
    once(window.stdout, 'data'),
    once(window, 'exit').then(() => expect.unreachable('the window ended before it had a sandbox')),
  ]);
  const pid = await pidIn(dataDir);
  window.kill('SIGKILL');
  await expect.poll(() => isProcessAlive(pid)).toBe(false);
});
