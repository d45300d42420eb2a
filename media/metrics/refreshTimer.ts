/** Seconds. Longer than that nobody waits; then AWS is asked again all the same. */
const LONGEST_PAUSE = 600;
const SHORTEST_PAUSE = 30;

/**
 * When metrics are read again: after the interval that was chosen, or, while AWS asks for fewer
 * requests, after a pause that doubles each time.
 */
export class RefreshTimer {
  readonly #read: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #throttled = 0;

  constructor(read: () => void) {
    this.#read = read;
  }

  /**
   * @param every seconds; 0 is never
   * @returns when it is read again, in seconds; undefined when it is not
   */
  next(every: number, wasThrottled: boolean): number | undefined {
    this.stop();
    this.#throttled = wasThrottled ? this.#throttled + 1 : 0;
    if (every === 0) return undefined;
    const pause = wasThrottled
      ? Math.min(LONGEST_PAUSE, Math.max(every, SHORTEST_PAUSE) * 2 ** this.#throttled)
      : every;
    this.#timer = setTimeout(this.#readWhenSeen, pause * 1000);
    return Date.now() / 1000 + pause;
  }

  stop(): void {
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#readWhenSeen);
  }

  /** What nobody sees is not read: it would be paid for. */
  readonly #readWhenSeen = (): void => {
    if (document.visibilityState === 'visible') this.#read();
    else document.addEventListener('visibilitychange', this.#readWhenSeen, { once: true });
  };
}
