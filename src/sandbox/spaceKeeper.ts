import { describe } from './faults.ts';
import type { Store } from './store.ts';

/** Milliseconds between two looks, and between two pieces of work. */
const POLL_MS = 5000;
const PAUSE_MS = 20;
/** Bytes that the database may keep for what comes next. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** Database pages that are given back at a time: about ten milliseconds. */
const SLICE = 500;

/** Gives the space of deleted records back to the disk, a little at a time, so that nobody waits. */
export class SpaceKeeper {
  private readonly store: Store;
  private readonly log: (line: string) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(store: Store, log: (line: string) => void) {
    this.store = store;
    this.log = log;
  }

  start(): void {
    this.wait(POLL_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wait(ms: number): void {
    this.timer = setTimeout(() => this.look(ms === PAUSE_MS), ms).unref();
  }

  /** @param begun whether some was given back just now: then all of it is */
  private look(begun: boolean): void {
    let more = false;
    try {
      if (this.store.freeBytes > (begun ? 0 : KEPT_BYTES)) {
        this.store.giveBack(SLICE);
        more = this.store.freeBytes > 0;
        if (!more) this.store.truncateLog();
      }
    } catch (error) {
      this.log(`Space could not be given back yet: ${describe(error)}`);
    }
    this.wait(more ? PAUSE_MS : POLL_MS);
  }
}
