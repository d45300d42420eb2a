import { l10n } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompletionReport } from '../../aws/batchJobs/completionReport.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import type { Session } from '../../services.ts';
import { jobName } from '../jobName.ts';

/** Milliseconds a report that is not there yet is waited for, and between looks. */
const TIMEOUT_MS = 15_000;
const POLL_MS = 1_000;

/**
 * Finds a job's report; AWS may write it a little after the job's end, so it is waited for.
 *
 * @throws BrigadeError `NotFound` with a sentence saying why there may be none.
 */
export async function findReportOf(
  session: Session,
  job: Job,
  signal: AbortSignal,
): Promise<CompletionReport> {
  const { report, jobId } = job;
  if (report === undefined) throw none(job, l10n.t('No report was requested.'));
  if (!isFinal(job.status)) throw none(job, l10n.t('The report is available when the job ends.'));
  const { findReport } = await import('../../aws/batchJobs/completionReport.ts');
  const client = await session.clients.s3ForBucket(report.bucket, signal);
  const input = { bucket: report.bucket, prefix: report.prefix, jobId, job };
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      return await findReport(client, input, { signal });
    } catch (error) {
      if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
      if (error.awsCode === 'NoSuchBucket') {
        throw none(job, l10n.t('The report’s bucket {0} no longer exists.', report.bucket));
      }
      if (error.reason === 'NoTaskRan') throw none(job, noTaskRan(job));
      if (waited >= TIMEOUT_MS) throw none(job, missing(report.bucket));
      await delay(POLL_MS, undefined, { signal });
    }
  }
}

function noTaskRan({ failureReasons }: Job): string {
  const reason = failureReasons[0]?.reason;
  return reason === undefined
    ? l10n.t('There is no report, because no task ran.')
    : l10n.t('There is no report, because no task ran: {0}', reason);
}

/** Object Lock and a role without s3:PutObject both let the job complete without its report. */
function missing(bucket: string): string {
  return l10n.t(
    'There is no report in {0}. The role may lack permission to write there, the bucket may have Object Lock, or the report was deleted.',
    bucket,
  );
}

function none(job: Job, sentence: string): BrigadeError {
  return new BrigadeError('InvalidInput', sentence, { subject: jobName(job) });
}
