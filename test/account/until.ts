import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** After so long it is said what is waited for. */
const SILENCE_MS = 10_000;

/**
 * Looks until there is something to see, less and less often.
 * @param limit milliseconds
 * @throws AssertionError when it takes too long; the signal's reason
 */
export async function until<T>(
  { signal, wait }: { readonly signal?: AbortSignal; readonly wait: (line: string) => void },
  what: string,
  limit: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const begun = performance.now();
  let said = false;
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 1.5, LONGEST_WAIT_MS)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const waited = performance.now() - begun;
    assert.ok(
      waited < limit,
      `Timed out after ${Math.round(limit / 1000)} s waiting until ${what}`,
    );
    if (!said && waited > SILENCE_MS) {
      said = true;
      wait(`waiting until ${what}`);
    }
    await delay(Math.min(pause, Math.max(limit - waited, 1)), undefined, { signal });
  }
}
