import type { Job } from '../../aws/batchJobs/job.ts';

/** How fast a job goes, and how long it will take at that. */
export interface TaskRate {
  /** Tasks a second. */
  readonly perSecond: number;
  readonly secondsLeft: number;
}

interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly done: number;
}

/** Milliseconds that are looked back: a job may get faster or slower. */
const WINDOW = 60_000;
/** Milliseconds between the first and the last look before they tell anything. */
const SHORTEST = 3_000;

/** Watches how many tasks of a job are done. */
export class RateWatch {
  #samples: Sample[] = [];

  /** @param now milliseconds */
  see({ succeeded, failed }: Job, now = Date.now()): void {
    const done = succeeded + failed;
    this.#samples = [...this.#samples.filter(({ at }) => now - at <= WINDOW), { at: now, done }];
  }

  /**
   * By what was seen of late; before enough was, by the time that AWS counts. Undefined where nothing
   * tells, or nothing is done.
   */
  rate({ total, succeeded, failed, elapsedSeconds = 0 }: Job): TaskRate | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    const seen = first && last ? last.at - first.at : 0;
    const done = succeeded + failed;
    const perSecond =
      first && last && seen >= SHORTEST
        ? (last.done - first.done) / (seen / 1000)
        : done / elapsedSeconds;
    if (!Number.isFinite(perSecond) || perSecond <= 0) return undefined;
    return { perSecond, secondsLeft: (total - done) / perSecond };
  }
}
