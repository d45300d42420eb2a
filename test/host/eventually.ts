import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds, less than a test may take. */
const PATIENCE_MS = 40_000;

/**
 * Waits until what a test asserts holds: VS Code tells of tabs, files and logs when it finds the time.
 *
 * @throws what the assertion threw last
 */
export async function eventually(
  assertion: () => unknown,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(100);
  }
}
