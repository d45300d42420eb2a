import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchResult } from './changeBatch.ts';
import { writeDurably } from './durableFile.ts';

export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  /** Of those that succeeded, how many were so already. */
  readonly unchanged: number;
}

export const NO_COUNTS: Counts = { succeeded: 0, failed: 0, unchanged: 0 };

export function sumOf(one: Counts, other: Counts): Counts {
  return {
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    unchanged: one.unchanged + other.unchanged,
  };
}

/** A file with the rows of one status, ready to be uploaded. */
export interface RowsFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly md5: string;
}

/** The results of batches in files of a task's folder: a batch is done when its file is there. */
export class ResultStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(batch: number, result: BatchResult): Promise<void> {
    await writeDurably(this.#path(batch), JSON.stringify(result));
  }

  /** What happened to a batch; undefined when it is not done. */
  async read(batch: number): Promise<BatchResult | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(batch), 'utf8')) as BatchResult;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** All rows of one status in one file, in the order of the list; undefined when there are none. */
  async collect(
    status: 'succeeded' | 'failed',
    batches: Iterable<number>,
  ): Promise<RowsFile | undefined> {
    const path = join(this.#folder, `${status}.csv`);
    const md5 = createHash('md5');
    let bytes = 0;
    const file = await open(path, 'w');
    try {
      for (const batch of batches) {
        const rows = (await this.read(batch))?.[`${status}Rows`] ?? '';
        if (rows === '') continue;
        md5.update(rows);
        bytes += Buffer.byteLength(rows);
        await file.appendFile(rows);
      }
    } finally {
      await file.close();
    }
    if (bytes > 0) return { path, bytes, md5: md5.digest('hex') };
    await rm(path);
    return undefined;
  }

  #path(batch: number): string {
    return join(this.#folder, `results-${String(batch).padStart(5, '0')}.json`);
  }
}
