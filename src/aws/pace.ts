import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from './call.ts';
import { BrigadeError } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

export interface PaceOptions {
  /** Requests at a time, at most. */
  readonly most: number;
  /** How often one call is tried again after it was throttled; more than half an hour by default. */
  readonly maxRetries?: number;
  /** The first pause in milliseconds; it doubles up to 30 seconds. */
  readonly pause?: number;
}

/** After so many calls that were not throttled, one more is sent at a time. */
const CALLS_TO_GROW = 20;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Sends as many requests at a time as AWS takes: half as many after each SlowDown, then slowly more
 * again. S3 asks for exactly that (Amazon S3 user guide, "Optimizing Amazon S3 performance").
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #running = 0;
  #calm = 0;
  #throttledAt = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#limit = options.most;
  }

  /** How many are sent at a time now. */
  get limit(): number {
    return this.#limit;
  }

  /** How often AWS has asked for less so far. */
  throttled = 0;

  /**
   * Runs a call when its turn comes, again after a pause where it was throttled.
   *
   * @throws BrigadeError `Throttled` when patience is at its end, `Cancelled`; else what the call throws
   */
  async run<T>(call: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    const { maxRetries: patience = 70, pause = 500 } = this.#options;
    for (let attempt = 0; ; attempt++) {
      await this.#enter();
      const began = performance.now();
      try {
        if (signal?.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
        const result = await call();
        this.#grow();
        return result;
      } catch (error) {
        if (toBrigadeError(error).code !== 'Throttled' || attempt >= patience) throw error;
        this.#shrink(began);
      } finally {
        this.#leave();
      }
      const longest = Math.min(LONGEST_PAUSE_MS, pause * 2 ** Math.min(attempt, 10));
      // Not all at the same moment again.
      await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {
        throw new BrigadeError('Cancelled', 'Cancelled');
      });
    }
  }

  async #enter(): Promise<void> {
    while (this.#running >= this.#limit) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  #leave(): void {
    this.#running -= 1;
    const free = this.#limit - this.#running;
    for (let i = 0; i < free; i++) this.#waiting.shift()?.();
  }

  #grow(): void {
    this.#calm += 1;
    if (this.#calm < CALLS_TO_GROW || this.#limit >= this.#options.most) return;
    this.#calm = 0;
    this.#limit += 1;
  }

  /** Calls that were under way at the last SlowDown say nothing new. */
  #shrink(began: number): void {
    this.throttled += 1;
    this.#calm = 0;
    if (began < this.#throttledAt) return;
    this.#throttledAt = performance.now();
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }
}
