import type { JobDescriptor, JobReport } from '@aws-sdk/client-s3-control';
import type { JobGenerator, JobManifestLocation } from '../manifest/jobManifest.ts';
import type { JobStatus } from './jobStatus.ts';
import { invocationOf, operationName, tagsOf, type LambdaInvocation } from './jobOperation.ts';
import { parseS3Arn } from '../s3Uri.ts';
import { generatedManifestOf, generatorOf, manifestOf } from '../manifest/sdkManifest.ts';
import type { Tag } from '../objects/tagRules.ts';

export type ReportScope = 'AllTasks' | 'FailedTasksOnly';

export interface JobReportLocation {
  readonly bucket: string;
  readonly prefix?: string;
  readonly scope: ReportScope;
}

export interface JobFailureReason {
  readonly code: string;
  readonly reason: string;
}

/** What ListJobs tells of a job. */
export interface JobSummary {
  readonly jobId: string;
  readonly region: string;
  readonly description?: string;
  /** `S3PutObjectTagging`, `LambdaInvoke` … */
  readonly operation: string;
  readonly status: JobStatus;
  readonly priority: number;
  readonly creationTime?: Date;
  readonly terminationDate?: Date;
  /** Tasks; 0 until the manifest has been read. */
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Everything AWS tells of a job. */
export interface Job extends JobSummary {
  readonly arn?: string;
  readonly roleArn?: string;
  /** Absent where S3 makes the manifest itself. */
  readonly manifest?: JobManifestLocation;
  /** How S3 finds the objects itself; absent where a manifest was given. */
  readonly generator?: JobGenerator;
  /** The manifest that S3 made, once it is there and if it is kept. */
  readonly generatedManifest?: JobManifestLocation;
  /** What S3PutObjectTagging writes; absent for other operations. */
  readonly tags?: readonly Tag[];
  /** What LambdaInvoke calls; absent for other operations. */
  readonly invocation?: LambdaInvocation;
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
export function jobOf(job: JobDescriptor, { jobId, region }: Pick<Job, 'jobId' | 'region'>): Job {
  const progress = job.ProgressSummary;
  return {
    jobId: job.JobId ?? jobId,
    region,
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
    generator: generatorOf(job.ManifestGenerator),
    generatedManifest: generatedManifestOf(job),
    tags: tagsOf(job.Operation),
    invocation: invocationOf(job.Operation),
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
