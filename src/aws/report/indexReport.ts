import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { renameFile } from '../../system/renameFile.ts';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { CompletionReport } from '../batchJobs/completionReport.ts';
import { readReport, type ReportDamage, type ReportRow } from '../batchJobs/reportRows.ts';
import { FailureGroups } from './failureGroups.ts';
import {
  RECORD_BYTES,
  RECORDS_FILE,
  ROWS_FILE,
  SUMMARY_FILE,
  writeRecord,
  type ReportSummary,
} from './indexFiles.ts';
import { lineOf } from './rowLine.ts';

export interface IndexReportInput {
  readonly report: Pick<CompletionReport, 'bucket' | 'results'>;
  /** Made here; what an earlier try left in it is written over. */
  readonly folder: string;
}

/** Rows that can be read from the index by now. */
export interface IndexProgress {
  readonly rows: number;
  readonly failed: number;
}

/** Bytes that are kept before they are written. */
const MAX_KEPT = 256 * 1024;
/** Damaged rows named in the summary. */
const MAX_DAMAGE = 100;
const MAX_BUCKETS = 20;

/**
 * Reads all result files of a report once, failed tasks first, into an index on disk
 * (`indexFiles.ts`), with memory for a megabyte of rows and the kinds of failures.
 *
 * @throws BrigadeError `Network`, `Cancelled`, `DiskFull` …
 */
export async function indexReport(
  clients: AwsClients,
  { report, folder }: IndexReportInput,
  options: CallOptions & { readonly onProgress?: (progress: IndexProgress) => void } = {},
): Promise<ReportSummary> {
  // A full disk is said as such.
  return await call(folder, options, async () => {
    await mkdir(folder, { recursive: true });
    return await indexInto(clients, { report, folder }, options);
  });
}

async function indexInto(
  clients: AwsClients,
  { report, folder }: IndexReportInput,
  options: Parameters<typeof indexReport>[2] = {},
): Promise<ReportSummary> {
  const results = [...report.results].sort((a, b) => rank(a.status) - rank(b.status));
  await using writer = await IndexWriter.open(folder);
  const client = await clients.s3ForBucket(report.bucket, options.signal);
  for await (const entries of readReport(client, { results }, options)) {
    for (const entry of entries) {
      if ('damage' in entry) writer.addDamage(entry);
      else writer.add(entry);
    }
    // The first rows are waited for.
    if (await writer.flush(writer.progress.rows === 0 ? 0 : MAX_KEPT))
      options.onProgress?.(writer.progress);
  }
  await writer.flush(0);
  options.onProgress?.(writer.progress);
  const { summary } = writer;
  await writeWhole(path.join(folder, SUMMARY_FILE), JSON.stringify(summary));
  return summary;
}

/** Whoever opens a report wants to see what failed. */
function rank(status: string): number {
  return status === 'failed' ? 0 : 1;
}

/** Never half a file under its own name. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await renameFile(`${file}.new`, file);
}

class IndexWriter implements AsyncDisposable {
  readonly #rowsFile: FileHandle;
  readonly #recordsFile: FileHandle;
  readonly #groups = new FailureGroups();
  readonly #buckets = new Set<string>();
  readonly #damage: ReportDamage[] = [];
  #damageCount = 0;
  #lines: string[] = [];
  #records: { offset: number; length: number; group: number }[] = [];
  #kept = 0;
  #offset = 0;
  #written = 0;
  #failed = 0;
  #writtenFailed = 0;
  #failedVersions = 0;
  #hasVersions = false;

  private constructor(rowsFile: FileHandle, recordsFile: FileHandle) {
    this.#rowsFile = rowsFile;
    this.#recordsFile = recordsFile;
  }

  static async open(folder: string): Promise<IndexWriter> {
    const rows = await open(path.join(folder, ROWS_FILE), 'w');
    return new IndexWriter(rows, await open(path.join(folder, RECORDS_FILE), 'w'));
  }

  get progress(): IndexProgress {
    return { rows: this.#written, failed: this.#writtenFailed };
  }

  get summary(): ReportSummary {
    return {
      rows: this.#written,
      succeeded: this.#written - this.#failed,
      failed: this.#failed,
      groups: this.#groups.groups,
      damage: { count: this.#damageCount, first: this.#damage },
      failedVersions: this.#failedVersions,
      hasVersions: this.#hasVersions,
      buckets: [...this.#buckets],
    };
  }

  add(row: ReportRow): void {
    const isFailed = row.taskStatus !== 'succeeded';
    const isVersion = row.versionId !== undefined;
    if (isFailed) this.#failed += 1;
    if (isFailed && isVersion) this.#failedVersions += 1;
    this.#hasVersions ||= isVersion;
    if (this.#buckets.size < MAX_BUCKETS) this.#buckets.add(row.bucket);
    const line = `${lineOf(row)}\n`;
    const bytes = Buffer.byteLength(line);
    const group = isFailed ? this.#groups.add(row) + 1 : 0;
    this.#lines.push(line);
    this.#records.push({ offset: this.#offset, length: bytes - 1, group });
    this.#offset += bytes;
    this.#kept += bytes;
  }

  addDamage(damage: ReportDamage): void {
    this.#damageCount += 1;
    // A damaged file means more than any of its rows.
    if (damage.damage !== 'row') this.#damage.unshift(damage);
    else if (this.#damage.length < MAX_DAMAGE) this.#damage.push(damage);
  }

  /** Writes what is kept, if it is more than so many bytes. @returns whether it was */
  async flush(atMost: number): Promise<boolean> {
    if (this.#kept <= atMost) return false;
    const records = Buffer.alloc(this.#records.length * RECORD_BYTES);
    this.#records.forEach((record, index) => writeRecord(records, index, record));
    await this.#rowsFile.appendFile(this.#lines.join(''));
    // Whoever finds a record finds its row.
    await this.#recordsFile.appendFile(records);
    this.#written += this.#records.length;
    this.#writtenFailed = this.#failed;
    this.#lines = [];
    this.#records = [];
    this.#kept = 0;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#rowsFile.close(), this.#recordsFile.close()]);
  }
}
