import { setTimeout as delay } from 'node:timers/promises';

/** Time as a service, so that a test can advance it. */
export interface Clock {
  now(): Date;
  /**
   * Milliseconds from some moment on, for what is waited for and measured: people and programs set
   * the time, this continues.
   */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's AbortError when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node takes a longer delay, in milliseconds, for none at all. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    let left = ms;
    for (; left > LONGEST_DELAY; left -= LONGEST_DELAY) {
      await delay(LONGEST_DELAY, undefined, { signal });
    }
    await delay(left, undefined, { signal });
  },
};

interface Sleeper {
  /** By `elapsed`. */
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands still until `advance` moves it, waking the sleepers that are then due. */
export class FakeClock implements Clock {
  private time: number;
  private passed = 0;
  private sleepers: Sleeper[] = [];

  constructor(start: Date = new Date()) {
    this.time = start.getTime();
  }

  now(): Date {
    return new Date(this.time);
  }

  elapsed(): number {
    return this.passed;
  }

  /** How many wait for `advance`. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** Sets the time without letting any pass. */
  set(time: Date): void {
    this.time = time.getTime();
  }

  advance(ms: number): void {
    this.time += ms;
    this.passed += ms;
    const due = this.sleepers.filter(sleeper => sleeper.due <= this.passed);
    this.sleepers = this.sleepers.filter(sleeper => sleeper.due > this.passed);
    for (const sleeper of due) sleeper.wake();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.sleepers = this.sleepers.filter(other => other !== sleeper);
        reject(new DOMException('This operation was aborted', 'AbortError'));
      };
      const sleeper: Sleeper = {
        due: this.passed + ms,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.sleepers.push(sleeper);
      if (ms <= 0) this.advance(0);
    });
  }
}
