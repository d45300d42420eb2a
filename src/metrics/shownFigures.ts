import type { ShownFigure } from './protocol.ts';

/** Milliseconds after which nobody waits on: a page may never draw. */
const TIMEOUT_MS = 120_000;

interface Waiting {
  /** Only what was read later counts. */
  readonly after: number;
  readonly figures: Map<string, readonly ShownFigure[]>;
  readonly resolve: (figures: readonly ShownFigure[]) => void;
}

/**
 * Who waits for the figures of a panel, and what the page says to show: each reading has a number, so
 * that nobody is given figures of a reading that is older than the question.
 */
export class ShownFigures {
  readonly #functions: () => readonly string[];
  #lastReading = 0;
  #waiting: Waiting[] = [];

  /** @param functions those that the panel shows now */
  constructor(functions: () => readonly string[]) {
    this.#functions = functions;
  }

  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** The number of a reading that begins. */
  nextReading(): number {
    return ++this.#lastReading;
  }

  /**
   * The figures of every function, of readings that begin from now on. None of a function that
   * can't be read; none at all when nothing is shown any more, or not in time.
   */
  wait(): Promise<readonly ShownFigure[]> {
    return new Promise(resolve => {
      const waiting: Waiting = { after: this.#lastReading, figures: new Map(), resolve };
      this.#waiting.push(waiting);
      setTimeout(() => this.#end(waiting, []), TIMEOUT_MS).unref();
    });
  }

  /** The page shows the figures of a function; none where its reading failed. */
  show(functionName: string, reading: number, figures: readonly ShownFigure[]): void {
    for (const waiting of this.#waiting) {
      if (reading > waiting.after) waiting.figures.set(functionName, figures);
    }
    this.check();
  }

  /** To be called also when the panel shows other functions. */
  check(): void {
    const functions = this.#functions();
    for (const waiting of this.#waiting) {
      const { figures } = waiting;
      if (!functions.every(name => figures.has(name))) continue;
      this.#end(
        waiting,
        functions.flatMap(name => figures.get(name) ?? []),
      );
    }
  }

  /** Nobody sees the page any more. */
  giveUp(): void {
    for (const waiting of this.#waiting) this.#end(waiting, []);
  }

  #end(waiting: Waiting, figures: readonly ShownFigure[]): void {
    this.#waiting = this.#waiting.filter(each => each !== waiting);
    waiting.resolve(figures);
  }
}
