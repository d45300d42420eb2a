/** Milliseconds that are looked back on. */
const WINDOW_MS = 5000;
/** At most so often a sample is kept; reports come thousands of times a second. */
const SAMPLE_MS = 200;
/** With less to go by, nothing is said. */
const MIN_MS = 800;

interface Sample {
  readonly at: number;
  readonly bytes: number;
  readonly items: number;
}

/** How fast something has been in the last seconds. */
export class Speed {
  #samples: Sample[] = [];
  #latest: Sample | undefined;

  /** @param at milliseconds, of any clock */
  note(at: number, bytes: number, items: number): void {
    this.#latest = { at, bytes, items };
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    this.#samples.push(this.#latest);
    // The last one that is older is where the window begins.
    while (this.#samples[1] && this.#samples[1].at < at - WINDOW_MS) this.#samples.shift();
  }

  /** After a pause: what was before says nothing. */
  restart(): void {
    this.#samples = [];
    this.#latest = undefined;
  }

  /** A second, of late; what has stood still meanwhile counts. */
  now(at: number): { readonly bytes: number; readonly items: number } | undefined {
    const begin = this.#samples.findLast(sample => sample.at <= at - WINDOW_MS) ?? this.#samples[0];
    if (!begin || !this.#latest || at - begin.at < MIN_MS) return undefined;
    const seconds = (at - begin.at) / 1000;
    return {
      bytes: Math.max(0, this.#latest.bytes - begin.bytes) / seconds,
      items: Math.max(0, this.#latest.items - begin.items) / seconds,
    };
  }
}
