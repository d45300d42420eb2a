import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Job, JobReport } from '../job.ts';
import type { JobContext, ReportResult } from '../jobContext.ts';
import { jobFolder } from '../jobFolder.ts';
import { assumeJobRole } from '../jobRole.ts';
import { FAILED_FILE, ResultFiles, SUCCEEDED_FILE } from '../tasks/taskOutcomes.ts';
import type { TaskStatus } from '../tasks/taskOutcomes.ts';
import { reportParts } from './reportParts.ts';
import type { ReportPart } from './reportParts.ts';

/** AWS's own text: the rows have HTTPStatusCode before ErrorCode all the same. */
const SCHEMA = 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage';

interface ReportPlace {
  readonly bucket: string;
  readonly folder: string;
}

/**
 * Writes the files of results of a completion report as the job's role. Doing it again after a kill gives
 * the same objects.
 * @throws AwsError what PutObject answers; JobFailure when the role can't be assumed any more
 */
export async function writeResults(
  context: JobContext,
  job: Job,
  report: JobReport,
): Promise<ReportResult[]> {
  const owner = report.expectedBucketOwner;
  if (owner !== undefined && owner !== context.accountId) {
    throw new AwsError('AccessDenied', 403, 'Access Denied');
  }
  trimResults(context, job);
  const role = assumeJobRole(context, job);
  const { bucket, folder } = placeOf(job, report);
  const results: ReportResult[] = [];
  for (const part of await partsOf(context, job)) {
    const Key = `${folder}/results/${partFileName(job, part)}.csv`;
    const { status: TaskExecutionStatus } = part;
    const MD5Checksum = await putPart(context, role, { bucket, key: Key, part });
    results.push({ TaskExecutionStatus, Bucket: bucket, MD5Checksum, Key });
  }
  return results;
}

/**
 * Writes manifest.json, which lists the files of results, and its MD5 as the job's role.
 * @throws AwsError what PutObject answers; JobFailure when the role can't be assumed any more
 */
export async function writeManifest(
  context: JobContext,
  job: Job,
  report: JobReport,
  results: readonly ReportResult[],
): Promise<void> {
  const role = assumeJobRole(context, job);
  const { bucket, folder } = placeOf(job, report);
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

function placeOf({ id }: Job, { bucketArn, prefix }: JobReport): ReportPlace {
  const bucket = bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
  // As it is: AWS makes `reports//job-…` of a prefix that ends in a slash.
  return { bucket, folder: `${prefix === undefined ? '' : `${prefix}/`}job-${id}` };
}

/** A part of a report, and which of its status it is. */
interface ResultPart extends ReportPart {
  readonly status: TaskStatus;
  readonly file: string;
  readonly index: number;
}

async function partsOf(context: JobContext, job: Job): Promise<ResultPart[]> {
  const { succeededBytes, failedBytes } = job.progress;
  const folder = jobFolder(context.store, job.id);
  const of = async (status: TaskStatus, name: string, length: number): Promise<ResultPart[]> => {
    const file = join(folder, name);
    const parts = await reportParts(file, length, context.jobs.reportFileSize);
    return parts.map((part, index) => ({ ...part, status, file, index }));
  };
  return [
    ...(await of('succeeded', SUCCEEDED_FILE, succeededBytes)),
    ...(await of('failed', FAILED_FILE, failedBytes)),
  ];
}

/** It depends on nothing but the job, so that a second try overwrites the first. */
function partFileName({ id }: Job, { status, index }: ResultPart): string {
  const which = index === 0 ? `${id} ${status}` : `${id} ${status} ${index}`;
  return createHash('sha1').update(which).digest('hex');
}

async function putPart(
  context: JobContext,
  role: Principal,
  { bucket, key, part }: { bucket: string; key: string; part: ResultPart },
): Promise<string> {
  const { file, start, end } = part;
  const { eTag } = await context.objects.put(role, {
    bucket,
    key,
    body: createReadStream(file, { start, end: end - 1 }) as AsyncIterable<Buffer>,
    headers: { 'content-type': 'text/csv' },
  });
  // The ETag of an object that came in one piece is its MD5.
  return eTag;
}

function trimResults(context: JobContext, job: Job): void {
  const files = new ResultFiles(jobFolder(context.store, job.id));
  try {
    files.trim(job.progress.succeededBytes, job.progress.failedBytes);
  } finally {
    files.close();
  }
}
