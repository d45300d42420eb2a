import type { Memento } from 'vscode';
import { ContextKey } from '../../vscode/contextKey.ts';
import type { BucketsTree } from '../tree/bucketsTree.ts';
import { SORT_ORDERS, type SortOrder } from '../tree/sortRows.ts';

const MEMORY = 'explorer.sortOrder';

/** How the Buckets view is sorted: remembered for all windows, and told to the menu that offers it. */
export class RememberedOrder {
  readonly #key = new ContextKey('bucketBrigade:sortOrder');
  readonly #memory: Memento;
  readonly #tree: BucketsTree;

  constructor(memory: Memento, tree: BucketsTree) {
    this.#memory = memory;
    this.#tree = tree;
    const known = SORT_ORDERS.find(order => order === memory.get<unknown>(MEMORY));
    this.#use(known ?? 's3');
  }

  async set(order: SortOrder): Promise<void> {
    this.#use(order);
    await this.#memory.update(MEMORY, order);
  }

  #use(order: SortOrder): void {
    this.#key.value = order;
    this.#tree.sort(order);
  }
}
