/**
 * What a module that only makes sentences needs of VS Code, where unit tests run without one:
 * vitest resolves `vscode` to this file. Anything that needs more belongs in a host test.
 */
type Argument = string | number | boolean;

export const l10n = {
  t(message: string | { message: string; args?: Argument[] }, ...args: Argument[]): string {
    const [text, values] =
      typeof message === 'string' ? [message, args] : [message.message, message.args ?? []];
    return text.replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
  },
};

export const env = { language: 'en' };

/** Enough of one for what keeps a list that others look at. */
export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    this.#listeners.forEach(listener => listener(value));
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class CancellationError extends Error {}
