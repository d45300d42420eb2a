import { IAMClient } from '@aws-sdk/client-iam';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import type { DescribeJobCommandOutput } from '@aws-sdk/client-s3-control';
import { DescribeJobCommand } from '@aws-sdk/client-s3-control';
import type { Sandbox } from '../../src/sandbox/server.ts';

type Printed = Pick<Sandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

const configOf = ({ endpoint, region, accessKeyId, secretAccessKey }: Printed) => ({
  endpoint,
  region,
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
});

/** Without an endpoint provider the SDK would put the account before the host's name. */
export function controlClient(sandbox: Printed): S3ControlClient {
  const url = new URL(sandbox.endpoint);
  return new S3ControlClient({ ...configOf(sandbox), endpointProvider: () => ({ url }) });
}

export function iamClient(sandbox: Printed): IAMClient {
  return new IAMClient(configOf(sandbox));
}

export type JobDescriptor = NonNullable<DescribeJobCommandOutput['Job']>;

/** Asks until the job has one of the statuses, or any in which it stays. */
export async function waitForJob(
  client: S3ControlClient,
  { AccountId, JobId }: { AccountId: string; JobId: string | undefined },
  ...statuses: string[]
): Promise<JobDescriptor> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { Job } = await client.send(new DescribeJobCommand({ AccountId, JobId }));
    const status = Job?.Status ?? '';
    if (Job && [...statuses, 'Complete', 'Failed', 'Cancelled'].includes(status)) return Job;
    if (Date.now() > deadline) throw new Error(`The job is still ${status}.`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
