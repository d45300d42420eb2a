/** What a poll found out. */
export interface PollResult {
  /** Something is still running: poll again. */
  readonly running: boolean;
  /** A job appeared, ended or went to another status since the last poll. */
  readonly changed: boolean;
}

export interface FollowerOptions {
  poll(signal: AbortSignal): Promise<PollResult>;
  /** A poll failed; `failures` counts them in a row. The follower continues by itself. */
  onError(error: unknown, failures: number): void;
}

const SHORTEST = 1_000;
/** AWS asks for at most one request per job in 30 s once a job runs for long. */
const LONGEST = 30_000;

/**
 * Milliseconds until the next poll. A job that has been in its status for long will probably stay in
 * it for long: wait a tenth of the time since the last change, from 1 s up to 30 s. Failures double
 * the wait from 2 s on.
 */
export function nextDelay(sinceChange: number, failures = 0): number {
  const wait = failures > 0 ? SHORTEST * 2 ** failures : sinceChange / 10;
  return Math.min(Math.max(wait, SHORTEST), LONGEST);
}

/**
 * Polls for as long as something runs, often after a change and ever more seldom while nothing
 * happens. It survives failing polls: a laptop that wakes up without a network finds its way back.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #timer: NodeJS.Timeout | undefined;
  #polling: AbortController | undefined;
  #lastChange = 0;
  #failures = 0;
  #nudged = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Whether a poll is scheduled or under way. */
  get active(): boolean {
    return this.#timer !== undefined || this.#polling !== undefined;
  }

  /** Something changed (a job was created, run, cancelled): poll in a second, often at first. */
  nudge(): void {
    this.#lastChange = Date.now();
    this.#failures = 0;
    if (this.#polling) this.#nudged = true;
    else this.#schedule();
  }

  /** Polls if it does not already: a view became visible, a list was loaded. */
  start(): void {
    if (!this.active) this.nudge();
  }

  /** Stops at once; a request under way is aborted and its outcome ignored. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#polling?.abort();
    this.#polling = undefined;
  }

  /** A method, for TypeScript believes that a field stays as it was before an await. */
  #wasNudged(): boolean {
    return this.#nudged;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const delay = nextDelay(Date.now() - this.#lastChange, this.#failures);
    this.#timer = setTimeout(() => void this.#poll(), delay);
  }

  async #poll(): Promise<void> {
    this.#timer = undefined;
    this.#nudged = false;
    const polling = (this.#polling = new AbortController());
    let goOn = true;
    try {
      const { running, changed } = await this.#options.poll(polling.signal);
      if (polling.signal.aborted) return;
      this.#failures = 0;
      if (changed) this.#lastChange = Date.now();
      goOn = running;
    } catch (error) {
      if (polling.signal.aborted) return;
      this.#failures++;
      this.#options.onError(error, this.#failures);
    }
    // The listeners may have stopped it, or stopped and started it again.
    if (this.#polling !== polling) return;
    this.#polling = undefined;
    if (goOn || this.#wasNudged()) this.#schedule();
  }
}
