import { CreateJobCommand, type CreateJobRequest } from '@aws-sdk/client-s3-control';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { Problem } from '../problems.ts';
import { isRoleArn } from '../roles/roleNames.ts';
import { parseS3Arn } from '../s3Uri.ts';
import { assertPriority } from './batchJobs.ts';
import { assertSameRegion, regionOfJob } from './jobRegion.ts';
import type { JobOperation } from './jobOperation.ts';
import {
  operationLogText,
  operationName,
  operationOf,
  operationProblem,
} from './operations/operations.ts';

/**
 * Creates the job that a request of CreateJob asks for, as it stands, in the Region of what it works
 * on; nothing of it is left out or put right.
 *
 * @param input.request what `readRequest` found nothing wrong with, with a ClientRequestToken
 * @throws BrigadeError `InvalidInput` for what AWS would refuse or what would fail at once: an account
 *   of someone else, another Region …; `AccessDenied` (s3:CreateJob, iam:PassRole, s3:PutJobTagging) …
 */
export async function createRequestedJob(
  clients: AwsClients,
  { request }: { readonly request: CreateJobRequest },
  options: CallOptions = {},
): Promise<{ jobId: string; region: string }> {
  const { accountId } = clients;
  const subject = request.Description ?? operationName(request.Operation);
  const refuse = (sentence: string, problem: Problem): never => {
    throw new BrigadeError('InvalidInput', sentence, { subject, problem });
  };
  if ((request.AccountId ?? accountId) !== accountId) {
    refuse(`The job is for the account ${request.AccountId}, not for ${accountId}`, {
      kind: 'otherAccount',
      account: request.AccountId ?? '',
      own: accountId,
    });
  }
  const operation =
    operationOf(request.Operation) ??
    refuse('There is no such operation', { kind: 'unknownOperation' });
  const problem = operationProblem(operation);
  if (problem !== undefined) refuse(operationLogText(operation.name, problem), problem);
  assertPriority(request.Priority ?? 0, subject);
  if (!isRoleArn(request.RoleArn ?? '')) refuse('Not the ARN of an IAM role', { kind: 'roleArn' });
  const region = await requestedRegion(clients, request, operation, options);
  return await call(subject, options, async () => {
    const command = new CreateJobCommand({ ...request, AccountId: accountId });
    const control = clients.s3Control(region);
    const output = await control.send(command, { abortSignal: options.signal });
    return { jobId: output.JobId ?? '', region };
  });
}

/** Where the manifest is in no bucket (an access point …), the connection's own. */
async function requestedRegion(
  clients: AwsClients,
  request: CreateJobRequest,
  operation: JobOperation,
  options: CallOptions,
): Promise<string> {
  const manifest = manifestPlace(request);
  if (manifest === undefined) return clients.region;
  const region = await regionOfJob(clients, { manifest, operation }, options);
  const report = parseS3Arn(request.Report?.Bucket ?? '');
  await assertSameRegion(
    clients,
    region,
    { manifest, operation, ...(report && { report }) },
    options,
  );
  return region;
}

function manifestPlace({ Manifest, ManifestGenerator }: CreateJobRequest) {
  const given = parseS3Arn(Manifest?.Location?.ObjectArn ?? '');
  if (given !== undefined) return { bucket: given.bucket };
  const found = parseS3Arn(ManifestGenerator?.S3JobManifestGenerator?.SourceBucket ?? '');
  return found && { sourceBucket: found.bucket };
}
