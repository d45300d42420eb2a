/** The journal of a transfer's task (`worker/journal.ts`). */
export interface TaskJournal {
  readonly checkpoint: () => unknown;
  readonly save: (checkpoint: unknown) => Promise<void>;
}

interface Checkpoint<Part> {
  readonly done: readonly number[];
  /** Large files under way, by their place in the input. */
  readonly parts: Readonly<Record<number, Part>>;
}

/** Milliseconds between two checkpoints of what is done. */
const EVERY_MS = 1000;

/**
 * How far a transfer is, over the death of its process: which files are done, at most a second late, and
 * of each large one under way what it takes to go on with it, at once.
 */
export class TransferJournal<Part> {
  readonly #journal: TaskJournal | undefined;
  readonly #done: Set<number>;
  readonly #parts: Map<number, Part>;
  #savedAt = 0;
  #saving: Promise<void> | undefined;

  constructor(journal: TaskJournal | undefined) {
    this.#journal = journal;
    const known = journal?.checkpoint() as Checkpoint<Part> | undefined;
    this.#done = new Set(known?.done);
    this.#parts = new Map(
      Object.entries(known?.parts ?? {}).map(([index, part]) => [Number(index), part]),
    );
  }

  /** Whether what is left unfinished can be gone on with: it is known to who comes later. */
  get lasts(): boolean {
    return this.#journal !== undefined;
  }

  isDone(index: number): boolean {
    return this.#done.has(index);
  }

  /** What an earlier process has noted of a file. */
  part(index: number): Part | undefined {
    return this.#parts.get(index);
  }

  parts(): readonly Part[] {
    return [...this.#parts.values()];
  }

  /** Notes how far a file is; it is on disk when this resolves. */
  async keep(index: number, part: Part): Promise<void> {
    this.#parts.set(index, part);
    await this.#save();
  }

  /** A file was interrupted: what is there of it stays, and it is gone on with later. */
  async leave(): Promise<void> {
    await this.#save();
  }

  /** A file is where it should be, or nothing is left of it. */
  async end(index: number, isDone: boolean): Promise<void> {
    if (isDone) this.#done.add(index);
    const isLarge = this.#parts.delete(index);
    if (isLarge) await this.#save();
    else if (Date.now() - this.#savedAt > EVERY_MS) await this.#save();
  }

  async #save(): Promise<void> {
    if (!this.#journal) return;
    this.#savedAt = Date.now();
    await this.#saving;
    const parts = Object.fromEntries(this.#parts);
    this.#saving = this.#journal.save({ done: [...this.#done], parts });
    await this.#saving;
  }
}
