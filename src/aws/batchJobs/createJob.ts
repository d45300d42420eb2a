import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import { assertPriority } from './batchJobs.ts';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { Problem } from '../problems.ts';
import {
  isGenerator,
  type ManifestGenerator,
  type ManifestObject,
} from '../manifest/jobManifest.ts';
import { assertSameRegion, regionOfJob } from './jobRegion.ts';
import type { JobOperation } from './jobOperation.ts';
import { operationLogText, operationProblem } from './operations/operations.ts';
import { jobRequest, type CreateJobInput } from './request/jobRequest.ts';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_KEY_FILTER_LENGTH,
  MAX_REPORT_PREFIX_LENGTH,
} from './jobRules.ts';
import { isRoleArn } from '../roles/roleNames.ts';
import { headObject, unquoted } from '../objects/listing.ts';
import { formatS3Uri } from '../s3Uri.ts';

export type { CreateJobInput } from './request/jobRequest.ts';

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
  const region = await regionOfJob(clients, input, options);
  await assertSameRegion(clients, region, input, options);
  if (!isGenerator(manifest)) await assertUnchanged(clients, manifest, options);
  return call(subjectOf(manifest), options, async () => {
    const command = new CreateJobCommand(jobRequest(clients, input));
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
  const refuse = (sentence: string, problem: Problem): never => {
    throw new BrigadeError('InvalidInput', sentence, { subject, problem });
  };
  assertValidOperation(input.operation, subject);
  if (input.operation.name === 'S3ComputeObjectChecksum' && input.report === undefined) {
    refuse('The checksums are in the report of all tasks: a job that computes them needs one', {
      kind: 'checksumReport',
    });
  }
  if (isGenerator(input.manifest)) assertValidGenerator(input.manifest, refuse);
  assertPriority(input.priority, subject);
  if (!isRoleArn(input.roleArn)) {
    refuse('Not the ARN of an IAM role', { kind: 'roleArn' });
  }
  if ((input.description ?? '').length > MAX_DESCRIPTION_LENGTH) {
    refuse(`The description is longer than ${MAX_DESCRIPTION_LENGTH} characters`, {
      kind: 'tooLong',
      what: 'description',
      max: MAX_DESCRIPTION_LENGTH,
    });
  }
  if ((input.report?.prefix ?? '').length > MAX_REPORT_PREFIX_LENGTH) {
    refuse(`The report's prefix is longer than ${MAX_REPORT_PREFIX_LENGTH} characters`, {
      kind: 'tooLong',
      what: 'reportPrefix',
      max: MAX_REPORT_PREFIX_LENGTH,
    });
  }
  if (!/^[\s\S]{1,64}$/.test(input.clientRequestToken)) {
    refuse('The request token must have 1 to 64 characters', { kind: 'requestToken' });
  }
}

function assertValidOperation(operation: JobOperation, manifest: string): void {
  const problem = operationProblem(operation);
  if (problem === undefined) return;
  const subject = operation.name === 'LambdaInvoke' ? operation.functionArn : manifest;
  throw new BrigadeError('InvalidInput', operationLogText(operation.name, problem), {
    subject,
    problem,
  });
}

function assertValidGenerator(
  { prefix = '', suffix = '', output }: ManifestGenerator,
  refuse: (sentence: string, problem: Problem) => never,
): void {
  if (prefix.length > MAX_KEY_FILTER_LENGTH || suffix.length > MAX_KEY_FILTER_LENGTH) {
    refuse(`A prefix or suffix is longer than ${MAX_KEY_FILTER_LENGTH} characters`, {
      kind: 'tooLong',
      what: 'keyFilter',
      max: MAX_KEY_FILTER_LENGTH,
    });
  }
  if ((output?.prefix ?? '').length > MAX_REPORT_PREFIX_LENGTH) {
    refuse(`The manifest's prefix is longer than ${MAX_REPORT_PREFIX_LENGTH} characters`, {
      kind: 'tooLong',
      what: 'manifestPrefix',
      max: MAX_REPORT_PREFIX_LENGTH,
    });
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
