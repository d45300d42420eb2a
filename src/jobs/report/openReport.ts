import { l10n, ThemeIcon } from 'vscode';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import { cutText } from '../../aws/cutText.ts';
import type { DocumentUri, JobTarget } from '../../commands.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { DOCUMENT_SCHEME } from '../../vscode/documents.ts';
import type { Documents } from '../../services.ts';
import { jobName } from '../jobName.ts';
import type { Jobs } from '../jobs.ts';
import { reachOrAsk, type ReachedJob } from '../jobTargets.ts';
import { jobOfReport, reportFolderOf } from '../reportPath.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import { findReportOf } from './loadReport.ts';
import { reportDocument } from './reportDocument.ts';

/** Rows a report document shows; more would make the preview slow, and the CSV has them all. */
const MAX_ROWS = 2_000;

/** Shows a job's completion report as a document. */
export async function openReport(
  jobs: Jobs,
  documents: Documents,
  target: JobTarget | DocumentUri | undefined,
): Promise<void> {
  const { session, job: chosen } = await whichJob(jobs, target, l10n.t('Open Completion Report'));
  const job = await jobs.list.describeNow(chosen, { session });
  const title = l10n.t('Reading the completion report');
  const text = await withCancellableProgress({ title }, async (signal, report) => {
    const found = await findReportOf(session, job, signal);
    const { summarizeReport } = await import('../../aws/batchJobs/reportSummary.ts');
    const client = await session.clients.s3ForBucket(found.bucket, signal);
    const summary = await summarizeReport(client, found, {
      signal,
      maxRows: MAX_ROWS,
      onProgress: rows => report({ message: l10n.t('{0} rows', formatCount(rows)) }),
    });
    return reportDocument(job, summary, session);
  });
  await documents.show(reportFolderOf(chosen), `${fileName(jobName(job))}.md`, text);
}

/** A document's path may not have the job's own slashes. */
function fileName(name: string): string {
  return cutText(l10n.t('Report of {0}', name).replace(/[\\/:]/g, ' '), 60);
}

/** Opens a file of a job's completion report as S3 wrote it. */
export async function openReportCsv(
  jobs: Jobs,
  target: JobTarget | DocumentUri | undefined,
): Promise<void> {
  const title = l10n.t('Open Completion Report as CSV');
  const { session, job: chosen } = await whichJob(jobs, target, title);
  const job = await jobs.list.describeNow(chosen, { session });
  const { results } = await withCancellableProgress(
    { title: l10n.t('Looking for the completion report') },
    signal => findReportOf(session, job, signal),
  );
  const items = results.map(({ bucket, key, status }) => ({
    label:
      status === 'succeeded' ? l10n.t('Objects that Succeeded') : l10n.t('Objects that Failed'),
    description: key.slice(key.lastIndexOf('/') + 1),
    iconPath: new ThemeIcon(status === 'succeeded' ? 'pass' : 'error'),
    place: { bucket, key },
  }));
  const only = items.length === 1 ? items[0] : undefined;
  const placeholder = l10n.t('Which file of the report?');
  const { place } = only ?? (await pick({ title, placeholder, items }));
  await runCommand('bucketBrigade.explorer.openObject', place);
}

/** Shows where a job's completion report is in the Buckets view. */
export async function revealReport(
  jobs: Jobs,
  target: JobTarget | DocumentUri | undefined,
): Promise<void> {
  const { session, job: chosen } = await whichJob(jobs, target, l10n.t('Reveal Report'));
  const job = await jobs.list.describeNow(chosen, { session });
  const { bucket } = await withCancellableProgress(
    { title: l10n.t('Looking for the completion report') },
    signal => findReportOf(session, job, signal),
  );
  await runCommand('bucketBrigade.explorer.reveal', {
    bucket,
    key: reportFolder(job.report?.prefix, job.jobId),
  });
}

/** The target of a row or link, the job of the report whose title bar was clicked, or the one picked. */
async function whichJob(
  jobs: Jobs,
  target: JobTarget | DocumentUri | undefined,
  title: string,
): Promise<ReachedJob> {
  return await reachOrAsk(jobs, jobOf(target), {
    title,
    placeholder: l10n.t('Which job’s report?'),
    none: l10n.t('No batch job has a report yet.'),
    fits: job => isFinal(job.status) && job.succeeded + job.failed > 0,
  });
}

/** Buttons of an editor's title bar pass the document's URI. */
function jobOf(target: JobTarget | DocumentUri | undefined): JobTarget | undefined {
  if (target === undefined || 'jobId' in target) return target;
  return target.scheme === DOCUMENT_SCHEME ? jobOfReport(target.path) : undefined;
}
