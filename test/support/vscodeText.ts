/**
 * What a module that only makes sentences needs of VS Code, where unit tests run without one:
 * vitest resolves `vscode` to this file. Anything that needs more belongs in a host test.
 */
import { readJson } from './sources.ts';

type Argument = string | number | boolean;

interface Message {
  readonly message: string;
  readonly args?: readonly Argument[];
  readonly comment?: readonly string[];
}

export const env = { language: 'en' };

let texts: Readonly<Record<string, string>> = {};

/** Makes sentences of another language from here on: that of `l10n/bundle.l10n.LANGUAGE.json`. */
export function useLanguage(language: string): void {
  env.language = language;
  texts =
    language === 'en'
      ? {}
      : (readJson(`l10n/bundle.l10n.${language}.json`) as Readonly<Record<string, string>>);
}

export const l10n = {
  t(message: string | Message, ...args: Argument[]): string {
    const {
      message: text,
      args: values = [],
      comment = [],
    } = typeof message === 'string' ? { message, args } : message;
    // VS Code looks up a text with a comment by both.
    const key = comment.length === 0 ? text : `${text}/${comment.join('')}`;
    const said = texts[key] ?? text;
    return said.replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
  },
};

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

/** Settings that nobody has set: who reads them has defaults of their own. */
export const workspace = { getConfiguration: () => ({ get: () => undefined }) };
