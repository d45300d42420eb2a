import type { ObjectRef } from '../selection/selection.ts';
import { DELETE_BATCH } from './deleteBatch.ts';

/** Puts pages of one bucket together to batches, none over 1,000. */
export class Batches<Mark> {
  #items: ObjectRef[] = [];
  #mark: Mark | undefined;

  /** Takes a page; answers the batch that is full before it. */
  add(items: readonly ObjectRef[], mark: Mark): { items: ObjectRef[]; mark: Mark } | undefined {
    const isOther = this.#items[0]?.bucket !== items[0]?.bucket;
    const full = this.#items.length + items.length > DELETE_BATCH || isOther;
    const batch = full ? this.end() : undefined;
    this.#items.push(...items);
    this.#mark = mark;
    return batch;
  }

  /** What is left at the end. */
  end(): { items: ObjectRef[]; mark: Mark } | undefined {
    const [items, mark] = [this.#items, this.#mark];
    this.#items = [];
    return items.length === 0 || mark === undefined ? undefined : { items, mark };
  }
}
