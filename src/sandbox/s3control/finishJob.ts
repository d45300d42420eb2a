import { rm } from 'node:fs/promises';
import { AwsError } from '../errors.ts';
import type { FailureReason, Job, JobStatus } from './job.ts';
import type { JobContext } from './jobContext.ts';
import { JobFailure } from './jobFailure.ts';
import { jobFolder } from './jobFolder.ts';
import { writeManifest, writeResults } from './reports/completionReport.ts';

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
  const report = await tryReport(context, job);
  if (typeof report === 'object') {
    failureReasons.push(report);
    if (end === 'Complete') {
      table.update(id, { status: 'Failing' });
      end = 'Failed';
    }
  }
  table.update(id, { status: end, terminated: context.clock.now(), failureReasons });
  // The folder of a report that is not whole yet is still needed.
  if (report !== 'late') await rm(jobFolder(context.store, id), { recursive: true, force: true });
}

/**
 * A report exists when at least one task was run, however the job ended.
 * @returns why there is none, or when its manifest comes
 */
async function tryReport(
  context: JobContext,
  job: Job,
): Promise<FailureReason | 'written' | 'late'> {
  const { report } = job.definition;
  if (report === undefined || job.progress.succeeded + job.progress.failed === 0) return 'written';
  try {
    const results = await writeResults(context, job, report);
    const { reportDelay } = context.faults;
    if (reportDelay > 0) {
      context.jobs.lateReports.add(job.id, reportDelay, results);
      return 'late';
    }
    await writeManifest(context, job, report, results);
    return 'written';
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof JobFailure)) throw error;
    return {
      code: error.code,
      reason:
        'The job report could not be written to your report bucket. Please check your permissions.',
    };
  }
}
