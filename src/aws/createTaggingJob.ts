import { CreateJobCommand, type CreateJobRequest } from '@aws-sdk/client-s3-control';
import { assertPriority } from './batchJobs.ts';
import { call, type CallOptions } from './call.ts';
import type { AwsClients } from './clients.ts';
import { BrigadeError } from './errors.ts';
import type { JobReportLocation, ManifestField, ManifestFormat } from './job.ts';
import { isRoleArn, MAX_DESCRIPTION_LENGTH, MAX_REPORT_PREFIX_LENGTH } from './jobRules.ts';
import { headObject } from './listing.ts';
import { bucketArn, formatS3Uri, objectArn } from './s3Uri.ts';
import type { Tag } from './tagRules.ts';
import { assertValidTags } from './tags.ts';

export interface CreateTaggingJobInput {
  readonly manifest: {
    readonly bucket: string;
    readonly key: string;
    /** As it was read, without quotes. */
    readonly eTag: string;
    readonly versionId?: string;
    readonly format: ManifestFormat;
    /** The columns; not sent for an inventory's manifest.json. */
    readonly fields: readonly ManifestField[];
  };
  /** Replaces every object's whole tag set; an empty list removes all tags of the objects. */
  readonly tags: readonly Tag[];
  readonly roleArn: string;
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
 * Creates a job that waits for its confirmation (`runJob`).
 *
 * CreateJob itself does not look at the manifest: with a stale ETag the job would fail seconds
 * later. So the manifest is looked at once more first.
 *
 * @throws BrigadeError `Conflict` when the manifest has changed since it was read, `InvalidInput`
 *   for what AWS would refuse, `AccessDenied` (s3:CreateJob, iam:PassRole) …
 */
export async function createTaggingJob(
  clients: AwsClients,
  input: CreateTaggingJobInput,
  options: CallOptions = {},
): Promise<{ jobId: string }> {
  validate(input);
  await assertUnchanged(clients, input.manifest, options);
  return call(formatS3Uri(input.manifest), options, async () => {
    const command = new CreateJobCommand(requestOf(clients, input));
    const output = await clients.s3Control().send(command, { abortSignal: options.signal });
    return { jobId: output.JobId ?? '' };
  });
}

/** Limits of CreateJob in the S3 Control service model. */
function validate(input: CreateTaggingJobInput): void {
  const subject = formatS3Uri(input.manifest);
  const refuse = (sentence: string): never => {
    throw new BrigadeError('InvalidInput', sentence, { subject });
  };
  assertValidTags(input.tags, subject);
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

async function assertUnchanged(
  clients: AwsClients,
  manifest: CreateTaggingJobInput['manifest'],
  options: CallOptions,
): Promise<void> {
  const subject = formatS3Uri(manifest);
  const client = await call(subject, options, () =>
    clients.s3ForBucket(manifest.bucket, options.signal),
  );
  const { eTag } = await headObject(client, manifest, options);
  if (eTag !== manifest.eTag.replaceAll('"', '')) {
    throw new BrigadeError('Conflict', 'The manifest has changed since it was read', { subject });
  }
}

function requestOf(clients: AwsClients, input: CreateTaggingJobInput): CreateJobRequest {
  const { manifest, tags } = input;
  const inventory = manifest.format === 'S3InventoryReport_CSV_20161130';
  return {
    AccountId: clients.accountId,
    // Without it AWS's guide and its service model disagree on whether the job waits.
    ConfirmationRequired: true,
    ClientRequestToken: input.clientRequestToken,
    Operation:
      tags.length === 0
        ? { S3DeleteObjectTagging: {} }
        : {
            S3PutObjectTagging: { TagSet: tags.map(tag => ({ Key: tag.key, Value: tag.value })) },
          },
    Manifest: {
      Spec: { Format: manifest.format, Fields: inventory ? undefined : [...manifest.fields] },
      Location: {
        ObjectArn: objectArn(clients.partition, manifest.bucket, manifest.key),
        ETag: manifest.eTag.replaceAll('"', ''),
        ObjectVersionId: manifest.versionId,
      },
    },
    Report: reportOf(clients.partition, input.report),
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
