import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import type { Lineage } from '../../aws/batchJobs/lineage.ts';
import type { Session } from '../../services.ts';

/** A job and those that it retries or that retry it. */
export interface JobLineage extends Lineage {
  readonly parentJob?: Job | undefined;
  /** As it is now: it tells what is left. */
  readonly retryJob?: Job | undefined;
}

/**
 * What the tags of a job say of its retries; a job that AWS has deleted is known by its id only.
 *
 * @returns undefined where the tags may not be read (s3:GetJobTagging)
 * @throws BrigadeError
 */
export async function readJobLineage(
  { clients }: Session,
  { jobId, region }: Pick<Job, 'jobId' | 'region'>,
  signal: AbortSignal,
): Promise<JobLineage | undefined> {
  const { readLineage } = await import('../../aws/batchJobs/lineage.ts');
  const { describeJob } = await import('../../aws/batchJobs/batchJobs.ts');
  try {
    const lineage = await readLineage(clients, { jobId, region }, { signal });
    const describe = async (id: string | undefined): Promise<Job | undefined> =>
      id === undefined
        ? undefined
        : await describeJob(clients, { jobId: id, region }, { signal }).catch(() => undefined);
    const [parentJob, retryJob] = await Promise.all([
      describe(lineage.parent),
      describe(lineage.retry),
    ]);
    return { ...lineage, parentJob, retryJob };
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'AccessDenied') return undefined;
    throw error;
  }
}
