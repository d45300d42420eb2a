import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { FailureReason, Job, JobStatus, JobReport } from './job.ts';
import type { JobContext } from './jobContext.ts';
import { JobFailure } from './jobFailure.ts';
import { jobFolder } from './jobFolder.ts';
import { assumeJobRole } from './jobRole.ts';
import { FAILED_FILE, ResultFiles, SUCCEEDED_FILE } from './tasks/taskOutcomes.ts';
import type { TaskStatus } from './tasks/taskOutcomes.ts';

const ENDS: Readonly<Partial<Record<JobStatus, JobStatus>>> = {
  Completing: 'Complete',
  Cancelling: 'Cancelled',
  Failing: 'Failed',
};

/** Writes the report of a job whose tasks are over, if any was run, and ends the job. */
export async function finishJob(context: JobContext, id: string): Promise<void> {
  const { table } = context.jobs;
  const job = table.find(id);
  let end = job === undefined ? undefined : ENDS[job.status];
  if (job === undefined || end === undefined) return;
  const failureReasons = [...job.failureReasons];
  const problem = await tryReport(context, job);
  if (problem !== undefined) {
    failureReasons.push(problem);
    if (end === 'Complete') {
      table.update(id, { status: 'Failing' });
      end = 'Failed';
    }
  }
  table.update(id, { status: end, terminated: context.clock.now(), failureReasons });
  await rm(jobFolder(context.store, id), { recursive: true, force: true });
}

/** A report exists when at least one task was run, however the job ended. */
async function tryReport(context: JobContext, job: Job): Promise<FailureReason | undefined> {
  const { report } = job.definition;
  if (report === undefined || job.progress.succeeded + job.progress.failed === 0) return undefined;
  try {
    await writeReport(context, job, report);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof JobFailure)) throw error;
    return {
      code: error.code,
      reason:
        'The job report could not be written to your report bucket. Please check your permissions.',
    };
  }
}

/** AWS's own text: the rows have HTTPStatusCode before ErrorCode all the same. */
const SCHEMA = 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage';

interface ReportResult {
  readonly TaskExecutionStatus: TaskStatus;
  readonly Bucket: string;
  readonly MD5Checksum: string;
  readonly Key: string;
}

/**
 * Writes the completion report as the job's role: the results, then manifest.json which lists them, then
 * its MD5. Doing it again after a kill gives the same objects.
 * @throws AwsError what PutObject answers; JobFailure when the role can't be assumed any more
 */
export async function writeReport(context: JobContext, job: Job, report: JobReport): Promise<void> {
  const owner = report.expectedBucketOwner;
  if (owner !== undefined && owner !== context.accountId) {
    throw new AwsError('AccessDenied', 403, 'Access Denied');
  }
  trimResults(context, job);
  const role = assumeJobRole(context, job);
  const bucket = report.bucketArn.slice(report.bucketArn.lastIndexOf(':') + 1);
  // As it is: AWS makes `reports//job-…` of a prefix that ends in a slash.
  const prefix = report.prefix === undefined ? '' : `${report.prefix}/`;
  const folder = `${prefix}job-${job.id}`;
  const results: ReportResult[] = [];
  for (const status of ['succeeded', 'failed'] as const) {
    const bytes = status === 'succeeded' ? job.progress.succeededBytes : job.progress.failedBytes;
    if (bytes > 0) results.push(await putResults(context, role, { job, status, bucket, folder }));
  }
  const manifest = JSON.stringify({
    Format: 'Report_CSV_20180820',
    ReportCreationDate: context.clock.now().toISOString(),
    Results: results,
    ReportSchema: SCHEMA,
  });
  const md5 = createHash('md5').update(manifest).digest('hex');
  const put = (key: string, text: string, contentType: string): Promise<unknown> =>
    context.objects.put(role, {
      bucket,
      key: `${folder}/${key}`,
      body: Buffer.from(text),
      headers: { 'content-type': contentType },
    });
  await put('manifest.json', manifest, 'application/json');
  await put('manifest.json.md5', md5, 'text/plain');
}

interface ResultsPlace {
  readonly job: Job;
  readonly status: TaskStatus;
  readonly bucket: string;
  readonly folder: string;
}

async function putResults(
  context: JobContext,
  role: Principal,
  { job, status, bucket, folder }: ResultsPlace,
): Promise<ReportResult> {
  // The name depends on nothing but the job, so that a second try overwrites the first.
  const name = createHash('sha1').update(`${job.id} ${status}`).digest('hex');
  const file = status === 'succeeded' ? SUCCEEDED_FILE : FAILED_FILE;
  const key = `${folder}/results/${name}.csv`;
  const { eTag } = await context.objects.put(role, {
    bucket,
    key,
    body: createReadStream(join(jobFolder(context.store, job.id), file)) as AsyncIterable<Buffer>,
    headers: { 'content-type': 'text/csv' },
  });
  // The ETag of an object that came in one piece is its MD5.
  return { TaskExecutionStatus: status, Bucket: bucket, MD5Checksum: eTag, Key: key };
}

function trimResults(context: JobContext, job: Job): void {
  const files = new ResultFiles(jobFolder(context.store, job.id));
  try {
    files.trim(job.progress.succeededBytes, job.progress.failedBytes);
  } finally {
    files.close();
  }
}
