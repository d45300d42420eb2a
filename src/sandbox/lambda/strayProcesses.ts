import { readdirSync, readFileSync } from 'node:fs';

/** A function that starts processes faster than they are stopped is left to its time-out. */
const MOST_ROUNDS = 20;

/**
 * Kills the processes that were started with this text in their environment: those that a function has
 * put into groups of their own, where a signal to its group does not reach them. All are stopped before
 * one is killed, so that none can start another. Only Linux shows environments; elsewhere nothing is done.
 */
export function killStrays(marker: string): void {
  const found = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fresh = processesWith(marker).filter(pid => !found.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      found.add(pid);
      signal(pid, 'SIGSTOP');
    }
  }
  for (const pid of found) signal(pid, 'SIGKILL');
}

function processesWith(marker: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== process.pid && environmentOf(pid).includes(marker));
}

/** Empty for processes of others, and for those that have ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
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
