import type { JobDescriptor, JobReport } from '@aws-sdk/client-s3-control';
import type { JobGenerator, JobManifestLocation } from '../manifest/jobManifest.ts';
import type { JobStatus } from './jobStatus.ts';
import type { JobOperation, LambdaInvocation } from './jobOperation.ts';
import { describedRequest, type JobRequest } from './describedRequest.ts';
import { operationName, operationOf } from './operations/operations.ts';
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
  /** What it does to each object; absent for an operation that is not known here. */
  readonly does?: JobOperation;
  /** All that was asked, as S3 Control takes it: another job of the same can be made of it. */
  readonly request: JobRequest;
  /**
   * Members of what was asked that AWS tells of and this version knows nothing about
   * (`Operation.S3PutObjectRetention.EventHold`): `request` lacks them. Empty as a rule.
   */
  readonly unknownMembers: readonly string[];
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

/**
 * What DescribeJob answers, in our words; whatever is missing stays missing.
 *
 * @param unknownMembers what the answer has besides, see `Job`
 */
export function jobOf(
  job: JobDescriptor,
  { jobId, region }: Pick<Job, 'jobId' | 'region'>,
  unknownMembers: readonly string[] = [],
): Job {
  const progress = job.ProgressSummary;
  const does = operationOf(job.Operation);
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
    does,
    request: describedRequest(job),
    unknownMembers,
    tags: does?.name === 'S3PutObjectTagging' ? does.tags : undefined,
    invocation: does?.name === 'LambdaInvoke' ? invocationOf(does) : undefined,
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

function invocationOf({
  functionArn,
  schemaVersion,
  userArguments,
}: LambdaInvocation): LambdaInvocation {
  return { functionArn, schemaVersion, ...(userArguments && { userArguments }) };
}
