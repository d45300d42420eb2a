import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMark } from './processMark.ts';

/** A function that starts processes faster than they are stopped is left to its time-out. */
const MAX_ROUNDS = 20;

/**
 * Kills the processes that a function has left in groups and sessions of their own, where a signal to its
 * group does not reach them: they bear its mark, or this text stands in their environment. All are stopped
 * before one is killed, so that none can start another. Only Linux shows that; elsewhere nothing is done.
 */
export function killStrays(marker: string, mark: ProcessMark): void {
  const found = new Set<number>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fresh = processesOf(marker, mark).filter(pid => !found.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      found.add(pid);
      signal(pid, 'SIGSTOP');
    }
  }
  for (const pid of found) signal(pid, 'SIGKILL');
}

function processesOf(marker: string, mark: ProcessMark): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(
      pid =>
        pid !== process.pid &&
        (mark.isIn(read(pid, 'limits')) || read(pid, 'environ').includes(marker)),
    );
}

/** Empty for processes of others, and for those that have ended. */
function read(pid: number, what: 'limits' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
