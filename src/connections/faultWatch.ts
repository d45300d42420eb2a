import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What somebody has asked to go wrong in the sandbox, as it says itself. */
export interface RequestedFaults {
  /** Each in a few words, in English. */
  readonly rules: readonly string[];
  /** Why the file that asks for them can't be used: then nothing goes wrong on purpose. */
  readonly problem?: string;
}

const POLL_MS = 1000;

/**
 * Follows which faults are asked for, by the record that a running sandbox keeps in its data folder: also
 * one that another window has started.
 */
export class FaultWatch {
  readonly #file: string;
  readonly #onDidChange: () => void;
  readonly #listener = (): void => void this.#read();
  #current: RequestedFaults | undefined;
  #isOn = false;

  constructor(dataDir: string, onDidChange: () => void) {
    this.#file = path.join(dataDir, 'sandbox.json');
    this.#onDidChange = onDidChange;
  }

  get current(): RequestedFaults | undefined {
    return this.#current;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    watchFile(this.#file, { interval: POLL_MS, persistent: false }, this.#listener);
    void this.#read();
  }

  stop(): void {
    this.#isOn = false;
    this.#current = undefined;
    unwatchFile(this.#file, this.#listener);
  }

  async #read(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const found = parseFaults(text);
    if (!this.#isOn || JSON.stringify(found) === JSON.stringify(this.#current)) return;
    this.#current = found;
    this.#onDidChange();
  }
}

/** The `faults` of a sandbox's record; undefined where there are none. */
export function parseFaults(json: string): RequestedFaults | undefined {
  try {
    const { faults } = JSON.parse(json) as { faults?: Partial<RequestedFaults> };
    if (!faults || !Array.isArray(faults.rules)) return undefined;
    const rules = faults.rules.map(String);
    if (typeof faults.problem === 'string') return { rules, problem: faults.problem };
    return rules.length === 0 ? undefined : { rules };
  } catch {
    return undefined;
  }
}
