import { l10n } from 'vscode';
import type { CompletionReport } from '../../aws/batchJobs/completionReport.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import type { ReportSummary } from '../../aws/report/indexFiles.ts';
import type { Session } from '../../services.ts';
import { reportedId } from '../../aws/batchJobs/reportFolder.ts';
import { describeExistingJob } from '../describeExistingJob.ts';
import { resolveJob } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { IndexFolders } from './indexFolders.ts';
import { findReportOf } from './loadReport.ts';
import type { ReportTarget } from './protocol.ts';

/** A report, and the job it is of where there is one. */
export interface FoundReport {
  readonly session: Session;
  readonly report: CompletionReport;
  readonly job: Job | undefined;
  /** What the report is called where there is no job. */
  readonly name: string;
}

/** A report that was read to its end. */
export interface IndexedReport extends FoundReport {
  /** Of its index. */
  readonly folder: string;
  readonly summary: ReportSummary;
}

/**
 * Finds the report that a page, a row or an object stands for.
 *
 * @throws BrigadeError `NotFound` where there is none, or no job any more: its report may be in its
 *   bucket still, and can be opened there
 */
export async function findReportFor(
  jobs: Jobs,
  target: ReportTarget,
  signal: AbortSignal,
): Promise<FoundReport> {
  if ('bucket' in target) return await findByPlace(jobs, target, signal);
  const { session, job: chosen } = await resolveJob(jobs, target, signal);
  const job = await describeExistingJob(jobs, chosen, { session, signal });
  const report = await findReportOf(session, job, signal);
  return { session, job, report, name: job.jobId };
}

/** The job of the folder that a report's manifest.json is in, in any Region that is in use. */
async function findByPlace(
  jobs: Jobs,
  { bucket, key, session: owner }: ReportTarget & { bucket: string; key: string },
  signal: AbortSignal,
): Promise<FoundReport> {
  const reported = reportedId(key);
  const target = { jobId: reported?.id ?? '', ...(owner !== undefined && { session: owner }) };
  const { session, job: resolved } = await resolveJob(jobs, target, signal);
  const { readReportManifest } = await import('../../aws/batchJobs/completionReport.ts');
  const client = await session.clients.s3ForBucket(bucket, signal);
  const report = await readReportManifest(client, { bucket, key }, { signal });
  const job =
    reported?.kind === 'job'
      ? await jobs.lists
          .of(resolved)
          .describeNow(resolved, { session, signal })
          .catch(() => undefined)
      : undefined;
  return { session, job, report, name: key.split('/').at(-2) ?? key };
}

/** Where indexes are kept. */
export function indexFolders({ context }: Pick<Jobs, 'context'>): IndexFolders {
  return new IndexFolders(`${context.globalStorageUri.fsPath}/reports`);
}

/**
 * Reads a report to its end, or finds that this was done already.
 *
 * @param onRows rows that can be read from the folder by now
 * @throws BrigadeError
 */
export async function indexFound(
  jobs: Jobs,
  found: FoundReport,
  {
    signal,
    onRows,
  }: { readonly signal: AbortSignal; readonly onRows?: (folder: string, rows: number) => void },
): Promise<IndexedReport> {
  const { session, report } = found;
  const folders = indexFolders(jobs);
  const kept = await folders.find(session.key, report);
  if (kept !== undefined) return { ...found, ...kept };
  const folder = await folders.make(session.key, report);
  const { bucket, results } = report;
  const summary = await jobs.worker.run(
    session,
    'indexReport',
    { report: { bucket, results }, folder },
    {
      title: l10n.t('Read the report of {0}', found.name),
      signal,
      onProgress: ({ rows }) => onRows?.(folder, rows),
    },
  );
  return { ...found, folder, summary };
}
