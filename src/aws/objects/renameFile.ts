import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows says while another program has one of the files open: a virus scanner, an indexer, a reader. */
const IN_USE = new Set(['EACCES', 'EBUSY', 'EPERM']);

/** Milliseconds before each further try: two seconds in all. */
const WAITS = [10, 20, 50, 100, 200, 300, 400, 920];

interface System {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
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
  system: System = { platform: process.platform, rename },
): Promise<void> {
  const waits = system.platform === 'win32' ? WAITS : [];
  for (const wait of waits) {
    try {
      await system.rename(from, to);
      return;
    } catch (error) {
      if (!IN_USE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await sleep(wait);
    }
  }
  await system.rename(from, to);
}
