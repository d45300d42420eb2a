/** What the work of a task waits for while it is paused. */
export class Gate {
  #closed: PromiseWithResolvers<void> | undefined;

  /** Resolves at once, or when it is opened. */
  async pass(): Promise<void> {
    await this.#closed?.promise;
  }

  close(): void {
    this.#closed ??= Promise.withResolvers();
  }

  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }
}
