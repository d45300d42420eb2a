import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds after which a text whose document was never seen to close is removed. */
const MAX_AGE = 30 * 24 * 3600 * 1000;

/**
 * Keeps the texts of open documents on disk, for their owner alone, so that they are there again after
 * a reload. What can't be kept is not: a document is shown without it.
 */
export class KeptTexts {
  readonly #folder: string;
  /** Writing and removing one text must not overtake each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(path: string): Promise<string | undefined> {
    await this.#last;
    return await readFile(this.#file(path), 'utf8').catch(() => undefined);
  }

  keep(path: string, text: string): void {
    this.#then(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(this.#file(path), text, { mode: 0o600 });
      await this.#removeOld();
    });
  }

  forget(path: string): void {
    this.#then(() => rm(this.#file(path), { force: true }));
  }

  async #removeOld(): Promise<void> {
    const oldest = Date.now() - MAX_AGE;
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      if ((await stat(file)).mtimeMs < oldest) await rm(file, { force: true });
    }
  }

  #then(run: () => Promise<unknown>): void {
    this.#last = this.#last.then(run).catch(() => undefined);
  }

  #file(path: string): string {
    return join(this.#folder, `${createHash('sha256').update(path).digest('hex')}.txt`);
  }
}
