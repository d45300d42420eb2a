import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UploadsFile } from '../objects/uploadsFile.ts';
import { writeDurably } from '../tagChanges/durableFile.ts';
import type { CopyCounts, CopyFailure, CopyItem, CopyPosition } from './copies.ts';

/** Where a task keeps what it needs to know after it was killed. */
export interface TaskFolder {
  readonly folder: string;
  readonly checkpoint: () => unknown;
  readonly save: (checkpoint: unknown) => Promise<void>;
}

export interface CopyCheckpoint extends CopyCounts {
  readonly position: CopyPosition;
  /** Objects before that position that are not done. */
  readonly pending: readonly CopyItem[];
  readonly failures: readonly CopyFailure[];
  readonly hasVersions: boolean;
  readonly hasUnlocked?: boolean;
  /** How many batches are done: tells of which one the note of a deletion is. */
  readonly batches: number;
}

/** What copying writes down beside its checkpoint. */
export class CopyJournal {
  readonly #task: TaskFolder;
  /** Also those of a process before this one. */
  #hasNames = true;

  constructor(task: TaskFolder) {
    this.#task = task;
  }

  /** Undefined for a task that was never at work. */
  checkpoint(): CopyCheckpoint | undefined {
    return this.#task.checkpoint() as CopyCheckpoint | undefined;
  }

  async save(checkpoint: CopyCheckpoint): Promise<void> {
    await this.#task.save(checkpoint);
  }

  /** Notes under which other name an object is about to be copied. */
  async noteName({ bucket, key }: CopyItem, name: string): Promise<void> {
    this.#hasNames = true;
    // A line of its own at each end: what a killed process has half written spoils no other.
    await appendFile(this.#path('names.jsonl'), `\n${JSON.stringify([bucket, key, name])}\n`);
  }

  /** All that has another name is done, and written down as done. */
  async forgetNames(): Promise<void> {
    if (!this.#hasNames) return;
    this.#hasNames = false;
    await rm(this.#path('names.jsonl'), { force: true });
  }

  /** The names noted last, by `itemId`. */
  async names(): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    const text = await readFile(this.#path('names.jsonl'), 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const parts = parseName(line);
      if (parts) names.set(itemId({ bucket: parts[0], key: parts[1] }), parts[2]);
    }
    return names;
  }

  /** Notes whose originals are about to be deleted: when they are gone later, that was us. */
  async noteDeletion(batch: number, items: readonly CopyItem[]): Promise<void> {
    await writeDurably(this.#path('deleting.json'), JSON.stringify({ batch, items }));
  }

  /** What was noted of a batch. */
  async deletion(batch: number): Promise<readonly CopyItem[]> {
    const text = await readFile(this.#path('deleting.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return [];
    const noted = JSON.parse(text) as { batch: number; items: readonly CopyItem[] };
    return noted.batch === batch ? noted.items : [];
  }

  /** The copies in parts that are under way. */
  uploads(): UploadsFile {
    return new UploadsFile(this.#path('uploads.json'));
  }

  #path(name: string): string {
    return join(this.#task.folder, name);
  }
}

/** Undefined for half a line, which a process that was killed has left. */
function parseName(line: string): readonly [string, string, string] | undefined {
  try {
    return JSON.parse(line) as [string, string, string];
  } catch {
    return undefined;
  }
}

/** Distinguishes the objects of a task. */
export function itemId({ bucket, key }: Pick<CopyItem, 'bucket' | 'key'>): string {
  return `${bucket}/${key}`;
}
