import { rm } from 'node:fs/promises';
import { AwsError } from '../errors.ts';
import type { JobContext } from './jobContext.ts';
import { writeReport } from './completionReport.ts';
import type { FailureReason, Job, JobStatus } from './job.ts';
import { JobFailure } from './jobFailure.ts';
import { jobFolder } from './jobFolder.ts';

const ENDS: Readonly<Partial<Record<JobStatus, JobStatus>>> = {
  Completing: 'Complete',
  Cancelling: 'Cancelled',
  Failing: 'Failed',
};

/** Writes the report of a job whose tasks are over, if any was run, and ends the job. */
export async function finishJob(context: JobContext, id: string): Promise<void> {
  const { table } = context.jobs;
  const job = table.find(id);
  let end = job === undefined ? undefined : ENDS[job.status];
  if (job === undefined || end === undefined) return;
  const failureReasons = [...job.failureReasons];
  const problem = await tryReport(context, job);
  if (problem !== undefined) {
    failureReasons.push(problem);
    if (end === 'Complete') {
      table.update(id, { status: 'Failing' });
      end = 'Failed';
    }
  }
  table.update(id, { status: end, terminated: context.clock.now(), failureReasons });
  await rm(jobFolder(context.store, id), { recursive: true, force: true });
}

/** A report exists when at least one task was run, however the job ended. */
async function tryReport(context: JobContext, job: Job): Promise<FailureReason | undefined> {
  const { report } = job.definition;
  if (report === undefined || job.progress.succeeded + job.progress.failed === 0) return undefined;
  try {
    await writeReport(context, job, report);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof JobFailure)) throw error;
    return {
      code: error.code,
      reason:
        'The job report could not be written to your report bucket. Please check your permissions.',
    };
  }
}
