import type { JobSummary } from '../aws/batchJobs/job.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { JobStatus } from '../aws/batchJobs/jobStatus.ts';
import { isCancelled } from '../aws/errors.ts';

/** A Region that could not be read, and why. */
export interface RegionFailure {
  readonly region: string;
  readonly error: unknown;
}

export type RegionAnswer =
  RegionFailure | { readonly region: string; readonly jobs: readonly JobSummary[] };

/**
 * Lists the jobs of several Regions at once.
 *
 * @throws BrigadeError when no Region can be read, with the first Region's reason
 */
export async function readRegions(
  clients: AwsClients,
  regions: readonly string[],
  statuses: readonly JobStatus[] | undefined,
  signal: AbortSignal | undefined,
): Promise<RegionAnswer[]> {
  const { listJobs } = await import('../aws/batchJobs/batchJobs.ts');
  const answers = await Promise.all(
    regions.map(async (region): Promise<RegionAnswer> => {
      try {
        return { region, jobs: await listJobs(clients, { statuses, region }, { signal }) };
      } catch (error) {
        if (isCancelled(error)) throw error;
        return { region, error };
      }
    }),
  );
  const [first] = answers;
  if (first && 'error' in first && answers.every(answer => 'error' in answer)) throw first.error;
  return answers;
}

/** What is known after some Regions were read: a Region that failed keeps what it had. */
export function mergeJobs(
  before: readonly JobSummary[],
  answers: readonly RegionAnswer[],
  inUse: readonly string[],
): JobSummary[] {
  const read = answers.filter(answer => 'jobs' in answer);
  const renewed = new Set(read.map(({ region }) => region));
  const kept = before.filter(({ region }) => !renewed.has(region) && inUse.includes(region));
  const time = ({ creationTime }: JobSummary): number => creationTime?.getTime() ?? 0;
  return [...kept, ...read.flatMap(({ jobs }) => jobs)].sort((a, b) => time(b) - time(a));
}
