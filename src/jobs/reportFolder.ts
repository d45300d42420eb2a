import type { Job } from '../aws/batchJobs/job.ts';

/** The prefix under which AWS writes a job's report: `<prefix>/job-<id>/`. */
export function reportFolder({ jobId, report }: Pick<Job, 'jobId' | 'report'>): string {
  const folder = `job-${jobId}/`;
  return report?.prefix === undefined ? folder : `${report.prefix}/${folder}`;
}
