import type { CsvRecord } from '../csvRecords.ts';
import {
  decodeManifestKey,
  encodeManifestKey,
  hasUnencodedCharacters,
} from '../manifest/manifestKey.ts';
import { RowSet } from '../manifest/rowSet.ts';
import { looksLikeVersionId } from '../manifest/versionColumn.ts';
import { isBucketName, MAX_KEY_BYTES, parseS3Uri } from '../s3Uri.ts';
import type { Correction } from './corrections.ts';

/** What the rows of a manifest are taken for while they are put right. */
export interface CorrectionPlan {
  readonly corrections: readonly Correction[];
  /** The row that is a header, counted from 1. */
  readonly headerRow?: number;
  /** Columns of most rows: those of the first. */
  readonly columns: number;
  /** Index of the column of version ids. */
  readonly versionColumn?: number;
  /** What stands between cells instead of commas; `s3Uris` for rows that are URIs. */
  readonly separator?: string;
}

/** A row as it is to be written. */
export interface CorrectedRow {
  readonly bucket: string;
  /** URL-encoded, if it could be put right. */
  readonly key: string;
  /** Empty where none is known. */
  readonly version?: string;
}

const SEPARATORS: Readonly<Record<string, string | RegExp>> = { tab: '\t', space: / +/ };
/** Rows among which one is looked for twice. */
const MAX_COMPARED = 10_000_000;

/** Puts the rows of a CSV manifest right one by one, as far as that needs nothing but the row. */
export class RowCorrector {
  /** Rows that are not written. */
  leftOut = 0;
  readonly #plan: CorrectionPlan;
  readonly #does: ReadonlySet<Correction>;
  readonly #seen = new RowSet(MAX_COMPARED);

  constructor(plan: CorrectionPlan) {
    this.#plan = plan;
    this.#does = new Set(plan.corrections);
  }

  /** Whether rows are written with a version id. */
  get hasVersions(): boolean {
    if (this.#does.has('dropVersions')) return false;
    return this.#does.has('fillVersions') || this.#plan.versionColumn !== undefined;
  }

  /** The row as it is to be written; undefined for one that is left out. */
  correct(record: CsvRecord): CorrectedRow | undefined {
    const { cells, row } = record;
    // A blank line is no row: nothing is lost with it.
    if (cells?.length === 1 && cells[0]?.trim() === '') return undefined;
    const corrected = row === this.#plan.headerRow ? this.#header(cells) : this.#row(cells);
    if (corrected === undefined || this.#isDuplicate(corrected)) {
      this.leftOut += 1;
      return undefined;
    }
    return corrected;
  }

  #header(cells: readonly string[] | undefined): CorrectedRow | undefined {
    return this.#does.has('dropHeader') ? undefined : this.#row(cells);
  }

  #row(given: readonly string[] | undefined): CorrectedRow | undefined {
    // A row that can't be read as CSV could only be written wrong again.
    if (given === undefined) return undefined;
    const cells = this.#cells(given);
    const trims = this.#does.has('trimSpaces');
    const [bucket = '', key = ''] = cells.map(cell => (trims ? cell.trim() : cell));
    const corrected = { bucket, key: this.#key(key), ...this.#version(cells) };
    return this.#does.has('dropDamaged') && this.#isDamaged(cells, corrected)
      ? undefined
      : corrected;
  }

  #cells(given: readonly string[]): readonly string[] {
    const { columns, separator } = this.#plan;
    const [only = ''] = given;
    if (given.length === 1 && separator !== undefined && this.#does.has('splitCells')) {
      return separator === 's3Uris' ? uriCells(only) : splitCell(only, separator);
    }
    if (given.length <= columns || columns !== 2 || !this.#does.has('joinCells')) return given;
    const [bucket = '', ...key] = given;
    return [bucket, key.join(',')];
  }

  #key(cell: string): string {
    if (this.#does.has('encodeAllKeys')) return encoded(cell);
    const isEncoded = decodeManifestKey(cell) !== undefined && !hasUnencodedCharacters(cell);
    if (!isEncoded) {
      const asItStands = this.#does.has('encodeKeys') || this.#does.has('splitCells');
      return asItStands ? encoded(cell) : cell;
    }
    const plus = this.#does.has('keepPlusSigns') ? cell.replaceAll('+', '%2B') : cell;
    return plus.replaceAll(',', '%2C');
  }

  #version(cells: readonly string[]): { version?: string } {
    if (!this.hasVersions) return {};
    const { versionColumn } = this.#plan;
    const version = versionColumn === undefined ? '' : (cells[versionColumn]?.trim() ?? '');
    const isOne = version === 'null' || looksLikeVersionId(version);
    return { version: isOne || !this.#does.has('fillVersions') ? version : '' };
  }

  #isDamaged(cells: readonly string[], { bucket, key }: CorrectedRow): boolean {
    const decoded = decodeManifestKey(key);
    return (
      cells.length < 2 ||
      (cells.length !== this.#plan.columns && this.#plan.separator === undefined) ||
      !isBucketName(bucket) ||
      key === '' ||
      key.includes('\ufffd') ||
      decoded?.includes('\ufffd') === true ||
      (decoded !== undefined && Buffer.byteLength(decoded) > MAX_KEY_BYTES)
    );
  }

  #isDuplicate({ bucket, key, version = '' }: CorrectedRow): boolean {
    if (!this.#does.has('dropDuplicates')) return false;
    return this.#seen.seen(`${bucket},${key},${version}`);
  }
}

/** No key of S3 holds half a surrogate pair, and no UTF-8 either. */
function encoded(cell: string): string {
  return encodeManifestKey(cell.toWellFormed());
}

/** The first cell is the bucket; a key may hold what stands between the cells. */
function splitCell(cell: string, separator: string): readonly string[] {
  const between = SEPARATORS[separator] ?? separator;
  const cells = cell.trim().split(between);
  return separator === 'space' && cells.length > 2
    ? [
        cells[0] ?? '',
        cell
          .trim()
          .slice((cells[0] ?? '').length)
          .trim(),
      ]
    : cells;
}

function uriCells(cell: string): readonly string[] {
  const { bucket = '', key = '' } = parseS3Uri(cell.trim()) ?? {};
  return [bucket, key];
}
