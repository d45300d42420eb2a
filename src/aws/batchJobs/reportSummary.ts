import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import type { CompletionReport } from './completionReport.ts';
import { readReport, type ReportDamage, type ReportRow } from './reportRows.ts';
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
  /** What can't be read of the report; its rows are in no count. */
  readonly damage: { readonly count: number; readonly first: readonly ReportDamage[] };
}

export interface SummarizeOptions extends CallOptions {
  /** Rows kept; 1000 by default. */
  readonly maxRows?: number;
  /** Rows read so far. */
  readonly onProgress?: (rows: number) => void;
}

const SAMPLES = 5;
/** A function may say something else of every object: then its code alone distinguishes them. */
const MAX_KINDS = 50;
/** Error codes are few; a report that is none must not fill the memory. */
const MAX_GROUPS = 1000;
/** Damaged rows shown. */
const MAX_DAMAGE = 100;

/** Reads the whole report and groups its failures by kind. @throws BrigadeError */
export async function summarizeReport(
  client: S3Client,
  report: Pick<CompletionReport, 'results'>,
  options: SummarizeOptions = {},
): Promise<ReportSummary> {
  const counting = new Counting(options.maxRows ?? 1000);
  let told = 0;
  for await (const entries of readReport(client, report, options)) {
    for (const entry of entries) {
      if ('damage' in entry) counting.addDamage(entry);
      else counting.add(entry);
    }
    if (counting.total - told >= 1000) {
      told = counting.total;
      options.onProgress?.(told);
    }
  }
  return counting.summary();
}

/** Keeps as much as is shown, whatever the report's length. */
class Counting {
  readonly #maxRows: number;
  readonly #groups = new Map<string, FailureGroup & { count: number; sampleKeys: string[] }>();
  readonly #failed: ReportRow[] = [];
  readonly #succeeded: ReportRow[] = [];
  readonly #damage: ReportDamage[] = [];
  #damageCount = 0;
  #failures = 0;
  total = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  add(row: ReportRow): void {
    this.total += 1;
    const success = row.taskStatus === 'succeeded';
    const kept = success ? this.#succeeded : this.#failed;
    if (kept.length < this.#maxRows) kept.push(row);
    if (success) return;
    this.#failures += 1;
    this.#addToGroup(row);
  }

  addDamage(damage: ReportDamage): void {
    this.#damageCount += 1;
    // A damaged file means more than any of its rows.
    if (damage.damage !== 'row') this.#damage.unshift(damage);
    else if (this.#damage.length < MAX_DAMAGE) this.#damage.push(damage);
  }

  #addToGroup({ errorCode, httpStatus, message, key, rawKey }: ReportRow): void {
    const groups = this.#groups;
    const code = `${httpStatus ?? ''} ${errorCode}`;
    const kind = `${code} ${kindOfMessage(message, [key, rawKey])}`;
    const name = groups.has(kind) || groups.size < MAX_KINDS ? kind : code;
    const group = groups.get(name) ?? { errorCode, httpStatus, count: 0, message, sampleKeys: [] };
    if (groups.has(name) || groups.size < MAX_GROUPS) groups.set(name, group);
    group.count += 1;
    if (group.sampleKeys.length < SAMPLES) group.sampleKeys.push(key);
  }

  summary(): ReportSummary {
    return {
      total: this.total,
      succeeded: this.total - this.#failures,
      failed: this.#failures,
      groups: [...this.#groups.values()].sort((a, b) => b.count - a.count),
      rows: [...this.#failed, ...this.#succeeded].slice(0, this.#maxRows),
      damage: { count: this.#damageCount, first: this.#damage },
    };
  }
}
