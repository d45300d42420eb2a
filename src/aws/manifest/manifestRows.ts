import { isHeader } from './headerRow.ts';
import { decodeManifestKey, hasUnencodedCharacters } from './manifestKey.ts';
import type { ProblemLog } from './manifestProblems.ts';
import { RowSet } from './rowSet.ts';
import { Separators } from './separators.ts';
import { isBucketName, MAX_KEY_BYTES } from '../s3Uri.ts';
import { VersionColumns } from './versionColumn.ts';
import type { CsvRecord } from '../csvRecords.ts';

/** Distinct buckets counted; a file that is no manifest must not fill the memory. */
const MAX_BUCKETS = 1000;
/** Rows among which the same row is looked for twice, unless it is said otherwise. */
const MAX_COMPARED = 50_000;
const SAMPLES = 5;

/**
 * Checks the rows of a CSV manifest one by one against the rules of the Amazon S3 user guide
 * ("Specifying a manifest"): no header, URL-encoded keys, one number of columns, all rows with a
 * version or none.
 */
export class ManifestRows {
  readonly buckets = new Map<string, number>();
  /** Decoded keys of the first rows. */
  readonly sampleKeys: string[] = [];
  readonly versions = new VersionColumns();
  /** Rows that are objects: neither blank lines nor a header. */
  count = 0;
  /** Rows of any kind. */
  lines = 0;
  readonly #log: ProblemLog;
  readonly #separators = new Separators();
  readonly #compared: RowSet;
  #columns = 0;
  /** The first row, until the second tells whether it is a header. */
  #first: { row: number; cells: readonly string[] } | undefined;
  #firstBucket: string | undefined;
  /** The first row, where it was not taken for a header. */
  #firstRow: { row: number; text: string; bucket: string } | undefined;

  /** @param maxCompared rows among which the same row is looked for twice. */
  constructor(log: ProblemLog, maxCompared = MAX_COMPARED) {
    this.#log = log;
    this.#compared = new RowSet(maxCompared);
  }

  /** Different rows among which the same row was looked for. */
  get compared(): number {
    return this.#compared.size;
  }

  /** As many as the first row has, 2 at least. */
  get columns(): number {
    return this.#columns;
  }

  add({ row, cells, text }: CsvRecord): void {
    this.lines = row;
    if (cells === undefined) {
      this.count += 1;
      this.#log.add('malformed', row, text);
    } else if (cells.length === 1 && cells[0]?.trim() === '') {
      this.#log.add('blankLine', row);
    } else if (this.#columns === 0) {
      this.#columns = Math.max(2, cells.length);
      this.#first = { row, cells };
    } else {
      this.#settleFirst(cells);
      this.#check(cells, row);
    }
  }

  #settleFirst(next?: readonly string[]): void {
    if (this.#first === undefined) return;
    const { row, cells } = this.#first;
    this.#first = undefined;
    const text = cells.join(',');
    if (isHeader(cells, next)) {
      this.#log.add('headerRow', row, text);
      return;
    }
    this.#firstRow = { row, text, bucket: (cells[0] ?? '').trim() };
    this.#check(cells, row);
  }

  /** The first row's bucket, where no other row names it: the row may be a header in any language. */
  get loneBucket(): string | undefined {
    const { row, bucket = '' } = this.#firstRow ?? {};
    const lone = row === 1 && this.buckets.size > 1 && this.buckets.get(bucket) === 1;
    return lone ? bucket : undefined;
  }

  /** Takes the first row for a header after all: its bucket does not exist. */
  firstIsHeader(): void {
    if (this.#firstRow === undefined) return;
    const { row, text, bucket } = this.#firstRow;
    this.#log.dropRow(row);
    this.#log.add('loneBucket', row, text);
    this.count -= 1;
    this.buckets.delete(bucket);
    this.sampleKeys.shift();
    if (this.buckets.size === 1) this.#log.drop('severalBuckets');
  }

  #check(cells: readonly string[], row: number): void {
    this.count += 1;
    if (cells.length !== this.#columns || cells.length < 2) {
      if (cells.length === 1) this.#separators.note(cells[0] ?? '');
      this.#log.add('columnCount', row, cells.join(','));
      return;
    }
    const [bucket = '', key = ''] = cells;
    this.#checkBucket(bucket, row);
    this.#checkKey(key, row);
    if (cells.length > 2) this.versions.add(cells, row);
    this.#compare(cells, row);
  }

  #checkBucket(bucket: string, row: number): void {
    const name = bucket.trim();
    if (name !== bucket) {
      this.#log.add('trailingSpace', row, bucket);
    }
    if (!isBucketName(name)) {
      this.#log.add('bucketName', row, bucket);
      return;
    }
    this.#firstBucket ??= name;
    if (name !== this.#firstBucket) {
      this.#log.add('severalBuckets', row, name);
    }
    if (this.buckets.has(name) || this.buckets.size < MAX_BUCKETS) {
      this.buckets.set(name, (this.buckets.get(name) ?? 0) + 1);
    }
  }

  #checkKey(cell: string, row: number): void {
    const key = decodeManifestKey(cell);
    if (cell === '') {
      this.#log.add('emptyKey', row);
    } else if (cell.trim() !== cell) {
      this.#log.add('trailingSpace', row, cell);
    } else if (key === undefined || hasUnencodedCharacters(cell)) {
      this.#log.add(cell.includes('\ufffd') ? 'notUtf8' : 'unencodedKey', row, cell);
    } else if (cell.includes('+')) {
      this.#log.add('plusSign', row, cell);
    }
    // Three bytes of UTF-8 is the most a UTF-16 unit takes: most keys need no counting.
    if (key !== undefined && key.length * 3 > MAX_KEY_BYTES) {
      if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
        this.#log.add('keyTooLong', row, cell);
      }
    }
    if (key !== undefined && key !== '' && this.sampleKeys.length < SAMPLES) {
      this.sampleKeys.push(key);
    }
  }

  #compare(cells: readonly string[], row: number): void {
    const text = cells.join(',');
    if (this.#compared.seen(text)) this.#log.add('duplicateRow', row, text);
  }

  /** Says what only all rows together tell. */
  finish(): void {
    this.#settleFirst();
    if (this.count === 0) this.#log.add('empty');
    if (this.#separators.count > 0 && this.#separators.count === this.count) {
      this.#log.drop('columnCount');
      const { kind, text } = this.#separators.found();
      this.#log.add(kind, undefined, text);
    }
    this.#judgeVersions();
  }

  #judgeVersions(): void {
    const { found, others } = this.versions;
    if (found === undefined) {
      if (others.length === 0) return;
      const columns = others.map(({ index, example }) => `${index + 1} (${example})`);
      this.#log.add('ignoredColumns', undefined, columns.join(', '));
      return;
    }
    const { odd, empty, others: wrong } = this.versions.missing(found);
    for (const { row, cell } of odd) {
      this.#log.add(cell === '' ? 'mixedVersions' : 'versionId', row, cell || undefined);
    }
    this.#log.addUnseen('mixedVersions', empty - this.#log.count('mixedVersions'));
    this.#log.addUnseen('versionId', wrong - this.#log.count('versionId'));
  }
}
