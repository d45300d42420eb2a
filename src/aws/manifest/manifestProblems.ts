import { cutText } from '../cutText.ts';

/** What can be wrong with a manifest. */
export type ManifestProblemKind =
  | 'headerRow'
  /** The first row's bucket does not exist, and only that row names it. */
  | 'loneBucket'
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
  /** The text names the format: see `ForeignFormat`. */
  | 'format'
  /** Every row has one cell; the text names what stands between: `;`, `tab`, `|`, `space`. */
  | 'separator'
  | 's3Uris'
  | 'oneColumn'
  | 'notUtf8'
  | 'lineEnds'
  | 'duplicateRow'
  /** A cell among version ids that is none. */
  | 'versionId'
  /** Columns that are not used, though there is no column of version ids. */
  | 'ignoredColumns'
  /** Batch jobs read a hand-written manifest only under S3's own keys, not under KMS keys. */
  | 'encryption'
  /** The text names the format: `ORC`, `Parquet`. */
  | 'inventoryFormat'
  | 'inventoryColumns'
  | 'notInventory'
  | 'completionReport'
  /** A data file that was not counted; the text is its key. */
  | 'dataMissing'
  | 'dataDenied'
  | 'dataNotGzip'
  | 'dataChecksum'
  /** Rows of an inventory of all versions. */
  | 'emptyVersion'
  | 'deleteMarker'
  /** Found by asking for each object, which only a check does that was told to. */
  | 'objectMissing'
  /** It may be there: S3 doesn't say so to callers who may not list the bucket. */
  | 'objectDenied'
  | 'bucketMissing';

export interface ManifestProblem {
  readonly kind: ManifestProblemKind;
  /**
   * `error`: the job or the row's task will fail. `warning`: it may not be what was meant, or a part
   * of an inventory, which nobody can edit by hand, will fail.
   */
  readonly severity: 'error' | 'warning';
  /** Counted from 1, blank lines too; absent where it concerns the whole manifest. */
  readonly row?: number;
  /** The cell or the row, cut to 120 characters, or what the kind says. */
  readonly text?: string;
  /** Rows of the kind, where they are only counted. */
  readonly count?: number;
}

const WARNINGS: ReadonlySet<ManifestProblemKind> = new Set([
  ...(['plusSign', 'severalBuckets', 'lineEnds', 'duplicateRow', 'ignoredColumns'] as const),
  ...(['dataMissing', 'dataDenied', 'dataNotGzip', 'dataChecksum'] as const),
  ...(['emptyVersion', 'deleteMarker', 'objectDenied'] as const),
]);

const MAX_TEXT = 120;

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
      kept.push({ kind, severity, row, text: text && cutText(text, MAX_TEXT) });
      this.#kept.set(kind, kept);
    }
  }

  /** Rows of one kind, by their number alone. */
  addCounted(
    kind: ManifestProblemKind,
    count: number,
    severity: ManifestProblem['severity'],
  ): void {
    this.#kept.set(kind, [{ kind, severity, count }]);
    this.#counts.set(kind, count);
  }

  /** Counts more of a kind of which the first are kept. */
  addUnseen(kind: ManifestProblemKind, count: number): void {
    if (count > 0) this.#counts.set(kind, this.count(kind) + count);
  }

  count(kind: ManifestProblemKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Forgets what was said of a row. */
  dropRow(row: number): void {
    for (const [kind, kept] of this.#kept) {
      const left = kept.filter(problem => problem.row !== row);
      if (left.length === kept.length) continue;
      this.#kept.set(kind, left);
      this.#counts.set(kind, this.count(kind) - (kept.length - left.length));
      if (this.count(kind) === 0) this.drop(kind);
    }
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
