import type { ReportDamage } from '../batchJobs/reportRows.ts';
import type { FailureGroup } from './failureGroups.ts';

/**
 * A completion report on this machine's disk, so that a table of millions of rows can be scrolled,
 * searched and sorted with little memory. Three files in a folder of its own:
 *
 * - `rows.jsonl`: a row a line, as a JSON array (`rowLine.ts`);
 * - `rows.idx`: 16 bytes a row, little-endian: where its line begins (double), its bytes (uint32), its
 *   group (uint16, 0 for a success, else the number in the summary and 1), two bytes unused;
 * - `index.json`: the summary, written last: without it the index is not whole.
 *
 * Views (`view-*.ids`) are the rows that a filter found, in the order of a sort: a uint32 a row.
 */
export const ROWS_FILE = 'rows.jsonl';
export const RECORDS_FILE = 'rows.idx';
export const SUMMARY_FILE = 'index.json';
export const RECORD_BYTES = 16;
export const ID_BYTES = 4;

/** What is known of a report once all its rows were read. */
export interface ReportSummary {
  readonly rows: number;
  readonly succeeded: number;
  readonly failed: number;
  /** In the order in which they came: a row's group is its number here and 1. */
  readonly groups: readonly FailureGroup[];
  /** What can't be read of the report; its rows are in no count. */
  readonly damage: { readonly count: number; readonly first: readonly ReportDamage[] };
  /** Failed rows that name a version. */
  readonly failedVersions: number;
  /** Whether any row names a version. */
  readonly hasVersions: boolean;
  /** The buckets of the rows; not all where they are many. */
  readonly buckets: readonly string[];
}

/** A record of `rows.idx`. */
export interface RowRecord {
  readonly offset: number;
  readonly length: number;
  readonly group: number;
}

/** Writes a record into a buffer of whole records. @param index which of the buffer's records */
export function writeRecord(buffer: Buffer, index: number, record: RowRecord): void {
  const at = index * RECORD_BYTES;
  buffer.writeDoubleLE(record.offset, at);
  buffer.writeUInt32LE(record.length, at + 8);
  buffer.writeUInt16LE(record.group, at + 12);
}

/** Reads one of a buffer's records. */
export function readRecord(buffer: Buffer, index: number): RowRecord {
  const at = index * RECORD_BYTES;
  return {
    offset: buffer.readDoubleLE(at),
    length: buffer.readUInt32LE(at + 8),
    group: buffer.readUInt16LE(at + 12),
  };
}
