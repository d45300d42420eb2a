import type { S3Client } from '@aws-sdk/client-s3';
import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream/promises';
import { call, callError, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import type { Job } from './job.ts';
import { isFinal } from './jobStatus.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { openObject, readObject } from '../objects/objects.ts';
import { kindOfMessage, readableMessage } from './resultMessage.ts';
import { formatS3Uri } from '../s3Uri.ts';

/** A completion report's manifest.json. */
export interface CompletionReport {
  readonly bucket: string;
  /** Of the report's manifest.json. */
  readonly key: string;
  readonly created?: Date;
  readonly results: readonly ReportFile[];
}

export interface ReportFile {
  /** `succeeded` or `failed`: of all its rows. */
  readonly status: string;
  readonly bucket: string;
  readonly key: string;
}

export interface FindReportInput {
  readonly bucket: string;
  readonly prefix?: string;
  readonly jobId: string;
  /** Tells why there is no report, when there is none. */
  readonly job?: Pick<Job, 'status' | 'succeeded' | 'failed'>;
}

const MAX_MANIFEST_BYTES = 1024 * 1024;
/** Longer than any row: a key of 1,024 bytes and what a Lambda function says. */
const MAX_ROW_BYTES = 8 * 1024 * 1024;

/**
 * Finds a job's report: `<prefix>/job-<id>/manifest.json` (Amazon S3 user guide, "Examples:
 * S3 Batch Operations completion reports").
 *
 * @throws BrigadeError `NotFound` with the reason `NoTaskRan` (AWS writes a report only where at least
 *   one task ran) or `NotYetWritten` (it may come after the job's end: try again), `AccessDenied` …
 */
export async function findReport(
  client: S3Client,
  { bucket, prefix = '', jobId, job }: FindReportInput,
  options: CallOptions = {},
): Promise<CompletionReport> {
  const folder = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
  const key = `${folder}job-${jobId}/manifest.json`;
  try {
    const input = { bucket, key, maxBytes: MAX_MANIFEST_BYTES };
    const body = await readObject(client, input, options);
    return reportOf(Buffer.from(body).toString('utf8'), bucket, key);
  } catch (error) {
    throw job === undefined ? error : withReason(error, job);
  }
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
    throw new BrigadeError('InvalidInput', "Not a completion report's manifest", { subject });
  }
  const created = new Date(report.ReportCreationDate ?? '');
  return {
    bucket,
    key,
    created: Number.isNaN(created.getTime()) ? undefined : created,
    results: report.Results.map(result => ({
      status: result.TaskExecutionStatus ?? '',
      bucket: result.Bucket ?? bucket,
      key: result.Key ?? '',
    })),
  };
}

interface ReportManifest {
  readonly ReportCreationDate?: string;
  readonly Results: readonly {
    readonly TaskExecutionStatus?: string;
    readonly Bucket?: string;
    readonly Key?: string;
  }[];
}

function parseReport(text: string): ReportManifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<ReportManifest> | null;
    return Array.isArray(value?.Results) ? (value as ReportManifest) : undefined;
  } catch {
    return undefined;
  }
}

/** One task's result. */
export interface ReportRow {
  readonly bucket: string;
  /** Decoded; the cell as it is where it is not URL-encoded. */
  readonly key: string;
  /** The cell: what the manifest said, byte for byte. */
  readonly rawKey: string;
  readonly versionId?: string;
  /** `succeeded` or `failed`. */
  readonly taskStatus: string;
  readonly httpStatus?: number;
  /** Empty for a success. */
  readonly errorCode: string;
  /** Readable; for LambdaInvoke what the function said. */
  readonly message: string;
}

/** The rows of all result files, streaming. @throws BrigadeError */
export async function* readReport(
  client: S3Client,
  report: Pick<CompletionReport, 'results'>,
  options: CallOptions = {},
): AsyncGenerator<ReportRow, void, undefined> {
  for (const file of report.results) {
    const { body } = await openObject(client, file, options);
    const parser = parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
    });
    const fed = call(formatS3Uri(file), options, () =>
      pipeline(body, parser, { signal: options.signal }),
    );
    // Whoever stops reading early ends the pipeline; its error has nobody to go to.
    fed.catch(() => undefined);
    try {
      for await (const cells of parser as AsyncIterable<string[]>) {
        yield rowOf(cells);
      }
      await fed;
    } catch (error) {
      if (error instanceof CsvError) throw noReport(formatS3Uri(file), error);
      throw callError(error, formatS3Uri(file), options);
    } finally {
      body.destroy();
    }
  }
}

function noReport(subject: string, cause: CsvError): BrigadeError {
  return new BrigadeError('InvalidInput', "Not a completion report's results", { subject, cause });
}

/**
 * The report's own ReportSchema says `…, TaskStatus, ErrorCode, HTTPStatusCode, …`, but real rows
 * have the HTTP status first: of the two the number is the status.
 */
function rowOf(cells: readonly string[]): ReportRow {
  const [bucket = '', rawKey = '', versionId = '', taskStatus = '', fifth = '', sixth = ''] = cells;
  const swapped = /^\d+$/.test(sixth) && !/^\d+$/.test(fifth);
  const [status, errorCode] = swapped ? [sixth, fifth] : [fifth, sixth];
  return {
    bucket,
    key: decodeManifestKey(rawKey) ?? rawKey,
    rawKey,
    versionId: versionId === '' ? undefined : versionId,
    taskStatus,
    httpStatus: /^\d+$/.test(status) ? Number(status) : undefined,
    errorCode,
    message: readableMessage(cells[6] ?? ''),
  };
}

/** Failures of one kind: of one code, and with one message but for what differs by object. */
export interface FailureGroup {
  readonly errorCode: string;
  readonly httpStatus?: number;
  readonly count: number;
  /** Of the first of them. */
  readonly message: string;
  readonly sampleKeys: readonly string[];
}

export interface ReportSummary {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Most frequent first. */
  readonly groups: readonly FailureGroup[];
  /** The first rows, failed ones before succeeded ones. */
  readonly rows: readonly ReportRow[];
}

export interface SummarizeOptions extends CallOptions {
  /** Rows kept; 1000 by default. */
  readonly maxRows?: number;
  /** Rows read so far. */
  readonly onProgress?: (rows: number) => void;
}

const SAMPLES = 5;
/** A function may say something else of every object: then its code alone tells them apart. */
const MAX_KINDS = 50;
/** Error codes are few; a report that is none must not fill the memory. */
const MAX_GROUPS = 1000;

/** Reads the whole report and groups its failures by kind. @throws BrigadeError */
export async function summarizeReport(
  client: S3Client,
  report: Pick<CompletionReport, 'results'>,
  options: SummarizeOptions = {},
): Promise<ReportSummary> {
  const { maxRows = 1000, onProgress } = options;
  const groups = new Map<string, FailureGroup & { count: number; sampleKeys: string[] }>();
  const rows: { failed: ReportRow[]; succeeded: ReportRow[] } = { failed: [], succeeded: [] };
  let total = 0;
  let failed = 0;
  for await (const row of readReport(client, report, options)) {
    total += 1;
    const success = row.taskStatus === 'succeeded';
    const kept = success ? rows.succeeded : rows.failed;
    if (kept.length < maxRows) {
      kept.push(row);
    }
    if (!success) {
      failed += 1;
      addToGroup(groups, row);
    }
    if (total % 1000 === 0) {
      onProgress?.(total);
    }
  }
  return {
    total,
    succeeded: total - failed,
    failed,
    groups: [...groups.values()].sort((a, b) => b.count - a.count),
    rows: [...rows.failed, ...rows.succeeded].slice(0, maxRows),
  };
}

function addToGroup(
  groups: Map<string, FailureGroup & { count: number; sampleKeys: string[] }>,
  { errorCode, httpStatus, message, key, rawKey }: ReportRow,
): void {
  const code = `${httpStatus ?? ''} ${errorCode}`;
  const kind = `${code} ${kindOfMessage(message, [key, rawKey])}`;
  const name = groups.has(kind) || groups.size < MAX_KINDS ? kind : code;
  const group = groups.get(name) ?? { errorCode, httpStatus, count: 0, message, sampleKeys: [] };
  if (groups.has(name) || groups.size < MAX_GROUPS) {
    groups.set(name, group);
  }
  group.count += 1;
  if (group.sampleKeys.length < SAMPLES) {
    group.sampleKeys.push(key);
  }
}
