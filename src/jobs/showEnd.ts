import { l10n, window } from 'vscode';
import type { Job } from '../aws/batchJobs/job.ts';
import type { Session } from '../services.ts';
import { messageWithOwner } from '../vscode/ownerLabel.ts';
import { formatCount, formatObjects } from '../vscode/formats.ts';
import { runCommand, runCommandFor } from '../vscode/runCommand.ts';
import { jobName } from './jobName.ts';
import { reportFolder } from '../aws/batchJobs/reportFolder.ts';
import { neutralizeLinks } from '../vscode/neutralizeLinks.ts';

/**
 * Says once what happened to a job that was created or run from here. Resolves when the message is
 * closed, so nobody waits for it.
 */
export async function showEnd(job: Job, session: Session): Promise<void> {
  const { jobId, region } = job;
  const target = { jobId, region, session: session.key };
  const steps = nextSteps(job);
  const chosen = await showMessage(job, session, Object.keys(steps));
  const command = chosen === undefined ? undefined : steps[chosen];
  if (command !== undefined) await runCommand(command, target);
}

type NextStep = `bucketBrigade.jobs.${'openReport' | 'retryFailed' | 'openPage'}`;

/** What to do next, by the names of the buttons. */
function nextSteps({ report, succeeded, failed }: Job): Readonly<Record<string, NextStep>> {
  const hasReport = report !== undefined && succeeded + failed > 0;
  return {
    ...(hasReport && { [l10n.t('Open Report')]: 'bucketBrigade.jobs.openReport' }),
    ...(hasReport && failed > 0 && { [l10n.t('Retry Failed…')]: 'bucketBrigade.jobs.retryFailed' }),
    [l10n.t('Show Job')]: 'bucketBrigade.jobs.openPage',
  };
}

/** Refreshes the rows of the Buckets view that a job may have changed. */
export async function refreshAffected(job: Job, session: Session): Promise<void> {
  const { report } = job;
  // A function may have written anywhere.
  if (job.operation === 'LambdaInvoke') {
    await runCommand('bucketBrigade.explorer.refresh');
    return;
  }
  await runCommandFor(session, 'bucketBrigade.explorer.refresh', {
    tags: 'of any object',
    ...(report && {
      report: {
        bucket: report.bucket,
        session: session.key,
        key: `${reportFolder(report.prefix, job.jobId)}manifest.json`,
      },
    }),
  });
}

async function showMessage(
  job: Job,
  session: Session,
  buttons: string[],
): Promise<string | undefined> {
  const text = neutralizeLinks(messageWithOwner(session, endText(job)));
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
