import { MAX_NAMED, type SkipReason, type SyncSummary } from './syncPlan.ts';

type Kind = 'created' | 'changed' | 'deleted' | 'same';

/** Counts what a sync would do, and keeps the first few names of each. */
export class Tally {
  readonly #counts = {
    created: newCount(),
    changed: newCount(),
    deleted: newCount(),
    same: newCount(),
  };
  readonly #skipped: { path: string; reason: SkipReason }[] = [];
  #skippedCount = 0;

  count(kind: Kind, { path, size }: { readonly path: string; readonly size: number }): void {
    const counted = this.#counts[kind];
    counted.count++;
    counted.bytes += size;
    if (counted.first.length < MAX_NAMED) counted.first.push({ path, size });
  }

  skip(path: string, reason: SkipReason): void {
    this.#skippedCount++;
    if (this.#skipped.length < MAX_NAMED) this.#skipped.push({ path, reason });
  }

  get summary(): SyncSummary {
    return { ...this.#counts, skipped: { count: this.#skippedCount, first: this.#skipped } };
  }
}

function newCount(): { count: number; bytes: number; first: { path: string; size: number }[] } {
  return { count: 0, bytes: 0, first: [] };
}
