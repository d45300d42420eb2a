import {
  DescribeJobCommand,
  ListJobsCommand,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
  type JobListDescriptor,
  type JobStatus as SdkJobStatus,
} from '@aws-sdk/client-s3-control';
import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { cutText } from '../cutText.ts';
import { BrigadeError } from '../errors.ts';
import { readResponseText } from '../answers/responseText.ts';
import { unknownMembers } from './request/unknownMembers.ts';
import { jobOf, type Job, type JobSummary } from './job.ts';
import { isPriority, MAX_PRIORITY } from './jobRules.ts';
import type { JobStatus } from './jobStatus.ts';

/** A job lives in one Region: nothing can be done to it, nor is it listed, in another. */
export interface JobAddress {
  readonly jobId: string;
  /** The connection's own when absent. */
  readonly region?: string;
}

/**
 * The jobs of the account in a Region, all pages, newest first (AWS does not document its order).
 * AWS keeps a job for 90 days after its end.
 *
 * @throws BrigadeError
 */
export async function listJobs(
  clients: AwsClients,
  {
    statuses,
    region = clients.region,
  }: { readonly statuses?: readonly JobStatus[]; readonly region?: string } = {},
  options: CallOptions = {},
): Promise<JobSummary[]> {
  const jobs: JobSummary[] = [];
  let token: string | undefined;
  do {
    const command = new ListJobsCommand({
      AccountId: clients.accountId,
      JobStatuses: statuses === undefined ? undefined : ([...statuses] as SdkJobStatus[]),
      MaxResults: 1000,
      NextToken: token,
    });
    const output = await call(region, options, () =>
      clients.s3Control(region).send(command, { abortSignal: options.signal }),
    );
    jobs.push(...(output.Jobs ?? []).map(job => summaryOf(job, region)));
    token = output.NextToken === '' ? undefined : output.NextToken;
  } while (token !== undefined);
  return jobs.sort((a, b) => (b.creationTime?.getTime() ?? 0) - (a.creationTime?.getTime() ?? 0));
}

function summaryOf(job: JobListDescriptor, region: string): JobSummary {
  return {
    jobId: job.JobId ?? '',
    region,
    description: job.Description,
    operation: job.Operation ?? '',
    status: job.Status ?? '',
    priority: job.Priority ?? 0,
    creationTime: job.CreationTime,
    terminationDate: job.TerminationDate,
    total: job.ProgressSummary?.TotalNumberOfTasks ?? 0,
    succeeded: job.ProgressSummary?.NumberOfTasksSucceeded ?? 0,
    failed: job.ProgressSummary?.NumberOfTasksFailed ?? 0,
  };
}

/** Milliseconds between tries for a job that AWS does not know yet. */
const RETRY_DELAYS = [250, 500, 1_000, 2_000, 4_000];

/**
 * Everything AWS tells of one job.
 *
 * @param input.justCreated try for some seconds: DescribeJob straight after CreateJob may answer
 *   that there is no such job (Amazon S3 user guide, "Troubleshooting Batch Operations").
 * @throws BrigadeError `NotFound` for a job of another account or Region, or one long past.
 */
export async function describeJob(
  clients: AwsClients,
  {
    jobId,
    region = clients.region,
    justCreated = false,
  }: JobAddress & { readonly justCreated?: boolean },
  options: CallOptions = {},
): Promise<Job> {
  for (const pause of justCreated ? [...RETRY_DELAYS, undefined] : [undefined]) {
    try {
      return await call(jobId, options, async () => {
        // A command of S3 Control cannot be sent twice: its middleware would be added twice.
        const command = new DescribeJobCommand({ AccountId: clients.accountId, JobId: jobId });
        const control = clients.s3Control(region);
        const text = readResponseText(command);
        const output = await control.send(command, { abortSignal: options.signal });
        return jobOf(output.Job ?? {}, { jobId, region }, unknownMembers(text()));
      });
    } catch (error) {
      if (pause === undefined || !(error instanceof BrigadeError) || error.code !== 'NotFound') {
        throw error;
      }
      await call(jobId, options, () => delay(pause, undefined, { signal: options.signal }));
    }
  }
  throw new BrigadeError('NotFound', 'No such job', { subject: jobId });
}

/** Confirms a suspended job; it will run in its turn. @throws BrigadeError `Conflict` if it cannot. */
export async function runJob(
  clients: AwsClients,
  job: JobAddress,
  options: CallOptions = {},
): Promise<void> {
  await updateStatus(clients, job, 'Ready', undefined, options);
}

/**
 * Cancels a job; tasks that ran stay done.
 *
 * @param input.reason up to 256 characters, shown with the job afterwards.
 * @throws BrigadeError `Conflict` when it has ended already.
 */
export async function cancelJob(
  clients: AwsClients,
  { reason, ...job }: JobAddress & { readonly reason?: string },
  options: CallOptions = {},
): Promise<void> {
  await updateStatus(clients, job, 'Cancelled', reason, options);
}

async function updateStatus(
  clients: AwsClients,
  { jobId, region }: JobAddress,
  status: 'Ready' | 'Cancelled',
  reason: string | undefined,
  options: CallOptions,
): Promise<void> {
  const command = new UpdateJobStatusCommand({
    AccountId: clients.accountId,
    JobId: jobId,
    RequestedJobStatus: status,
    StatusUpdateReason: reason ? cutText(reason, 256) : undefined,
  });
  await call(jobId, options, () =>
    clients.s3Control(region).send(command, { abortSignal: options.signal }),
  );
}

/** @param input.priority 0 to 2147483647; higher runs first. @throws BrigadeError */
export async function setJobPriority(
  clients: AwsClients,
  { jobId, region, priority }: JobAddress & { readonly priority: number },
  options: CallOptions = {},
): Promise<void> {
  assertPriority(priority, jobId);
  const command = new UpdateJobPriorityCommand({
    AccountId: clients.accountId,
    JobId: jobId,
    Priority: priority,
  });
  await call(jobId, options, () =>
    clients.s3Control(region).send(command, { abortSignal: options.signal }),
  );
}

/** @throws BrigadeError `InvalidInput` */
export function assertPriority(priority: number, subject: string): void {
  if (!isPriority(priority)) {
    const sentence = `Priority must be a whole number from 0 to ${MAX_PRIORITY}`;
    const problem = { kind: 'priority', max: MAX_PRIORITY } as const;
    throw new BrigadeError('InvalidInput', sentence, { subject, problem });
  }
}
