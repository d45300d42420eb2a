import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import type { CompletionReport } from './completionReport.ts';
import { readReport, type ReportRow } from './reportRows.ts';
import { kindOfMessage } from './resultMessage.ts';

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
