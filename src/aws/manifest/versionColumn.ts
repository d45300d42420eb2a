import type { ManifestField } from './jobManifest.ts';

/** What a column beyond bucket and key holds. */
interface Column {
  versions: number;
  nulls: number;
  empty: number;
  /** Cells that are no version ids. */
  others: number;
  /** Whether none of them could be one. */
  impossible: boolean;
  /** The first cells that are empty or no version ids. */
  readonly odd: { readonly row: number; readonly cell: string }[];
}

/** More columns than any manifest has; the rest is ignored. */
const MAX_COLUMNS = 100;
/** Rows kept of what is wrong with a column. */
const MAX_ROWS = 100;
/** Of a column of version ids so much may be damaged and it is one all the same. */
const DAMAGED_SHARE = 0.1;

/**
 * Whether a cell looks like a version id of S3: 32 letters, digits, `.` and `_` in every example of
 * the user guide ("Specifying a manifest") and in what is seen of S3, `-` where others imitate it,
 * and 64 with `+` in one example ("How S3 Versioning works"). An ETag has 32 too, but no uppercase
 * letters. The guide promises no more than "opaque, at most 1,024 bytes".
 */
export function looksLikeVersionId(cell: string): boolean {
  return (
    /^(?:[A-Za-z0-9._-]{32}|[A-Za-z0-9._+-]{64})$/.test(cell) &&
    /[A-Z]/.test(cell) &&
    /[a-z]/.test(cell)
  );
}

/** What the guide allows of a version id, so that a person may say that a column holds them. */
function mayBeVersionId(cell: string): boolean {
  return /^[\x21\x23-\x2b\x2d-\x7e]{1,1024}$/.test(cell);
}

/** Finds the column of version ids by what is in it; the first two are the bucket and the key. */
export class VersionColumns {
  readonly #columns: (Column | undefined)[] = [];
  #rows = 0;

  /** @param cells of a row with the right number of columns */
  add(cells: readonly string[], row: number): void {
    this.#rows += 1;
    for (let at = 2; at < cells.length && at < MAX_COLUMNS; at++) {
      this.#note(at, cells[at] ?? '', row);
    }
  }

  #note(at: number, cell: string, row: number): void {
    const none = { versions: 0, nulls: 0, empty: 0, others: 0, impossible: false };
    const column = (this.#columns[at] ??= { ...none, odd: [] });
    if (cell === 'null') column.nulls += 1;
    else if (looksLikeVersionId(cell)) column.versions += 1;
    else {
      if (cell === '') column.empty += 1;
      else column.others += 1;
      column.impossible ||= !mayBeVersionId(cell);
      if (column.odd.length < MAX_ROWS) column.odd.push({ row, cell });
    }
  }

  /** The index of the column of version ids. */
  get found(): number | undefined {
    const holds = this.#columns.findIndex(
      column => column && column.versions > 0 && column.others <= column.versions * DAMAGED_SHARE,
    );
    if (holds >= 0) return holds;
    const nulls = this.#columns.findIndex(column => column && column.nulls > 0 && !column.others);
    return nulls < 0 ? undefined : nulls;
  }

  /** Rows whose cell in that column is no version id: the first of them, and how many there are. */
  missing(at: number): Pick<Column, 'odd' | 'empty' | 'others'> {
    return this.#columns[at] ?? { odd: [], empty: 0, others: 0 };
  }

  /** Columns with something in them, the found one left out. */
  get others(): { index: number; example: string; mayBeVersions: boolean }[] {
    const { found } = this;
    return this.#columns.flatMap((column, index) => {
      if (index === found || column === undefined || column.empty === this.#rows) return [];
      const example = column.odd.find(({ cell }) => cell !== '')?.cell ?? 'null';
      return [{ index, example, mayBeVersions: !column.impossible }];
    });
  }
}

/** The fields of a CSV manifest for CreateJob. */
export function fieldsOf(columns: number, versions: number | undefined): ManifestField[] {
  return Array.from({ length: Math.max(2, columns) }, (_, at) =>
    at === 0 ? 'Bucket' : at === 1 ? 'Key' : at === versions ? 'VersionId' : 'Ignore',
  );
}
