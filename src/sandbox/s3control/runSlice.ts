import type { JobContext } from './jobContext.ts';
import type { Job } from './job.ts';
import { assumeJobRole } from './jobRole.ts';
import type { ResultFiles, TaskOutcome } from './resultFiles.ts';
import { runTask } from './runTask.ts';
import type { StoredOperation } from './runTask.ts';
import { isOverThreshold, saveOutcomes } from './saveOutcomes.ts';
import { parseTaskLine } from './task.ts';
import type { TaskLine } from './task.ts';

/** Requests wait no longer than this many milliseconds for a slice of a job. */
const BUDGET = 8;

export interface Slice {
  readonly operation: StoredOperation;
  readonly lines: readonly TaskLine[];
  /** Milliseconds to add to the job's time in Active. */
  readonly activeTime: number;
}

export interface SliceResult {
  /** How many of the lines were done. */
  readonly done: number;
  /** Whether the job has failed by AWS's threshold. */
  readonly overThreshold: boolean;
}

/**
 * Runs tasks until the time is up, in one transaction with the job's progress: after a kill every task
 * is either done and counted, or neither. The rows of the report are written before the commit, at the
 * position that the progress then covers.
 */
export function runSlice(
  context: JobContext,
  job: Job,
  results: ResultFiles,
  { operation, lines, activeTime }: Slice,
): SliceResult {
  const started = performance.now();
  const role = assumeJobRole(context, job);
  return context.store.transaction(() => {
    const outcomes: TaskOutcome[] = [];
    let { succeeded, failed } = job.progress;
    let bytes = 0;
    for (const line of lines) {
      const task = parseTaskLine(line.text);
      const outcome = runTask(context, role, operation, task, succeeded + failed + 1);
      outcomes.push(outcome);
      bytes += line.bytes;
      if (outcome.status === 'succeeded') succeeded += 1;
      else failed += 1;
      if (isOverThreshold(succeeded, failed) || performance.now() - started > BUDGET) break;
    }
    const overThreshold = saveOutcomes(context, job, results, { outcomes, bytes, activeTime });
    return { done: outcomes.length, overThreshold };
  });
}
