import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `task` while holding a lock file, so that two checkouts don't fill one cache at once. */
export async function withLock<T>(
  path: string,
  task: () => Promise<T>,
  onWait: () => void,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (let waits = 0; !tryLock(path); waits++) {
    if (waits === 0) onWait();
    await sleep(500);
  }
  try {
    return await task();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(path)) rmSync(path, { force: true });
    return false;
  }
}

/** A lock whose process is gone is nobody's. */
function isHeld(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Just created and not yet written: somebody's.
    if (!pid) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
