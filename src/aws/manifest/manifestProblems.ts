/** What can be wrong with a manifest. */
export type ManifestProblemKind =
  | 'headerRow'
  | 'unencodedKey'
  | 'plusSign'
  | 'columnCount'
  | 'mixedVersions'
  | 'byteOrderMark'
  | 'empty'
  | 'blankLine'
  | 'trailingSpace'
  | 'emptyKey'
  | 'keyTooLong'
  | 'bucketName'
  | 'severalBuckets'
  | 'malformed'
  | 'inventoryFormat'
  /** Batch jobs read a hand-written manifest only under S3's own keys, not under KMS keys. */
  | 'encryption';

export interface ManifestProblem {
  readonly kind: ManifestProblemKind;
  /** `error`: the job or the row's task will fail. `warning`: it may not be what was meant. */
  readonly severity: 'error' | 'warning';
  /** Counted from 1, blank lines too; absent where it concerns the whole manifest. */
  readonly row?: number;
  /** The cell or the parser's words, cut to 120 characters. */
  readonly text?: string;
}

const WARNINGS: ReadonlySet<ManifestProblemKind> = new Set(['plusSign', 'severalBuckets']);

/** Counts every problem and keeps the first of each kind, so a manifest of any size fits. */
export class ProblemLog {
  readonly #limit: number;
  readonly #kept = new Map<ManifestProblemKind, ManifestProblem[]>();
  readonly #counts = new Map<ManifestProblemKind, number>();

  /** @param limit problems kept in all. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(kind: ManifestProblemKind, row?: number, text?: string): void {
    this.#counts.set(kind, this.count(kind) + 1);
    const kept = this.#kept.get(kind) ?? [];
    if (kept.length < this.#limit) {
      const severity = WARNINGS.has(kind) ? 'warning' : 'error';
      kept.push({ kind, severity, row, text: text?.slice(0, 120) });
      this.#kept.set(kind, kept);
    }
  }

  count(kind: ManifestProblemKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Takes back what turned out to be none. */
  drop(kind: ManifestProblemKind): void {
    this.#counts.delete(kind);
    this.#kept.delete(kind);
  }

  get counts(): Partial<Record<ManifestProblemKind, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** In the order of rows, those of the whole manifest first; every kind is represented. */
  get problems(): ManifestProblem[] {
    const share = Math.max(1, Math.floor(this.#limit / Math.max(1, this.#kept.size)));
    return [...this.#kept.values()]
      .flatMap(kept => kept.slice(0, this.#kept.size === 1 ? this.#limit : share))
      .sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  }
}
