/** Limits how many pieces of work run at a time. */
export interface Limiter {
  /** Resolves when one more may begin. */
  enter(): Promise<void>;
  /** One has ended. */
  leave(): void;
}

/** Runs `work` for each item as the limiter lets it; resolves when all have ended. Never rejects. */
export async function forEachLimited<T>(
  items: readonly T[],
  limiter: Limiter,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for (const item of items) {
    await limiter.enter();
    const one: Promise<void> = work(item).finally(() => {
      running.delete(one);
      limiter.leave();
    });
    running.add(one);
  }
  await Promise.all(running);
}

/** Runs a fixed number at a time. */
export class FixedLimiter implements Limiter {
  readonly #waiting: (() => void)[] = [];
  protected limit: number;
  #running = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  async enter(): Promise<void> {
    while (this.#running >= this.limit) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  leave(): void {
    this.#running -= 1;
    this.letIn();
  }

  protected letIn(): void {
    const free = this.limit - this.#running;
    for (let i = 0; i < free; i++) this.#waiting.shift()?.();
  }
}

/** At a time in the beginning. */
const FIRST = 8;
/** How long a number of them is tried before it is judged, in milliseconds, and in ends of work. */
const TRIAL_MS = 250;
const TRIAL_ENDS = 32;
/** More at a time must bring so much more, or it is not worth it. */
const WORTH = 1.1;

/**
 * As many at a time as it pays: doubled as long as more gets done by it. On a line without latency few
 * are enough; at 30 ms it takes dozens.
 */
export class AdaptiveLimiter extends FixedLimiter {
  readonly #most: number;
  readonly #now: () => number;
  #since: number;
  #ended = 0;
  #bestRate = 0;
  #grows = true;

  constructor(most: number, now: () => number = () => performance.now()) {
    super(Math.min(FIRST, most));
    this.#most = most;
    this.#now = now;
    this.#since = now();
  }

  /** How many may run at a time now. */
  get atATime(): number {
    return this.limit;
  }

  override leave(): void {
    this.#ended += 1;
    this.#judge();
    super.leave();
  }

  #judge(): void {
    const time = this.#now() - this.#since;
    if (time < TRIAL_MS || this.#ended < TRIAL_ENDS) return;
    const rate = this.#ended / time;
    if (this.#grows && rate > this.#bestRate * WORTH) {
      this.limit = Math.min(this.#most, this.limit * 2);
    } else {
      this.#grows = false;
    }
    this.#bestRate = Math.max(this.#bestRate, rate);
    this.#since = this.#now();
    this.#ended = 0;
  }
}

/** Bytes that may be held in memory at a time, by all together. */
export class ByteBudget {
  readonly #waiting: (() => void)[] = [];
  #free: number;
  readonly #all: number;

  constructor(bytes: number) {
    this.#all = bytes;
    this.#free = bytes;
  }

  /** Works with so many bytes of it; what is larger than all of it waits until it has all. */
  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const held = Math.min(bytes, this.#all);
    while (this.#free < held) await new Promise<void>(resolve => this.#waiting.push(resolve));
    this.#free -= held;
    try {
      return await work();
    } finally {
      this.#free += held;
      this.#waiting.splice(0).forEach(resolve => resolve());
    }
  }
}
