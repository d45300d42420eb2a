import { renameSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows says while another program has one of the files open: a virus scanner, an indexer, a reader. */
const IN_USE = new Set(['EACCES', 'EBUSY', 'EPERM']);

/** Milliseconds before each further try: two seconds in all. */
const WAITS = [10, 20, 50, 100, 200, 300, 400, 920];

interface System<Result> {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Result;
}

/**
 * Gives a file another name, in the place of what has it. On Windows, where a file that somebody has open
 * can't be replaced, it is tried again for two seconds.
 *
 * @throws what the file system says
 */
export async function renameFile(
  from: string,
  to: string,
  system: System<Promise<void>> = { platform: process.platform, rename },
): Promise<void> {
  for (const wait of waitsOn(system.platform)) {
    try {
      await system.rename(from, to);
      return;
    } catch (error) {
      if (!isInUse(error)) throw error;
      await sleep(wait);
    }
  }
  await system.rename(from, to);
}

/**
 * The same where nothing else may run meanwhile, such as within a transaction: it holds up the whole
 * process while it waits.
 *
 * @throws what the file system says
 */
export function renameFileSync(
  from: string,
  to: string,
  system: System<void> = { platform: process.platform, rename: renameSync },
): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (const wait of waitsOn(system.platform)) {
    try {
      system.rename(from, to);
      return;
    } catch (error) {
      if (!isInUse(error)) throw error;
      Atomics.wait(clock, 0, 0, wait);
    }
  }
  system.rename(from, to);
}

function waitsOn(platform: NodeJS.Platform): readonly number[] {
  return platform === 'win32' ? WAITS : [];
}

function isInUse(error: unknown): boolean {
  return IN_USE.has((error as NodeJS.ErrnoException).code ?? '');
}
