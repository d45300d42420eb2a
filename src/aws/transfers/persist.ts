import { setTimeout as sleep } from 'node:timers/promises';
import { BrigadeError } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';

/** Milliseconds. Beside what the SDK does, a network that was away for half a minute is waited for. */
const FIRST_PAUSE = 200;
const TIMEOUT_MS = 25_600;

/**
 * Does a part of something large again after the connection broke: the rest of it is not lost with it.
 * It must be safe to do twice.
 *
 * @param timeoutMs of all pauses together, in milliseconds
 * @throws what the last try throws; `Cancelled`
 */
export async function persist<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    try {
      return await work();
    } catch (error) {
      const isNetwork = toBrigadeError(error).code === 'Network';
      if (!isNetwork || pause >= timeoutMs || signal.aborted) throw error;
      await sleep(pause, undefined, { signal }).catch(() => {
        throw new BrigadeError('Cancelled', 'Cancelled');
      });
    }
  }
}
