import type { JobOperation, Job } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { JobFailure } from '../jobFailure.ts';
import type { ResultFiles } from './taskOutcomes.ts';
import type { TaskReader } from '../manifests/task.ts';

/** A job that is being run. */
export interface RunningJob<Operation extends JobOperation> {
  readonly id: string;
  readonly operation: Operation;
  readonly reader: TaskReader;
  readonly results: ResultFiles;
}

/** AWS gives a job's place to a job of higher priority that is ready. */
export function isOutranked({ jobs }: Pick<JobContext, 'jobs'>, job: Job): boolean {
  const next = jobs.table.foremost(['Ready', 'Paused']);
  return next !== undefined && next.priority > job.priority;
}

/** Ends a pause that was begun, unless the job was cancelled meanwhile. */
export function pauseJob({ jobs }: Pick<JobContext, 'jobs'>, id: string): void {
  if (jobs.table.find(id)?.status === 'Pausing') jobs.table.update(id, { status: 'Paused' });
}

export function thresholdExceeded(): JobFailure {
  return new JobFailure(
    'TaskFailureThresholdExceeded',
    'More than 50 percent of at least 1000 tasks failed.',
  );
}
