import type { Store } from '../store.ts';

/** Multipart uploads that are neither completed nor aborted. */
export class Uploads {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    this.store.define('SELECT 1');
  }
}
