import type { ManifestField } from '../batchJobs/jobManifest.ts';
import { decodeManifestKey, hasUnencodedCharacters } from './manifestKey.ts';
import type { ProblemLog } from './manifestProblems.ts';
import { isBucketName, MAX_KEY_BYTES } from '../s3Uri.ts';

/** Distinct buckets counted; a file that is no manifest must not fill the memory. */
const MAX_BUCKETS = 1000;
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
  /** Rows that are objects: neither blank lines nor a header. */
  count = 0;
  /** Rows of any kind. */
  lines = 0;
  readonly #log: ProblemLog;
  #columns = 0;
  #firstBucket: string | undefined;
  /** Third cells that are empty, look like a version id, or like something else. */
  readonly #third = { empty: 0, version: 0, other: 0 };

  constructor(log: ProblemLog) {
    this.#log = log;
  }

  add(cells: readonly string[]): void {
    this.lines += 1;
    const row = this.lines;
    if (cells.length === 1 && cells[0]?.trim() === '') {
      this.#log.add('blankLine', row);
      return;
    }
    const [bucket = '', key = '', third] = cells;
    if (this.#columns === 0) {
      this.#columns = Math.max(2, cells.length);
      if (isHeader(bucket, key)) {
        this.#log.add('headerRow', row, cells.join(','));
        return;
      }
    }
    this.count += 1;
    if (cells.length !== this.#columns || cells.length < 2) {
      this.#log.add('columnCount', row, cells.join(','));
      return;
    }
    this.#checkBucket(bucket, row);
    this.#checkKey(key, row);
    this.#noteThird(third, row);
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
      this.#log.add('unencodedKey', row, cell);
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

  #noteThird(third: string | undefined, row: number): void {
    if (third === undefined) {
      return;
    }
    if (third === '') {
      this.#third.empty += 1;
      this.#log.add('mixedVersions', row);
    } else if (third === 'null' || /^(?!\d{1,15}$)[A-Za-z0-9._-]{8,1024}$/.test(third)) {
      this.#third.version += 1;
    } else {
      this.#third.other += 1;
    }
  }

  /** Decides what the columns are, once all rows are seen. */
  finish(): ManifestField[] {
    const { empty, version, other } = this.#third;
    const versions = version > 0 && other === 0;
    if (!versions || empty === 0) {
      this.#log.drop('mixedVersions');
    }
    if (this.count === 0) {
      this.#log.add('empty');
    }
    const extra = Math.max(0, this.#columns - 2);
    return [
      'Bucket',
      'Key',
      ...Array.from({ length: extra }, (_, index): ManifestField =>
        index === 0 && versions ? 'VersionId' : 'Ignore',
      ),
    ];
  }
}

function isHeader(bucket: string, key: string): boolean {
  return /^(s3_?)?bucket(_?name)?$/i.test(bucket.trim()) && /^[a-z_ ]*(key|name|path)$/i.test(key);
}
