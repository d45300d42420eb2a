import type { Services } from '../sandboxServices.ts';
import type { Job, JobProgress } from './job.ts';
import { assumeJobRole } from './jobRole.ts';
import type { ResultFiles } from './resultFiles.ts';
import type { TaskOutcome } from './resultFiles.ts';
import { runTask } from './runTask.ts';
import { parseTaskLine } from './task.ts';
import type { TaskLine } from './taskFile.ts';

/** Requests wait no longer than this many milliseconds for a slice of a job. */
const BUDGET = 8;
/** A job fails when more than half of at least this many tasks have failed (AWS's threshold). */
const THRESHOLD_TASKS = 1000;

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
 * @param activeTime milliseconds to add to the job's time in Active
 */
export function runSlice(
  services: Services,
  job: Job,
  lines: readonly TaskLine[],
  results: ResultFiles,
  activeTime: number,
): SliceResult {
  const started = performance.now();
  const role = assumeJobRole(services, job);
  return services.store.transaction(() => {
    const outcomes: TaskOutcome[] = [];
    let { succeeded, failed, taskBytes } = job.progress;
    let overThreshold = false;
    for (const line of lines) {
      const task = parseTaskLine(line.text);
      const outcome = runTask(services, role, job.definition.operation, task);
      outcomes.push(outcome);
      taskBytes += line.bytes;
      if (outcome.status === 'succeeded') succeeded += 1;
      else failed += 1;
      overThreshold = isOverThreshold(succeeded, failed);
      if (overThreshold || performance.now() - started > BUDGET) break;
    }
    services.jobs.table.saveProgress(job.id, {
      total: job.progress.total,
      succeeded,
      failed,
      taskBytes,
      activeTime: job.progress.activeTime + activeTime,
      ...writeResults(job, results, outcomes),
    });
    return { done: outcomes.length, overThreshold };
  });
}

function isOverThreshold(succeeded: number, failed: number): boolean {
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
