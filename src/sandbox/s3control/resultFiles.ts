import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Task } from './task.ts';

export type TaskStatus = 'succeeded' | 'failed';

export interface TaskOutcome {
  readonly task: Task;
  readonly status: TaskStatus;
  readonly httpStatus: number;
  /** Empty for a success. */
  readonly errorCode: string;
  readonly message: string;
}

export const SUCCEEDED_FILE = 'succeeded.csv';
export const FAILED_FILE = 'failed.csv';

/**
 * The rows of a report as AWS writes them: with CRLF, and the HTTP status before the error code,
 * although its own ReportSchema says it the other way round.
 */
export function reportRows(outcomes: readonly TaskOutcome[]): Buffer {
  const rows = outcomes.map(({ task, status, httpStatus, errorCode, message }) => [
    task.bucket,
    task.rawKey,
    task.versionId ?? '',
    status,
    String(httpStatus),
    errorCode,
    message,
  ]);
  return Buffer.from(stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ }));
}

/**
 * The results of a running job, collected for its report. Rows are written at a position before the
 * transaction that counts them commits: what a kill leaves behind it is overwritten when it is resumed.
 */
export class ResultFiles {
  private readonly succeeded: number;
  private readonly failed: number;

  constructor(directory: string) {
    const flags = constants.O_RDWR | constants.O_CREAT;
    this.succeeded = openSync(join(directory, SUCCEEDED_FILE), flags, 0o600);
    this.failed = openSync(join(directory, FAILED_FILE), flags, 0o600);
  }

  /** Writes rows at a position in bytes; answers the position after them. */
  write(status: TaskStatus, outcomes: readonly TaskOutcome[], position: number): number {
    if (outcomes.length === 0) return position;
    const rows = reportRows(outcomes);
    const file = status === 'succeeded' ? this.succeeded : this.failed;
    for (let written = 0; written < rows.length;) {
      written += writeSync(file, rows, written, rows.length - written, position + written);
    }
    return position + rows.length;
  }

  /** Cuts both files to what is counted. */
  trim(succeededBytes: number, failedBytes: number): void {
    ftruncateSync(this.succeeded, succeededBytes);
    ftruncateSync(this.failed, failedBytes);
  }

  close(): void {
    closeSync(this.succeeded);
    closeSync(this.failed);
  }
}
