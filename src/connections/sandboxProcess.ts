import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { guardChild } from '../system/childProcess.ts';

/** How to reach a running sandbox: the first line it prints. */
export interface SandboxAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SandboxProcess {
  readonly address: SandboxAddress;
  readonly pid: number;
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<void>;
  /** Asks it to end, waits, and after `patience` milliseconds ends it by force. */
  stop(timeoutMs?: number): Promise<void>;
}

export interface SandboxProgram {
  /** `dist/sandbox.js`. */
  readonly program: string;
  readonly dataDir: string;
  /** `0` for the one of last time, or any. */
  readonly port: number;
  /** Milliseconds before each task of a batch job. */
  readonly taskDelay: number;
  /** The lab's buckets are made when they are not there. */
  readonly lab: boolean;
  /** Milliseconds until the first line has to be there. */
  readonly timeoutMs: number;
  readonly onLog: (line: string) => void;
}

export type SandboxFailure =
  | 'portTaken'
  | 'dataFolder'
  | 'diskFull'
  | 'inUse'
  | 'timeout'
  | 'crashed'
  | 'stopped'
  /** What is in the data folder can't be used: only another folder helps. */
  | 'newerFolder'
  | 'damagedFolder'
  | 'foreignFolder';

/** Why a sandbox did not start. The message is what the sandbox said, in English. */
export class SandboxStartError extends Error {
  override readonly name = 'SandboxStartError';
  readonly failure: SandboxFailure;

  constructor(failure: SandboxFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/**
 * Starts the sandbox as a child process and waits for its address. It ends with this process,
 * however that ends: it watches its stdin.
 *
 * @throws SandboxStartError
 */
export async function startSandboxProcess(options: SandboxProgram): Promise<SandboxProcess> {
  const env = sandboxEnvironment();
  const child = guardChild(
    spawn(process.execPath, argumentsFor(options), { env, stdio: ['pipe', 'pipe', 'pipe'] }),
  );
  const exited = new Promise<void>(resolve => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const said = keepLastLines(child, options.onLog);
  try {
    const address = await firstLine(child, options.timeoutMs, said);
    return {
      address,
      pid: child.pid ?? 0,
      exited,
      stop: patience => stop(child, exited, patience),
    };
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
}

function argumentsFor(options: SandboxProgram): string[] {
  return [
    options.program,
    ...['--data', options.dataDir, '--port', String(options.port)],
    '--parent-stdin',
    ...(options.taskDelay > 0 ? ['--task-delay', String(options.taskDelay)] : []),
    ...(options.lab ? ['--lab'] : []),
  ];
}

/**
 * What a program needs to find files, speak a language and start at all; compared in upper case.
 */
const PASSED_ON = new Set([
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'LANGUAGE', 'TZ', 'LD_LIBRARY_PATH'],
  ...['USERPROFILE', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT'],
]);

/**
 * The environment that a sandbox is started with: nothing of ours but these names. Tokens and keys in it
 * are none of its business, and the code of its functions could read them in /proc.
 */
export function sandboxEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => PASSED_ON.has(name.toUpperCase()) || name.startsWith('LC_'),
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function keepLastLines(child: Child, onLog: (line: string) => void): string[] {
  const last: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => {
    onLog(line);
    last.push(line);
    if (last.length > 20) last.shift();
  });
  return last;
}

/** Milliseconds in which what a process that has ended said last arrives. */
const LAST_WORDS_MS = 500;

async function firstLine(child: Child, patience: number, said: string[]): Promise<SandboxAddress> {
  return await new Promise<SandboxAddress>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SandboxStartError('timeout', `No address after ${patience} ms`));
    }, patience);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(startError([...said, why].join('\n')));
    };
    child.once('error', error => fail(error.message));
    const ended = (code: number | null, signal: string | null): void =>
      fail(`Ended with ${signal ?? `exit code ${code ?? '?'}`}`);
    child.once('close', ended);
    // Another process may hold its pipes open for longer.
    child.once('exit', (code, signal) => setTimeout(() => ended(code, signal), LAST_WORDS_MS));
    createInterface({ input: child.stdout }).once('line', line => {
      clearTimeout(timer);
      const address = parseAddress(line);
      if (address) resolve(address);
      else fail(`First line is not an address: ${line.slice(0, 80)}`);
    });
  });
}

/** A sandbox's address from its JSON, or undefined if that is something else. */
export function parseAddress(json: string): SandboxAddress | undefined {
  const value = parseJson(json);
  const fields = ['endpoint', 'region', 'accountId', 'accessKeyId', 'secretAccessKey'] as const;
  if (typeof value !== 'object' || value === null) return undefined;
  const found = fields.map(field => [field, (value as Record<string, unknown>)[field]] as const);
  if (!found.every(([, text]) => typeof text === 'string' && text !== '')) return undefined;
  return Object.fromEntries(found) as unknown as SandboxAddress;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function startError(said: string): SandboxStartError {
  return new SandboxStartError(failureOf(said), said);
}

/** By the sandbox's own sentences and, for what it does not foresee, the system's error codes. */
const FAILURES: readonly (readonly [SandboxFailure, RegExp])[] = [
  ['damagedFolder', /^The data folder .* is damaged: /m],
  ['newerFolder', /^The data folder .* was used by a newer version/m],
  ['foreignFolder', /^The folder .* holds the database of another program/m],
  ['portTaken', /EADDRINUSE|\bport \d+ (on \S+ is taken|may not be used)/i],
  ['diskFull', /ENOSPC|EDQUOT|SQLITE_FULL|disk\b.* is full/i],
  ['inUse', /in use by another|database is locked/i],
  ['dataFolder', /EACCES|EROFS|EPERM|ENOTDIR|EEXIST|not writable|readonly database/i],
];

/** Distinguishes the kinds of failure by what was said last. */
export function failureOf(said: string): SandboxFailure {
  return FAILURES.find(([, pattern]) => pattern.test(said))?.[0] ?? 'crashed';
}

async function stop(child: Child, exited: Promise<void>, patience = 5000): Promise<void> {
  child.stdin.end();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await exited;
  clearTimeout(timer);
}
