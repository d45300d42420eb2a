import { l10n, window } from 'vscode';
import type { Job } from '../aws/batchJobs/job.ts';
import type { Session } from '../services.ts';
import { formatCount } from '../vscode/formats.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { jobName } from './jobName.ts';
import { formatObjects } from './jobText.ts';
import { reportFolder } from '../aws/batchJobs/reportFolder.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';

/**
 * Says once what became of a job that was created or run from here. Resolves when the message is
 * closed, so nobody waits for it.
 */
export async function announceEnd(job: Job, { key }: Pick<Session, 'key'>): Promise<void> {
  const open = l10n.t('Open Report');
  const buttons = job.report !== undefined && job.succeeded + job.failed > 0 ? [open] : [];
  const chosen = await show(job, buttons);
  if (chosen !== open) return;
  const { jobId, region } = job;
  await runCommand('bucketBrigade.jobs.openReport', { jobId, region, session: key });
}

/** Has the Buckets view show what the job did: it may have been looking at one of its objects. */
export async function showTraces(job: Job): Promise<void> {
  const { report } = job;
  // A function may have written anywhere.
  if (job.operation === 'LambdaInvoke') {
    await runCommand('bucketBrigade.explorer.refresh');
    return;
  }
  await runCommand('bucketBrigade.explorer.refresh', {
    tags: 'of any object',
    ...(report && {
      report: {
        bucket: report.bucket,
        key: `${reportFolder(report.prefix, job.jobId)}manifest.json`,
      },
    }),
  });
}

async function show(job: Job, buttons: string[]): Promise<string | undefined> {
  const text = withoutLinks(endText(job));
  if (job.status === 'Failed' || (job.failed > 0 && job.succeeded === 0)) {
    return await window.showErrorMessage(text, ...buttons);
  }
  return job.failed > 0
    ? await window.showWarningMessage(text, ...buttons)
    : await window.showInformationMessage(text, ...buttons);
}

/** One sentence about how a job ended. */
export function endText(job: Job): string {
  const name = jobName(job);
  const done = job.succeeded + job.failed;
  if (job.status === 'Failed') {
    const reason = job.failureReasons[0]?.reason ?? job.statusUpdateReason;
    return reason === undefined
      ? l10n.t('Batch job “{0}” failed.', name)
      : l10n.t('Batch job “{0}” failed: {1}', name, reason);
  }
  if (job.status === 'Cancelled') {
    if (done === 0) {
      return l10n.t('Batch job “{0}” was cancelled before it ran; no object was changed.', name);
    }
    return l10n.t(
      'Batch job “{0}” was cancelled after {1} of {2}.',
      name,
      formatCount(done),
      formatObjects(job.total),
    );
  }
  return job.failed === 0
    ? l10n.t('Batch job “{0}” is complete: {1}.', name, formatObjects(job.succeeded))
    : l10n.t(
        'Batch job “{0}” is complete, but failed for {1} of {2}.',
        name,
        formatCount(job.failed),
        formatObjects(job.total),
      );
}
