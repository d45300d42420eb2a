import { EventEmitter } from 'vscode';

/**
 * Tells VS Code which rows of a view changed. It forgets what is below them, asks for it again, and
 * does not know until it has the answer which row has the focus.
 */
export class RowChanges<T extends { readonly id: string }> {
  readonly #emitter = new EventEmitter<T | undefined>();
  readonly #known = new Set<string>();
  #lastAt = -Infinity;
  #again = 0;

  readonly event = this.#emitter.event;

  /** Says that a row and what is below it changed; everything without one. */
  fire(row: T | undefined): void {
    this.#lastAt = performance.now();
    this.#emitter.fire(row);
  }

  /** Notes that what is below a row is being read, until `work` is done. */
  async reading<R>(row: T | undefined, work: Promise<R>): Promise<R> {
    const id = row?.id ?? '';
    // What is opened for the first time had no rows that could have the focus.
    const isAgain = this.#known.has(id);
    if (isAgain) this.#again += 1;
    try {
      return await work;
    } finally {
      this.#known.add(id);
      if (isAgain) {
        this.#again -= 1;
        this.#lastAt = performance.now();
      }
    }
  }

  /** Milliseconds since rows changed or were read again; 0 while they are. */
  get quietFor(): number {
    return this.#again > 0 ? 0 : performance.now() - this.#lastAt;
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}
