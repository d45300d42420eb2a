import { setTimeout as delay } from 'node:timers/promises';
import { call, recoverFrom } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { whenRoleIsReady, type RoleWaitOptions } from '../roles/newRole.ts';
import { describeJob } from './batchJobs.ts';
import { createJob, type CreateJobInput } from './createJob.ts';
import type { Job } from './job.ts';

export interface CreateJobOptions extends RoleWaitOptions {
  /** The role was made just now. */
  readonly roleIsNew: boolean;
}

/** Milliseconds between two looks at a job that is being prepared. */
const POLL_MS = 500;
/** S3 assumes the role first: a job that is prepared for longer has its role. */
const PREPARED_MS = 20_000;

/**
 * `createJob`, and with a new role another job for each that fails because S3 cannot assume the role
 * yet: CreateJob does not try it, and a job that has failed stays so.
 *
 * @throws BrigadeError `RoleNotReady` after a minute; else as createJob
 */
export async function createJobOfNewRole(
  clients: AwsClients,
  input: CreateJobInput,
  options: CreateJobOptions,
): Promise<{ jobId: string; region: string }> {
  let attempt = 0;
  return await whenRoleIsReady(options.roleIsNew, input.roleArn, options, async () => {
    attempt += 1;
    // The same token would answer the same job again.
    const { clientRequestToken: token } = input;
    const clientRequestToken = attempt === 1 ? token : `${token.slice(0, 56)}-${attempt}`;
    const created = await createJob(clients, { ...input, clientRequestToken }, options);
    if (options.roleIsNew) await assertRoleAssumed(clients, created, options);
    return created;
  });
}

async function assertRoleAssumed(
  clients: AwsClients,
  created: { jobId: string; region: string },
  options: CreateJobOptions,
): Promise<void> {
  const end = Date.now() + PREPARED_MS;
  for (;;) {
    const job = await recoverFrom(['AccessDenied'], undefined, () =>
      describeJob(clients, { ...created, justCreated: true }, options),
    );
    // A caller who may not look finds out later.
    if (job === undefined) return;
    const reason = roleFailure(job);
    if (reason !== undefined) {
      throw new BrigadeError('RoleNotReady', reason, { subject: job.roleArn });
    }
    if (!isBegun(job) || Date.now() > end) return;
    await call(created.jobId, options, () => delay(POLL_MS, undefined, { signal: options.signal }));
  }
}

function isBegun({ status, failureReasons }: Job): boolean {
  return (
    status === 'New' ||
    status === 'Preparing' ||
    (status === 'Failing' && failureReasons.length === 0)
  );
}

/** S3 tells it by its sentence only. */
function roleFailure({ status, failureReasons }: Job): string | undefined {
  if (status !== 'Failed' && status !== 'Failing') return undefined;
  return failureReasons.find(({ reason }) =>
    /\bassum\w* .*\brole\b|\brole\b.* assumed/i.test(reason),
  )?.reason;
}
