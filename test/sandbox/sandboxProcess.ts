import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));

/** The first line that a sandbox prints. */
export interface PrintedSandbox {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SandboxProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly printed: PrintedSandbox;
  /** Sends a signal and waits for the end; answers the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the sandbox as people do: a process of its own. */
export async function startProcess(...args: readonly string[]): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?];
  if (line === undefined) throw new Error('The sandbox did not start.');
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  };
  const dispose = async (): Promise<void> => {
    await stop('SIGKILL');
  };
  return {
    child,
    printed: JSON.parse(line) as PrintedSandbox,
    stop,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Runs a start that fails; answers its exit code and what it said. */
export async function failedStart(
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}
