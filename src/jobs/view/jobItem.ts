import { l10n, MarkdownString, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Job, JobSummary } from '../../aws/batchJobs/job.ts';
import { functionName } from '../../aws/functionArn.ts';
import { canCancel, canPrioritize, canRun, isFinal } from '../../aws/batchJobs/jobStatus.ts';
import type { JobTarget } from '../../commands.ts';
import { formatDate } from '../../vscode/formats.ts';
import { jobName } from '../jobName.ts';
import { formatAge, jobDescription, statusLabel } from '../jobText.ts';
import { isTaggerJob } from '../isTaggerJob.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { makeVisible, visible } from '../../vscode/visibleText.ts';
import { statusIcon } from '../statusIcon.ts';
import type { JobRow } from './rows.ts';

/** How a row of the Batch Jobs view shows its job. */
export function jobItem(
  { id, jobId, region, session }: JobRow,
  job: JobSummary,
  { details, showRegion = false }: { details?: Job; showRegion?: boolean } = {},
): TreeItem {
  const name = jobName(details ?? job);
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.iconPath = statusIcon(job);
  item.description = [jobDescription(job), ...(showRegion ? [job.region] : [])].join(' · ');
  item.contextValue = contextFlags(job, details);
  const target: JobTarget = { jobId, region, ...(session !== undefined && { session }) };
  item.command = {
    command: 'bucketBrigade.jobs.openPage',
    title: l10n.t('Open Job Page'),
    arguments: [target],
  };
  item.accessibilityInformation = { label: l10n.t('Batch job {0}, {1}', name, item.description) };
  return makeVisible(item);
}

/** Flags that the menus in package.json ask for. */
export function contextFlags(job: JobSummary, details?: Job): string {
  const flags = ['job'];
  if (canRun(job.status)) flags.push('suspended');
  if (canPrioritize(job.status)) flags.push('prioritizable');
  if (canCancel(job.status)) flags.push('cancellable');
  // The list does not tell whether a report or a manifest was asked for; only the details do.
  const ran = isFinal(job.status) && job.succeeded + job.failed > 0;
  if (ran && (details === undefined || details.report !== undefined)) flags.push('report');
  if (flags.includes('report') && job.failed > 0) flags.push('failures');
  if (ran && mayBeUndone(job, details)) flags.push('undoable');
  const manifest = details?.manifest ?? details?.generatedManifest;
  if (details === undefined || manifest !== undefined) flags.push('manifest');
  return flags.join(' ');
}

/** Jobs that change tags; that S3's own can't be undone is said with the way that can. */
function mayBeUndone(job: JobSummary, details: Job | undefined): boolean {
  if (job.operation === 'LambdaInvoke') {
    return details === undefined || isTaggerJob(details);
  }
  return /^S3(Put|Delete)ObjectTagging$/.test(job.operation);
}

export function jobTooltip(job: JobSummary, details?: Job): MarkdownString {
  const text = new MarkdownString('', true);
  text
    .appendMarkdown('**')
    .appendText(visible(jobName(details ?? job)))
    .appendMarkdown('**\n\n');
  text.appendText(jobDescription(job)).appendMarkdown('\n\n');
  if (job.description !== undefined) {
    text.appendText(operationLabel(job.operation)).appendMarkdown('\n\n');
  }
  if (details?.invocation !== undefined) {
    const name = functionName(details.invocation.functionArn);
    text.appendText(l10n.t('Function: {0}', name)).appendMarkdown('\n\n');
  }
  if (job.status === 'Suspended') {
    text.appendText(l10n.t('Nothing happens until you run it.')).appendMarkdown('\n\n');
  }
  if (job.creationTime !== undefined) {
    const { creationTime: at } = job;
    text.appendText(l10n.t('Created {0} ({1})', formatDate(at), formatAge(at)));
    text.appendMarkdown('\n\n');
  }
  if (job.terminationDate !== undefined) {
    const { terminationDate: at } = job;
    text.appendText(`${statusLabel(job.status)} ${formatDate(at)} (${formatAge(at)})`);
    text.appendMarkdown('\n\n');
  }
  text.appendText(l10n.t('Region: {0}', job.region)).appendMarkdown('\n\n');
  text.appendCodeblock(job.jobId, 'text');
  return text;
}
