import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Job, JobProgress } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import type { Task } from '../manifests/task.ts';

export type TaskStatus = 'succeeded' | 'failed';

export interface TaskOutcome {
  readonly task: Task;
  readonly status: TaskStatus;
  readonly httpStatus: number;
  /** Empty for a success. */
  readonly errorCode: string;
  readonly message: string;
}

/** The outcome of a task of a manifest with versions that has none. */
export function missingVersion(task: Task): TaskOutcome {
  return failedTask(task, 400, 'InvalidRequest', 'Task failed due to missing VersionId');
}

export function succeededTask(task: Task, httpStatus: number, message = 'Successful'): TaskOutcome {
  return { task, status: 'succeeded', httpStatus, errorCode: '', message };
}

export function failedTask(
  task: Task,
  httpStatus: number,
  errorCode: string,
  message: string,
): TaskOutcome {
  return { task, status: 'failed', httpStatus, errorCode, message };
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

/** A job fails when more than half of at least this many tasks have failed (AWS's threshold). */
const THRESHOLD_TASKS = 1000;

export interface Outcomes {
  /** In the order of the manifest. */
  readonly outcomes: readonly TaskOutcome[];
  /** How many bytes of the task file they were. */
  readonly bytes: number;
  /** Milliseconds to add to the job's time in Active. */
  readonly activeTime: number;
}

/**
 * Counts what was done and adds it to the report to be. The rows are written before the progress that
 * covers them is committed.
 * @returns whether the job has failed by AWS's threshold
 */
export function saveOutcomes(
  context: JobContext,
  job: Job,
  results: ResultFiles,
  { outcomes, bytes, activeTime }: Outcomes,
): boolean {
  const { progress } = job;
  const successes = outcomes.filter(({ status }) => status === 'succeeded').length;
  const succeeded = progress.succeeded + successes;
  const failed = progress.failed + outcomes.length - successes;
  context.jobs.table.saveProgress(job.id, {
    total: progress.total,
    succeeded,
    failed,
    taskBytes: progress.taskBytes + bytes,
    activeTime: progress.activeTime + activeTime,
    ...writeResults(job, results, outcomes),
  });
  return isOverThreshold(succeeded, failed);
}

export function isOverThreshold(succeeded: number, failed: number): boolean {
  const run = succeeded + failed;
  return run >= THRESHOLD_TASKS && failed * 2 > run;
}

function writeResults(
  { definition: { report }, progress }: Job,
  results: ResultFiles,
  outcomes: readonly TaskOutcome[],
): Pick<JobProgress, 'succeededBytes' | 'failedBytes'> {
  const of = (status: TaskOutcome['status']): TaskOutcome[] =>
    outcomes.filter(outcome => outcome.status === status);
  return {
    succeededBytes:
      report?.scope === 'AllTasks'
        ? results.write('succeeded', of('succeeded'), progress.succeededBytes)
        : 0,
    failedBytes:
      report === undefined ? 0 : results.write('failed', of('failed'), progress.failedBytes),
  };
}
