import { l10n } from 'vscode';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import type { JobTarget, ObjectLocation } from '../../commands.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import type { Jobs } from '../jobs.ts';
import { resolveJobOrAsk, type ResolvedJob } from '../jobTargets.ts';
import { findReportFor, type FoundReport } from './foundReport.ts';
import { findReportOf } from './loadReport.ts';
import type { ReportTarget } from './protocol.ts';
import { openResultFile } from './resultFile.ts';
import { newReportPanel, type ReportPanel } from './reportPanel.ts';

/** A report's manifest.json, whose job may be gone. */
type ReportPlace = ObjectLocation;

/** The open reports, by their targets. */
export type OpenReports = Map<string, ReportPanel>;

/** Shows a job's completion report as a table. */
export async function openReport(
  jobs: Jobs,
  open: OpenReports,
  given: JobTarget | ReportPlace | undefined,
): Promise<void> {
  const target = await targetOf(jobs, given);
  const key = keyOf(target);
  const same = open.get(key);
  if (same !== undefined) {
    same.reveal();
    return;
  }
  const title = l10n.t('Looking for the completion report');
  const found = await withCancellableProgress({ title }, signal =>
    findReportFor(jobs, target, signal),
  );
  keepReport(open, newReportPanel(jobs, { target, query: {} }, found));
}

/** Has the panel found by what it is about, until it is closed. */
export function keepReport(open: OpenReports, panel: ReportPanel): void {
  const key = keyOf(panel.state.target);
  open.set(key, panel);
  panel.onDidDispose(() => {
    if (open.get(key) === panel) open.delete(key);
  });
}

function keyOf(target: ReportTarget): string {
  const { session = '' } = target;
  const what = 'jobId' in target ? [target.region, target.jobId] : [target.bucket, target.key];
  return JSON.stringify([session, ...what]);
}

async function targetOf(
  jobs: Jobs,
  given: JobTarget | ReportPlace | undefined,
): Promise<ReportTarget> {
  if (given === undefined || 'jobId' in given) {
    const { job } = await whichJob(jobs, given, l10n.t('Open Completion Report'));
    const { jobId, region } = job;
    return { jobId, region, ...(job.session !== undefined && { session: job.session }) };
  }
  const { key: session } = await jobs.connections.session();
  return { bucket: given.bucket, key: given.key, session };
}

/** Opens a file of a job's completion report as S3 wrote it. */
export async function openReportCsv(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const title = l10n.t('Open Completion Report as CSV');
  const { session, report } = await findFor(jobs, target, title);
  await openResultFile(session, report);
}

/** Shows where a job's completion report is in the Buckets view. */
export async function revealReport(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, report, job } = await findFor(jobs, target, l10n.t('Reveal Report'));
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', {
    bucket: report.bucket,
    key: reportFolder(job?.report?.prefix, job?.jobId ?? ''),
  });
}

async function findFor(
  jobs: Jobs,
  target: JobTarget | undefined,
  title: string,
): Promise<FoundReport> {
  const { session, job: chosen } = await whichJob(jobs, target, title);
  const job = await jobs.lists.of(chosen).describeNow(chosen, { session });
  const report = await withCancellableProgress(
    { title: l10n.t('Looking for the completion report') },
    signal => findReportOf(session, job, signal),
  );
  return { session, job, report, name: job.jobId };
}

/** The target of a row or link, or the job that is picked. */
async function whichJob(
  jobs: Jobs,
  target: JobTarget | undefined,
  title: string,
): Promise<ResolvedJob> {
  return await resolveJobOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Select a job to open its report'),
    none: l10n.t('No batch job has a report yet.'),
    fits: job => isFinal(job.status) && job.succeeded + job.failed > 0,
  });
}
