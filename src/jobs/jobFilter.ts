import type { JobStatus } from '../aws/batchJobs/jobStatus.ts';
import type { Jobs } from './jobs.ts';

/** The key of `rememberedFilter` in the workspace's state. */
export const FILTER = 'jobs.filter';

/** The statuses the view was last filtered by. */
export function rememberedFilter({ context }: Pick<Jobs, 'context'>): JobStatus[] {
  return context.workspaceState.get<JobStatus[]>(FILTER, []);
}
