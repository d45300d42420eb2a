import { CreateJobCommand, type CreateJobRequest } from '@aws-sdk/client-s3-control';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { cutText } from '../cutText.ts';
import { BrigadeError } from '../errors.ts';
import type { ManifestObject } from '../manifest/jobManifest.ts';
import { sdkManifest } from '../manifest/sdkManifest.ts';
import { describeJob, type JobAddress } from './batchJobs.ts';
import { MAX_DESCRIPTION_LENGTH } from './jobRules.ts';
import { childTags, noteRetry } from './lineage.ts';

export interface RetryJobInput {
  readonly parent: JobAddress;
  /** Of the failed rows of the parent's report. */
  readonly manifest: ManifestObject;
  /** 2 for the first retry. */
  readonly attempt: number;
  readonly description: string;
  /** 1 to 64 characters; the same token again makes no second job. */
  readonly clientRequestToken: string;
}

export interface RetryJob {
  readonly jobId: string;
  readonly region: string;
  /** What kept parent or child from being tagged with the other, where something did. */
  readonly untagged?: BrigadeError;
}

/**
 * Creates a job, which waits for its confirmation, that does what another did, as the same role, with a
 * report at the same place, to the objects of a manifest. Both are tagged with the other's id; where that
 * is denied the job is made all the same.
 *
 * @throws BrigadeError `NotFound` when AWS has deleted the parent (90 days after its end), `AccessDenied`
 *   (s3:CreateJob, iam:PassRole) …
 */
export async function createRetryJob(
  clients: AwsClients,
  input: RetryJobInput,
  options: CallOptions = {},
): Promise<RetryJob> {
  const { jobId: parent, region = clients.region } = input.parent;
  const request = await requestFor(clients, input, { jobId: parent, region }, options);
  const create = (Tags: CreateJobRequest['Tags']) =>
    call(parent, options, async () => {
      // The same token for another request would be refused.
      const suffix = Tags === undefined ? '-' : '';
      const ClientRequestToken = `${input.clientRequestToken}${suffix}`;
      const command = new CreateJobCommand({ ...request, Tags, ClientRequestToken });
      const control = clients.s3Control(region);
      return (await control.send(command, { abortSignal: options.signal })).JobId ?? '';
    });
  const tags = childTags({ parent, attempt: input.attempt });
  let untagged: BrigadeError | undefined;
  const jobId = await create(tags).catch(async (error: unknown) => {
    // Also said of s3:CreateJob: then the second try says so.
    if (!isDenied(error)) throw error;
    untagged = error;
    return await create(undefined);
  });
  await noteRetry(clients, { jobId: parent, region, retry: jobId }, options).catch(
    (error: unknown) => {
      // The job is there, even if its parent can't be tagged.
      untagged ??= error instanceof BrigadeError ? error : undefined;
    },
  );
  return { jobId, region, ...(untagged && { untagged }) };
}

function isDenied(error: unknown): error is BrigadeError {
  return error instanceof BrigadeError && error.code === 'AccessDenied';
}

/** What the parent was asked, but for what it is done to. */
async function requestFor(
  clients: AwsClients,
  { manifest, description }: RetryJobInput,
  parent: JobAddress,
  options: CallOptions,
): Promise<Omit<CreateJobRequest, 'ClientRequestToken' | 'Tags'>> {
  const { request, unknownMembers } = await describeJob(clients, parent, options);
  if (unknownMembers.length > 0) {
    const sentence = `A retry would lack what this version doesn't know: ${unknownMembers.join(', ')}`;
    throw new BrigadeError('InvalidInput', sentence, {
      subject: parent.jobId,
      problem: { kind: 'unknownMembers', names: unknownMembers },
    });
  }
  return {
    ...request,
    ManifestGenerator: undefined,
    AccountId: clients.accountId,
    ConfirmationRequired: true,
    Manifest: sdkManifest(clients.partition, manifest),
    Description: cutText(description, MAX_DESCRIPTION_LENGTH),
  };
}
