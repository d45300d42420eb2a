import type { JobSummary } from '../aws/batchJobs.ts';
import { operationLabel } from './jobText.ts';

/** What a job is called: its description, else what it does. */
export function jobName(job: Pick<JobSummary, 'description' | 'operation'>): string {
  return job.description ?? operationLabel(job.operation);
}
