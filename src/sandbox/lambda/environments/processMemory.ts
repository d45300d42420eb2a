import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

const KIB = 1024;
/** Looked at for one figure; Lambda lets a function have as many processes and threads. */
const MAX_DESCENDANTS = 1024;

/** A process's resident memory now and at its highest, in bytes. */
export interface ProcessMemory {
  readonly now: number;
  readonly peak: number;
}

/**
 * Asks the system how much memory a process uses; undefined when it is gone. On Linux that is a read of
 * /proc, which takes microseconds, and what it has started is counted too, as on AWS; elsewhere a program
 * is asked about the process alone.
 */
export async function readProcessMemory(pid: number): Promise<ProcessMemory | undefined> {
  if (process.platform === 'linux') return readProc(pid);
  const bytes = process.platform === 'win32' ? await askTasklist(pid) : await askPs(pid);
  return bytes === undefined ? undefined : { now: bytes, peak: bytes };
}

/** Milliseconds between two looks at a process's memory. */
export const MEMORY_INTERVAL_MS = process.platform === 'linux' ? 25 : 500;

function readProc(pid: number): ProcessMemory | undefined {
  try {
    const own = readStatus(pid);
    const started = descendantsOf(pid).reduce((sum, each) => sum + anonymousMemory(each), 0);
    return { now: own('VmRSS') + started, peak: own('VmHWM') + started };
  } catch {
    return undefined;
  }
}

/** The fields of a process's status that are amounts of memory. @throws when it is gone */
function readStatus(pid: number): (name: string) => number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return name => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * KIB;
}

/** Memory that a process shares with nobody: programs and libraries are counted once. */
function anonymousMemory(pid: number): number {
  try {
    return readStatus(pid)('RssAnon');
  } catch {
    return 0;
  }
}

/** What a process has started, and what that has started. */
function descendantsOf(pid: number): number[] {
  const all: number[] = [];
  for (const open = [pid]; open.length > 0 && all.length < MAX_DESCENDANTS;) {
    const children = childrenOf(open.pop() ?? 0);
    all.push(...children);
    open.push(...children);
  }
  return all;
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function askPs(pid: number): Promise<number | undefined> {
  const text = await output('ps', ['-o', 'rss=', '-p', String(pid)]);
  const kilobytes = Number(text?.trim());
  return Number.isFinite(kilobytes) && kilobytes > 0 ? kilobytes * KIB : undefined;
}

/** A line such as `"node.exe","4242","Console","1","61,204 K"`. */
async function askTasklist(pid: number): Promise<number | undefined> {
  const text = await output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
  const last = /"([\d.,\s\u00a0]+) K"\s*$/.exec(text?.trim() ?? '')?.[1];
  return last === undefined ? undefined : Number(last.replace(/\D/g, '')) * KIB;
}

function output(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile(command, args, { timeout: 5000, windowsHide: true }, (error, stdout) => {
      resolve(error ? undefined : stdout);
    });
  });
}
