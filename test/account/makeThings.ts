import { CreateBucketCommand, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../src/aws/call.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createRole, putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { runTags, type RunNames } from './runNames.ts';

/** With its tag in the very request that makes it: a run that is killed leaves nothing unknown. @throws BrigadeError */
export async function makeBucket(
  clients: AwsClients,
  names: RunNames,
  bucket: string,
  options: CallOptions,
): Promise<void> {
  const { region } = names;
  const command = new CreateBucketCommand({
    Bucket: bucket,
    CreateBucketConfiguration: {
      Tags: Object.entries(runTags(names)).map(([Key, Value]) => ({ Key, Value })),
      // us-east-1 is the one Region that S3 does not take as a constraint.
      ...(region !== 'us-east-1' && { LocationConstraint: region as BucketLocationConstraint }),
    },
  });
  await call(`s3://${bucket}`, options, () =>
    clients.s3(region).send(command, { abortSignal: options.signal }),
  );
  clients.rememberRegion(bucket, region);
}

export interface NewRole {
  readonly name: string;
  readonly description: string;
  readonly policyName: string;
  readonly trustedService: string;
  /** With `arn:aws:`, which becomes the account's own partition. */
  readonly statements: readonly object[];
}

/** A role that a service may assume, with its policy and the run's tags. @throws BrigadeError */
export async function makeRole(
  clients: AwsClients,
  names: RunNames,
  { name, description, policyName, trustedService, statements }: NewRole,
  options: CallOptions,
): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: trustedService }, Action: 'sts:AssumeRole' },
    ],
  };
  await createRole(clients, { name, description, trust, tags: runTags(names) }, options);
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements }).replaceAll(
    '"arn:aws:',
    `"arn:${clients.partition}:`,
  );
  await putRolePolicy(clients, { role: name, policy: policyName, document }, options);
}
