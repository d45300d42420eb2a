import type { JobContext } from './jobContext.ts';
import type { Job, JobProgress } from './job.ts';
import type { ResultFiles, TaskOutcome } from './resultFiles.ts';

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
