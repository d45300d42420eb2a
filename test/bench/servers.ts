import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Target } from './signedRequest.ts';

/** A server in a process of its own, ready for requests. */
export interface Server extends Target, AsyncDisposable {
  readonly pid: number;
  readonly accountId: string;
}

const SANDBOX = fileURLToPath(new URL('../../dist/sandbox.js', import.meta.url));
const MOTO = fileURLToPath(new URL('moto_server.py', import.meta.url));

/** Starts the sandbox as it is shipped, on a data folder; `profileDir` gets a CPU profile at its end. */
export async function startSandboxProcess(
  dataDir: string,
  profileDir: string | undefined,
): Promise<Server> {
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const child = spawn(
    process.execPath,
    [...profiling, SANDBOX, '--port', '0', '--data', dataDir, '--parent-stdin'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const target = JSON.parse(await lineOf(child, child.stdout, /^\{/)) as Omit<Server, 'pid'>;
  return { ...target, ...stoppable(child) };
}

/** Whether this machine's Python can run moto's server. */
export function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0;
}

/** Whether this machine's Python has boto3. */
export function hasBoto3(): boolean {
  return spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0;
}

/** Starts moto's server with a bucket of `keys` objects named `many/0000000` and so on. */
export async function startMoto(bucket: string, keys: number): Promise<Server> {
  const child = spawn('python3', [MOTO, bucket, keys.toString()], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const line = await lineOf(child, child.stderr, /Running on http/);
  const endpoint = /http:\/\/[\d.:]+/.exec(line)?.[0] ?? '';
  return {
    endpoint,
    region: 'us-east-1',
    accountId: '123456789012',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'secret',
    ...stoppable(child),
  };
}

/** The most memory a process has held at once, in MB (Linux's VmHWM). */
export function peakMemoryMb(pid: number): number {
  return statusMb(pid, 'VmHWM');
}

/** The memory a process holds now, in MB (Linux's VmRSS). */
export function memoryMb(pid: number): number {
  return statusMb(pid, 'VmRSS');
}

function statusMb(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm');
  const kilobytes = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) / 1024;
}

function stoppable(child: ChildProcess): { pid: number } & AsyncDisposable {
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Waits for a line and goes on draining the stream, so that the child is never blocked on it. */
function lineOf(child: ChildProcess, stream: Readable, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`${child.spawnfile} exited with ${code ?? ''}`)));
    createInterface(stream).on('line', line => {
      if (pattern.test(line)) resolve(line);
    });
  });
}
