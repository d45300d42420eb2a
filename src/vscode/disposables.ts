import { Disposable } from 'vscode';

/** Disposables that live and die together. What is added after the end is disposed of at once. */
export class DisposableStore extends Disposable {
  readonly #items = new Set<{ dispose(): unknown }>();
  #disposed = false;

  constructor() {
    super(() => {
      this.#disposed = true;
      this.clear();
    });
  }

  add<T extends { dispose(): unknown }>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** Disposes of what was added so far, newest first; the store itself stays usable. */
  clear(): void {
    const items = [...this.#items].reverse();
    this.#items.clear();
    for (const item of items) item.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
