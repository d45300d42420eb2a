import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import {
  isGenerator,
  type ManifestGenerator,
  type ManifestObject,
} from '../../manifest/jobManifest.ts';
import { sdkGenerator, sdkManifest } from '../../manifest/sdkManifest.ts';
import type { Tag } from '../../objects/tagRules.ts';
import { bucketArn } from '../../s3Uri.ts';
import type { JobReportLocation } from '../job.ts';
import type { JobOperation } from '../jobOperation.ts';
import { sdkOperation } from '../operations/operations.ts';

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
  /** Up to 50, of the job itself; they need s3:PutJobTagging. */
  readonly tags?: readonly Tag[];
  /** 1 to 64 characters; the same token again makes no second job. */
  readonly clientRequestToken: string;
}

/** What `createJob` asks of S3 Control: a job that waits for its confirmation. */
export function jobRequest(
  { accountId, partition }: { readonly accountId: string; readonly partition: string },
  input: CreateJobInput,
): CreateJobRequest {
  const { description = '', tags = [] } = input;
  // Amazon S3 user guide, "Compute checksums": only such a job has to say whose its report's bucket is.
  const ownerNeeded = input.operation.name === 'S3ComputeObjectChecksum';
  return {
    AccountId: accountId,
    // Without it AWS's guide and its service model disagree on whether the job waits.
    ConfirmationRequired: true,
    ClientRequestToken: input.clientRequestToken,
    Operation: sdkOperation(input.operation),
    ...(isGenerator(input.manifest)
      ? { ManifestGenerator: sdkGenerator(partition, input.manifest) }
      : { Manifest: sdkManifest(partition, input.manifest) }),
    Report: sdkReport(partition, input.report, ownerNeeded && accountId),
    Priority: input.priority,
    RoleArn: input.roleArn,
    // AWS refuses an empty description.
    ...(description !== '' && { Description: description }),
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  };
}

function sdkReport(
  partition: string,
  report: JobReportLocation | undefined,
  owner: string | false,
): CreateJobRequest['Report'] {
  // AWS puts `/job-…` after the prefix itself.
  const prefix = report?.prefix?.replace(/\/+$/, '') ?? '';
  return report === undefined
    ? { Enabled: false }
    : {
        Enabled: true,
        Bucket: bucketArn(partition, report.bucket),
        ...(prefix !== '' && { Prefix: prefix }),
        Format: 'Report_CSV_20180820',
        ReportScope: report.scope,
        ...(owner !== false && { ExpectedBucketOwner: owner }),
      };
}
