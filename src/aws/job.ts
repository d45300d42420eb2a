import type {
  JobDescriptor,
  JobManifest,
  JobOperation,
  JobReport,
} from '@aws-sdk/client-s3-control';
import type { JobSummary } from './batchJobs.ts';
import { unquoted } from './listing.ts';
import { parseS3Arn } from './s3Uri.ts';
import type { Tag } from './tagRules.ts';

export type ManifestFormat = 'S3BatchOperations_CSV_20180820' | 'S3InventoryReport_CSV_20161130';
export type ManifestField = 'Bucket' | 'Key' | 'VersionId' | 'Ignore';
export type ReportScope = 'AllTasks' | 'FailedTasksOnly';

/** The manifest a job was made from. */
export interface JobManifestLocation {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes; the job fails when the object no longer has it. */
  readonly eTag: string;
  readonly versionId?: string;
  readonly format: string;
  /** The columns of a CSV manifest; empty for an inventory's. */
  readonly fields: readonly string[];
}

export interface JobReportLocation {
  readonly bucket: string;
  readonly prefix?: string;
  readonly scope: ReportScope;
}

export interface JobFailureReason {
  readonly code: string;
  readonly reason: string;
}

export interface Job extends JobSummary {
  readonly arn?: string;
  readonly roleArn?: string;
  /** Absent where the job made its own manifest. */
  readonly manifest?: JobManifestLocation;
  /** What S3PutObjectTagging writes; absent for other operations. */
  readonly tags?: readonly Tag[];
  /** Absent where no report was asked for. */
  readonly report?: JobReportLocation;
  readonly failureReasons: readonly JobFailureReason[];
  readonly statusUpdateReason?: string;
  readonly suspendedDate?: Date;
  readonly suspendedCause?: string;
  /** Seconds the job was Active. */
  readonly elapsedSeconds?: number;
  readonly confirmationRequired: boolean;
}

/** What DescribeJob answers, in our words; whatever is missing stays missing. */
export function jobOf(job: JobDescriptor, jobId: string): Job {
  const progress = job.ProgressSummary;
  return {
    jobId: job.JobId ?? jobId,
    description: job.Description,
    operation: operationName(job.Operation),
    status: job.Status ?? '',
    priority: job.Priority ?? 0,
    creationTime: job.CreationTime,
    terminationDate: job.TerminationDate,
    total: progress?.TotalNumberOfTasks ?? 0,
    succeeded: progress?.NumberOfTasksSucceeded ?? 0,
    failed: progress?.NumberOfTasksFailed ?? 0,
    elapsedSeconds: progress?.Timers?.ElapsedTimeInActiveSeconds,
    arn: job.JobArn,
    roleArn: job.RoleArn,
    manifest: manifestOf(job.Manifest),
    tags: tagsOf(job.Operation),
    report: reportOf(job.Report),
    failureReasons: (job.FailureReasons ?? []).map(reason => ({
      code: reason.FailureCode ?? '',
      reason: reason.FailureReason ?? '',
    })),
    statusUpdateReason: job.StatusUpdateReason,
    suspendedDate: job.SuspendedDate,
    suspendedCause: job.SuspendedCause,
    confirmationRequired: job.ConfirmationRequired ?? false,
  };
}

/** The one member of the operation that is set is its name. */
function operationName(operation: JobOperation = {}): string {
  const set = Object.entries(operation).find(([, value]) => value !== undefined);
  return set?.[0] ?? '';
}

function tagsOf(operation: JobOperation | undefined): Tag[] | undefined {
  const tagging = operation?.S3PutObjectTagging;
  return tagging === undefined
    ? undefined
    : (tagging.TagSet ?? []).map(tag => ({ key: tag.Key ?? '', value: tag.Value ?? '' }));
}

function manifestOf(manifest: JobManifest | undefined): JobManifestLocation | undefined {
  const location = manifest?.Location;
  const address = parseS3Arn(location?.ObjectArn ?? '');
  return address?.key === undefined
    ? undefined
    : {
        bucket: address.bucket,
        key: address.key,
        eTag: unquoted(location?.ETag) ?? '',
        versionId: location?.ObjectVersionId,
        format: manifest?.Spec?.Format ?? '',
        fields: manifest?.Spec?.Fields ?? [],
      };
}

function reportOf(report: JobReport | undefined): JobReportLocation | undefined {
  const bucket = report?.Bucket;
  return report?.Enabled !== true || bucket === undefined
    ? undefined
    : {
        bucket: parseS3Arn(bucket)?.bucket ?? bucket,
        prefix: report.Prefix === '' ? undefined : report.Prefix,
        scope: report.ReportScope === 'FailedTasksOnly' ? 'FailedTasksOnly' : 'AllTasks',
      };
}
