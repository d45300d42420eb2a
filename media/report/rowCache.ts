import type { TableRow } from '../../src/jobs/report/protocol.ts';

/** Rows asked for at once. */
const PAGE = 100;
/** Pages kept: those around what is seen, and where one came from. */
const MAX_PAGES = 60;

type Fetch = (from: number, count: number) => Promise<readonly TableRow[]>;

/** Rows of one view of the report, as far as they were asked for. */
export class RowCache {
  readonly #fetch: Fetch;
  readonly #pages = new Map<number, readonly TableRow[] | 'asked'>();
  readonly #onRows: () => void;

  /** @param onRows rows came that were not there when they were asked for */
  constructor(fetch: Fetch, onRows: () => void) {
    this.#fetch = fetch;
    this.#onRows = onRows;
  }

  /** The row, or undefined until it is there: then it is asked for. */
  row(index: number): TableRow | undefined {
    const number = Math.floor(index / PAGE);
    const page = this.#pages.get(number);
    if (page === undefined) void this.#ask(number);
    if (page === undefined || page === 'asked') return undefined;
    // Used last: forgotten last.
    this.#pages.delete(number);
    this.#pages.set(number, page);
    return page[index % PAGE];
  }

  /** Forgets a page that was not full when it was read: more rows have come. */
  grow(): void {
    for (const [number, page] of this.#pages) {
      if (page !== 'asked' && page.length < PAGE) this.#pages.delete(number);
    }
  }

  async #ask(number: number): Promise<void> {
    this.#pages.set(number, 'asked');
    try {
      this.#pages.set(number, await this.#fetch(number * PAGE, PAGE));
      for (const oldest of this.#pages.keys()) {
        if (this.#pages.size <= MAX_PAGES) break;
        this.#pages.delete(oldest);
      }
    } catch {
      // Asked for again when it is looked at again.
      this.#pages.delete(number);
      return;
    }
    this.#onRows();
  }
}
