const WINDOW_MS = 5000;

/** How many there were in the last seconds. */
export class Rate {
  readonly #began = performance.now();
  readonly #seconds: { at: number; count: number }[] = [];

  add(count: number): void {
    this.#seconds.push({ at: performance.now(), count });
  }

  perSecond(): number {
    const now = performance.now();
    const from = now - WINDOW_MS;
    while (this.#seconds[0] && this.#seconds[0].at < from) this.#seconds.shift();
    const count = this.#seconds.reduce((sum, each) => sum + each.count, 0);
    const elapsed = Math.min(WINDOW_MS, now - this.#began);
    return elapsed < 1 ? 0 : Math.round((count * 1000) / elapsed);
  }
}
