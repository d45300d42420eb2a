import type { CsvRecord } from '../csvRecords.ts';
import { decodeManifestKey } from './manifestKey.ts';
import type { ProblemLog } from './manifestProblems.ts';

const SAMPLES = 5;

interface Counts {
  readonly rows: number;
  readonly emptyVersions: number;
  readonly deleteMarkers: number;
  readonly noncurrent: number;
}

/** Counts the rows of an inventory, and those that a job can do nothing with. */
export class InventoryRows {
  /** Decoded keys of the first rows. */
  readonly sampleKeys: string[] = [];
  readonly #log: ProblemLog;
  readonly #columns: Readonly<Record<'all' | 'key' | 'version' | 'latest' | 'marker', number>>;
  readonly #hasBucket: boolean;
  #counts: Counts = { rows: 0, emptyVersions: 0, deleteMarkers: 0, noncurrent: 0 };

  /** @param columns by S3's names (user guide, "Amazon S3 Inventory list"). */
  constructor(columns: readonly string[], log: ProblemLog) {
    this.#log = log;
    this.#hasBucket = columns.includes('Bucket');
    this.#columns = {
      all: columns.length,
      key: columns.indexOf('Key'),
      version: columns.indexOf('VersionId'),
      latest: columns.indexOf('IsLatest'),
      marker: columns.indexOf('IsDeleteMarker'),
    };
  }

  /** Whether the columns are there that a batch job needs. */
  get canCount(): boolean {
    return this.#hasBucket && this.#columns.key >= 0;
  }

  get count(): number {
    return this.#counts.rows;
  }

  /** What is no problem, but good to know. */
  get facts(): { noncurrent: number } {
    return { noncurrent: this.#counts.noncurrent };
  }

  add(records: readonly CsvRecord[], file: string): void {
    let { rows, emptyVersions, deleteMarkers, noncurrent } = this.#counts;
    const { all, key, version, latest, marker } = this.#columns;
    for (const { cells, text } of records) {
      if (cells?.length === 1 && cells[0] === '') continue;
      rows += 1;
      if (cells?.length !== all) {
        this.#log.add('malformed', undefined, `${file}: ${cells?.join(',') ?? text}`);
        continue;
      }
      if (version >= 0 && cells[version] === '') emptyVersions += 1;
      if (cells[marker] === 'true') deleteMarkers += 1;
      else if (cells[latest] === 'false') noncurrent += 1;
      this.#keepSample(cells[key] ?? '');
    }
    this.#counts = { rows, emptyVersions, deleteMarkers, noncurrent };
  }

  #keepSample(cell: string): void {
    if (this.sampleKeys.length < SAMPLES) this.sampleKeys.push(decodeManifestKey(cell) ?? cell);
  }

  /** What was counted before a file; see `undo`. */
  begin(): Counts {
    return this.#counts;
  }

  /** Forgets a file that could not be read to its end. */
  undo(before: Counts): void {
    this.#counts = before;
  }

  /** @param complete whether all files were counted. */
  finish(complete: boolean): void {
    const { rows, emptyVersions, deleteMarkers } = this.#counts;
    if (rows === 0 && complete) this.#log.add('empty');
    // Nothing of the job would succeed.
    const severity = emptyVersions === rows ? 'error' : 'warning';
    if (emptyVersions > 0) this.#log.addCounted('emptyVersion', emptyVersions, severity);
    if (deleteMarkers > 0) this.#log.addCounted('deleteMarker', deleteMarkers, 'warning');
  }
}
