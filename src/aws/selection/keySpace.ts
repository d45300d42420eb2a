import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { compareKeys } from './keyOrder.ts';
import { cutPage, type KeyPage, type KeyRange } from './keyRange.ts';
import type { ObjectRef } from './selection.ts';
import { splitPoint, type Probe } from './splitPoint.ts';

export interface KeySpaceOptions extends CallOptions {
  /** The next page of a range, whatever its end is. */
  readonly list: (range: KeyRange) => Promise<KeyPage>;
  readonly probe: (range: KeyRange) => Probe;
  /** Ranges that are listed at a time. */
  readonly most: number;
}

/** A range that is being listed. */
interface Lane {
  /** Not given yet. */
  left: KeyRange;
  /** Not listed yet; undefined at its end. */
  next: KeyRange | undefined;
  /** Pages since it began or was split. */
  pages: number;
  state: 'open' | 'splitting' | 'whole';
}

interface ListedPage extends KeyPage {
  readonly lane: Lane;
}

/** Pages of a range after which it is worth to split it: looking for the place takes some requests. */
const LONG = 2;

/**
 * Lists ranges of a bucket's keys at the same time. A range that turns out long while fewer are listed
 * than may be is split in two while it is listed. Pages come in any order; each key is in one of them.
 */
export class KeySpace {
  readonly #options: KeySpaceOptions;
  readonly #lanes: Set<Lane>;
  readonly #running = new Set<Lane>();
  readonly #pages: ListedPage[] = [];
  #splitting = 0;
  #failure: { readonly error: unknown } | undefined;
  #stopped = false;
  #wakeReader: () => void = () => undefined;
  #wakeLanes: (() => void)[] = [];

  constructor(ranges: readonly KeyRange[], options: KeySpaceOptions) {
    this.#options = options;
    this.#lanes = new Set(ranges.map(laneOf));
  }

  /** What was not given yet: what is listed but waits here counts as left. */
  get left(): KeyRange[] {
    return [...this.#lanes].map(({ left }) => left);
  }

  /** The objects of all ranges, page by page. @throws BrigadeError what listing throws */
  async *pages(): AsyncGenerator<readonly ObjectRef[]> {
    try {
      this.#fill();
      while (this.#lanes.size > 0) {
        if (this.#failure) throw this.#failure.error;
        const page = this.#pages.shift();
        if (!page) {
          await new Promise<void>(resolve => (this.#wakeReader = resolve));
          continue;
        }
        this.#wakeLanes.splice(0).forEach(wake => wake());
        this.#settle(page);
        if (page.refs.length > 0) yield page.refs;
      }
    } finally {
      this.#stopped = true;
      this.#wakeLanes.splice(0).forEach(wake => wake());
    }
  }

  /** A page counts as given from here on. */
  #settle({ lane, rest }: ListedPage): void {
    if (rest === undefined) this.#lanes.delete(lane);
    else lane.left = { ...rest, until: lane.left.until };
  }

  /** Begins with ranges that wait, and splits long ones, as long as more may be listed. */
  #fill(): void {
    for (const lane of this.#lanes) {
      if (this.#running.size >= this.#options.most) return;
      if (lane.next && !this.#running.has(lane)) void this.#run(lane);
    }
    const long = [...this.#running]
      .filter(({ state, pages, next }) => state === 'open' && pages >= LONG && next)
      .sort((a, b) => b.pages - a.pages);
    const free = this.#options.most - this.#running.size - this.#splitting;
    for (const lane of long.slice(0, Math.max(0, free))) void this.#split(lane);
  }

  async #run(lane: Lane): Promise<void> {
    this.#running.add(lane);
    try {
      while (lane.next && !this.#stopped && !this.#failure) {
        await this.#room();
        const page = await this.#options.list(lane.next);
        // It may have been split meanwhile.
        const { refs, rest } = cutPage(lane.left, page);
        lane.next = rest;
        lane.pages += 1;
        this.#pages.push({ lane, refs, rest });
        this.#wakeReader();
        if (rest && lane.pages === LONG) this.#fill();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running.delete(lane);
    }
    if (!this.#stopped && !this.#failure) this.#fill();
  }

  async #split(lane: Lane): Promise<void> {
    if (!lane.next) return;
    lane.state = 'splitting';
    this.#splitting += 1;
    try {
      const place = await splitPoint(lane.next, this.#options.probe(lane.next));
      lane.state = place === undefined ? 'whole' : 'open';
      if (place !== undefined) this.#divide(lane, place);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#splitting -= 1;
    }
    if (!this.#stopped && !this.#failure) this.#fill();
  }

  #divide(lane: Lane, place: string): void {
    lane.pages = 0;
    // It may be listed beyond that place by now.
    if (!lane.next || compareKeys(place, lane.next.after ?? '') <= 0) return;
    const { prefix, until } = lane.left;
    this.#lanes.add(laneOf({ prefix, after: place, until }));
    lane.left = { ...lane.left, until: place };
    lane.next = { ...lane.next, until: place };
  }

  /** Waits while the reader is behind, so that memory stays flat. */
  async #room(): Promise<void> {
    while (this.#pages.length >= this.#options.most && !this.#stopped) {
      await new Promise<void>(resolve => this.#wakeLanes.push(resolve));
    }
    if (this.#stopped) throw new BrigadeError('Cancelled', 'Nobody reads on');
  }

  #fail(error: unknown): void {
    if (!this.#stopped) this.#failure ??= { error };
    this.#wakeReader();
  }
}

function laneOf(range: KeyRange): Lane {
  return { left: range, next: range, pages: 0, state: 'open' };
}
