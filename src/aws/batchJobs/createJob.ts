import { CreateJobCommand, type CreateJobRequest } from '@aws-sdk/client-s3-control';
import { assertPriority } from './batchJobs.ts';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { JobReportLocation } from './job.ts';
import {
  isGenerator,
  type ManifestGenerator,
  type ManifestObject,
} from '../manifest/jobManifest.ts';
import { assertSameRegion, jobRegion } from './jobRegion.ts';
import { sdkOperation, type JobOperation, type LambdaInvocation } from './jobOperation.ts';
import {
  invocationProblem,
  MAX_DESCRIPTION_LENGTH,
  MAX_KEY_FILTER_LENGTH,
  MAX_REPORT_PREFIX_LENGTH,
} from './jobRules.ts';
import { isRoleArn } from '../roles/roleNames.ts';
import { headObject, unquoted } from '../objects/listing.ts';
import { bucketArn, formatS3Uri } from '../s3Uri.ts';
import { sdkGenerator, sdkManifest } from '../manifest/sdkManifest.ts';
import { assertValidTags } from '../objects/tags.ts';

export interface CreateJobInput {
  readonly operation: JobOperation;
  readonly manifest: ManifestObject | ManifestGenerator;
  readonly roleArn: string;
  /** The buckets of the objects that the manifest names, as far as they are known. */
  readonly buckets?: readonly { readonly bucket: string }[];
  /** Absent: no report. */
  readonly report?: JobReportLocation;
  /** 0 to 2147483647; higher runs first. */
  readonly priority: number;
  /** Up to 256 characters. */
  readonly description?: string;
  /** 1 to 64 characters; the same token again makes no second job. */
  readonly clientRequestToken: string;
}

/**
 * Creates a job that waits for its confirmation (`runJob`), in the Region of what it works on.
 *
 * CreateJob itself looks neither at the manifest nor at the buckets: with a stale ETag or a bucket of
 * another Region the job would fail seconds later. So these are looked at first.
 *
 * @throws BrigadeError `Conflict` with the reason `Changed` when it has changed since it was
 *   read, `InvalidInput` for what AWS would refuse, `AccessDenied` (s3:CreateJob, iam:PassRole) …
 */
export async function createJob(
  clients: AwsClients,
  input: CreateJobInput,
  options: CallOptions = {},
): Promise<{ jobId: string; region: string }> {
  const { manifest } = input;
  validate(input);
  const region = await jobRegion(clients, manifest, options);
  await assertSameRegion(clients, region, input, options);
  if (!isGenerator(manifest)) await assertUnchanged(clients, manifest, options);
  return call(subjectOf(manifest), options, async () => {
    const command = new CreateJobCommand(requestOf(clients, input));
    const control = clients.s3Control(region);
    const output = await control.send(command, { abortSignal: options.signal });
    return { jobId: output.JobId ?? '', region };
  });
}

/** The manifest, or where S3 looks for the objects. */
function subjectOf(manifest: CreateJobInput['manifest']): string {
  return isGenerator(manifest)
    ? formatS3Uri({ bucket: manifest.sourceBucket, key: manifest.prefix })
    : formatS3Uri(manifest);
}

/** Limits of CreateJob in the S3 Control service model. */
function validate(input: CreateJobInput): void {
  const subject = subjectOf(input.manifest);
  const refuse = (sentence: string): never => {
    throw new BrigadeError('InvalidInput', sentence, { subject });
  };
  if (input.operation.name === 'S3PutObjectTagging') assertValidTags(input.operation.tags, subject);
  if (input.operation.name === 'LambdaInvoke') assertValidInvocation(input.operation);
  if (isGenerator(input.manifest)) assertValidGenerator(input.manifest, refuse);
  assertPriority(input.priority, subject);
  if (!isRoleArn(input.roleArn)) {
    refuse('Not the ARN of an IAM role');
  }
  if ((input.description ?? '').length > MAX_DESCRIPTION_LENGTH) {
    refuse(`The description is longer than ${MAX_DESCRIPTION_LENGTH} characters`);
  }
  if ((input.report?.prefix ?? '').length > MAX_REPORT_PREFIX_LENGTH) {
    refuse(`The report's prefix is longer than ${MAX_REPORT_PREFIX_LENGTH} characters`);
  }
  if (!/^[\s\S]{1,64}$/.test(input.clientRequestToken)) {
    refuse('The request token must have 1 to 64 characters');
  }
}

function assertValidInvocation(invocation: LambdaInvocation): void {
  const problem = invocationProblem(invocation);
  if (problem !== undefined) {
    throw new BrigadeError('InvalidInput', problem, { subject: invocation.functionArn });
  }
}

function assertValidGenerator(
  { prefix = '', suffix = '', output }: ManifestGenerator,
  refuse: (sentence: string) => never,
): void {
  if (prefix.length > MAX_KEY_FILTER_LENGTH || suffix.length > MAX_KEY_FILTER_LENGTH) {
    refuse(`A prefix or suffix is longer than ${MAX_KEY_FILTER_LENGTH} characters`);
  }
  if ((output?.prefix ?? '').length > MAX_REPORT_PREFIX_LENGTH) {
    refuse(`The manifest's prefix is longer than ${MAX_REPORT_PREFIX_LENGTH} characters`);
  }
}

async function assertUnchanged(
  clients: AwsClients,
  manifest: ManifestObject,
  options: CallOptions,
): Promise<void> {
  const subject = formatS3Uri(manifest);
  const client = await call(subject, options, () =>
    clients.s3ForBucket(manifest.bucket, options.signal),
  );
  const { eTag } = await headObject(client, manifest, options);
  if (eTag !== unquoted(manifest.eTag)) {
    throw new BrigadeError('Conflict', 'The manifest has changed since it was read', {
      subject,
      reason: 'Changed',
    });
  }
}

function requestOf(clients: AwsClients, input: CreateJobInput): CreateJobRequest {
  const { partition } = clients;
  return {
    AccountId: clients.accountId,
    // Without it AWS's guide and its service model disagree on whether the job waits.
    ConfirmationRequired: true,
    ClientRequestToken: input.clientRequestToken,
    Operation: sdkOperation(input.operation),
    ...(isGenerator(input.manifest)
      ? { ManifestGenerator: sdkGenerator(partition, input.manifest) }
      : { Manifest: sdkManifest(partition, input.manifest) }),
    Report: reportOf(partition, input.report),
    Priority: input.priority,
    RoleArn: input.roleArn,
    // AWS refuses an empty description.
    Description: input.description === '' ? undefined : input.description,
  };
}

function reportOf(
  partition: string,
  report: JobReportLocation | undefined,
): CreateJobRequest['Report'] {
  // AWS puts `/job-…` after the prefix itself.
  const prefix = report?.prefix?.replace(/\/+$/, '');
  return report === undefined
    ? { Enabled: false }
    : {
        Enabled: true,
        Bucket: bucketArn(partition, report.bucket),
        Prefix: prefix === '' ? undefined : prefix,
        Format: 'Report_CSV_20180820',
        ReportScope: report.scope,
      };
}
