import { GetJobTaggingCommand, PutJobTaggingCommand, type S3Tag } from '@aws-sdk/client-s3-control';
import { callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { JobAddress } from './batchJobs.ts';

/** How jobs that retry each other name one another, for other machines too: by tags of the jobs. */
export interface Lineage {
  /** The job whose failed tasks this one does again. */
  readonly parent?: string;
  /** 1 for a job that retries none. */
  readonly attempt: number;
  /** The newest job that does this one's failed tasks again. */
  readonly retry?: string;
}

const PARENT = 'bucket-brigade:parent';
const ATTEMPT = 'bucket-brigade:attempt';
const RETRY = 'bucket-brigade:retry';

/** The tags of a job that retries another. */
export function childTags({ parent, attempt }: { parent: string; attempt: number }): S3Tag[] {
  return [
    { Key: PARENT, Value: parent },
    { Key: ATTEMPT, Value: String(attempt) },
  ];
}

/** Which job a job retries, and which retries it. @throws BrigadeError `AccessDenied` (s3:GetJobTagging) */
export async function readLineage(
  clients: AwsClients,
  job: JobAddress,
  options: CallOptions = {},
): Promise<Lineage> {
  const tags = new Map((await readTags(clients, job, options)).map(tag => [tag.Key, tag.Value]));
  const attempt = Number(tags.get(ATTEMPT) ?? 1);
  const [parent, retry] = [tags.get(PARENT), tags.get(RETRY)];
  return {
    attempt: Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1,
    ...(isJobId(parent) && { parent }),
    ...(isJobId(retry) && { retry }),
  };
}

/** Anybody may have written it. */
function isJobId(value: string | undefined): value is string {
  return value !== undefined && /^[\w-]{5,36}$/.test(value);
}

/**
 * Notes on a job which one retries it; its other tags stay.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetJobTagging, s3:PutJobTagging) …
 */
export async function noteRetry(
  clients: AwsClients,
  { retry, ...job }: JobAddress & { readonly retry: string },
  options: CallOptions = {},
): Promise<void> {
  const others = (await readTags(clients, job, options)).filter(({ Key }) => Key !== RETRY);
  const command = new PutJobTaggingCommand({
    AccountId: clients.accountId,
    JobId: job.jobId,
    Tags: [...others, { Key: RETRY, Value: retry }],
  });
  await callWithAction('s3:PutJobTagging', job.jobId, options, () =>
    clients.s3Control(job.region).send(command, { abortSignal: options.signal }),
  );
}

/**
 * The tags that people gave a job: what says which job retries which is not true of another like it.
 *
 * @returns none where the caller may not read them (s3:GetJobTagging)
 * @throws BrigadeError `NotFound` …
 */
export async function readJobTags(
  clients: AwsClients,
  job: JobAddress,
  options: CallOptions = {},
): Promise<S3Tag[]> {
  const tags = await recoverFrom(['AccessDenied'], [], () => readTags(clients, job, options));
  return tags.filter(({ Key }) => Key !== PARENT && Key !== ATTEMPT && Key !== RETRY);
}

async function readTags(
  clients: AwsClients,
  { jobId, region }: JobAddress,
  options: CallOptions,
): Promise<S3Tag[]> {
  const command = new GetJobTaggingCommand({ AccountId: clients.accountId, JobId: jobId });
  return await callWithAction('s3:GetJobTagging', jobId, options, async () => {
    const control = clients.s3Control(region);
    return (await control.send(command, { abortSignal: options.signal })).Tags ?? [];
  });
}
