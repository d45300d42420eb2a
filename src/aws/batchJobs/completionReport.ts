import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { readObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Job } from './job.ts';
import { isFinal } from './jobStatus.ts';
import { reportFolder } from './reportFolder.ts';

/** A completion report's manifest.json. */
export interface CompletionReport {
  readonly bucket: string;
  /** Of the report's manifest.json. */
  readonly key: string;
  readonly created?: Date;
  readonly results: readonly ReportFile[];
  /** What a report of ours says beside what S3's do: see `aws/tagChanges/directReport.ts`. */
  readonly ours?: unknown;
}

export interface ReportFile {
  /** `succeeded` or `failed`: of all its rows. */
  readonly status: string;
  readonly bucket: string;
  readonly key: string;
  /** Of its bytes, hexadecimal; undefined where the report does not say. */
  readonly md5?: string;
}

export interface FindReportInput {
  readonly bucket: string;
  readonly prefix?: string;
  readonly jobId: string;
  /** Tells why there is no report, when there is none. */
  readonly job?: Pick<Job, 'status' | 'succeeded' | 'failed'>;
}

const MAX_MANIFEST_BYTES = 1024 * 1024;

/**
 * Finds a job's report.
 *
 * @throws BrigadeError `NotFound` with the reason `NoTaskRan` (AWS writes a report only where at least
 *   one task ran) or `NotYetWritten` (it may come after the job's end: try again), `AccessDenied` …
 */
export async function findReport(
  client: S3Client,
  { bucket, prefix, jobId, job }: FindReportInput,
  options: CallOptions = {},
): Promise<CompletionReport> {
  const key = `${reportFolder(prefix, jobId)}manifest.json`;
  try {
    return await readReportManifest(client, { bucket, key }, options);
  } catch (error) {
    throw job === undefined ? error : withReason(error, job);
  }
}

/**
 * Reads a report's manifest.json.
 *
 * @throws BrigadeError `InvalidInput` when it is none, `NotFound`, `AccessDenied` …
 */
export async function readReportManifest(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  options: CallOptions = {},
): Promise<CompletionReport> {
  const body = await readObject(client, { bucket, key, maxBytes: MAX_MANIFEST_BYTES }, options);
  return reportOf(Buffer.from(body).toString('utf8'), bucket, key);
}

function withReason(error: unknown, job: NonNullable<FindReportInput['job']>): unknown {
  if (!(error instanceof BrigadeError) || error.code !== 'NotFound') {
    return error;
  }
  const noTaskRan = isFinal(job.status) && job.succeeded + job.failed === 0;
  return new BrigadeError('NotFound', error.message, {
    subject: error.subject,
    awsCode: error.awsCode,
    awsMessage: error.awsMessage,
    requestId: error.requestId,
    reason: noTaskRan ? 'NoTaskRan' : 'NotYetWritten',
    cause: error,
  });
}

function reportOf(text: string, bucket: string, key: string): CompletionReport {
  const subject = formatS3Uri({ bucket, key });
  const report = parseReport(text);
  if (report === undefined) {
    throw new BrigadeError('InvalidInput', "Not a completion report's manifest", {
      subject,
      problem: { kind: 'notAReport' },
    });
  }
  const created = new Date(report.ReportCreationDate ?? '');
  return {
    bucket,
    key,
    created: Number.isNaN(created.getTime()) ? undefined : created,
    ours: report.BucketBrigade,
    results: report.Results.map(one => one ?? {}).map(result => ({
      status: result.TaskExecutionStatus ?? '',
      bucket: result.Bucket ?? bucket,
      key: result.Key ?? '',
      md5: md5Of(result.MD5Checksum),
    })),
  };
}

interface ReportManifest {
  readonly ReportCreationDate?: string;
  readonly BucketBrigade?: unknown;
  readonly Results: readonly ({
    readonly TaskExecutionStatus?: string;
    readonly Bucket?: string;
    readonly Key?: string;
    readonly MD5Checksum?: unknown;
  } | null)[];
}

function md5Of(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{32}$/i.test(value)
    ? value.toLowerCase()
    : undefined;
}

function parseReport(text: string): ReportManifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<ReportManifest> | null;
    return Array.isArray(value?.Results) ? (value as ReportManifest) : undefined;
  } catch {
    return undefined;
  }
}
