import { createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { jsonLine } from '../jsonLine.ts';
import type { PlanItem } from './syncPlan.ts';

/** Writes a plan, which may have millions of items, item by item. */
export class PlanWriter {
  readonly #stream: WriteStream;
  readonly #finished: Promise<void>;

  /** @param path written over */
  constructor(path: string) {
    this.#stream = createWriteStream(path, { mode: 0o600 });
    this.#finished = finished(this.#stream);
    // A disk that is full says so at any time; `write` and `end` tell.
    this.#finished.catch(() => undefined);
  }

  /** @throws NodeJS.ErrnoException `ENOSPC` … */
  async write(item: PlanItem): Promise<void> {
    if (this.#stream.errored) throw this.#stream.errored;
    if (this.#stream.write(jsonLine(item))) return;
    await Promise.race([once(this.#stream, 'drain'), this.#finished]);
  }

  /** Resolves when all of it is in the file. @throws as write */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#finished;
  }
}

/** The items of a plan, one after the other. @throws NodeJS.ErrnoException */
export async function* readPlan(path: string): AsyncGenerator<PlanItem, void, undefined> {
  const file = await open(path);
  try {
    for await (const line of file.readLines()) yield JSON.parse(line) as PlanItem;
  } finally {
    await file.close();
  }
}
