import { describeJob, listJobs } from '../batchJobs/batchJobs.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

/** Fewer tasks say nothing about a rate. */
const MIN_TASKS = 1000;

/**
 * Tasks a second of the newest job that did the same in this Region and had some thousand tasks.
 *
 * @returns undefined where there is none, or where the caller may not list jobs
 */
export async function measuredRate(
  clients: AwsClients,
  { operation, region }: { readonly operation: string; readonly region: string },
  options: CallOptions = {},
): Promise<number | undefined> {
  return await recoverFrom(['AccessDenied', 'NotFound', 'NoService'], undefined, async () => {
    const jobs = await listJobs(clients, { statuses: ['Complete'], region }, options);
    const like = jobs.find(job => job.operation === operation && job.total >= MIN_TASKS);
    if (like === undefined) return undefined;
    const { elapsedSeconds, total } = await describeJob(clients, like, options);
    return elapsedSeconds ? total / elapsedSeconds : undefined;
  });
}
