import { l10n, window } from 'vscode';
import { allowingPolicy, type RoleDenial } from '../../aws/report/roleDenial.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { visibleSentence } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { resolveJob } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { openResultFile } from './resultFile.ts';
import type { IndexedReport } from './foundReport.ts';
import { retryIndexed } from './retryFailed.ts';

/**
 * Does what a button of a report's page stands for.
 *
 * @returns whether what is known of the role may have changed
 * @throws BrigadeError
 */
export async function runReportAction(
  jobs: Jobs,
  report: IndexedReport,
  id: string,
  denials: ReadonlyMap<number, RoleDenial>,
): Promise<boolean> {
  // What is shown belongs to one connection: it acts on no other.
  const owner = { jobId: report.job?.jobId ?? report.name, session: report.session.key };
  const { session } = await resolveJob(jobs, owner);
  const current = { ...report, session };
  const [action = '', index] = id.split('/');
  const group = index === undefined ? undefined : Number(index);
  switch (action) {
    case 'retry':
      await retryIndexed(jobs, current, group === undefined ? {} : { groups: [group] });
      return false;
    case 'allow':
      return await allowMissing(current, denials.get(group ?? -1));
    case 'undo':
      await runCommandFor(session, 'bucketBrigade.jobs.undo', undoTarget(current));
      return false;
    case 'logs':
      await showLogs(current);
      return false;
    case 'csv':
      await openResultFile(session, current.report);
      return false;
    case 'reveal':
      await runCommandFor(session, 'bucketBrigade.explorer.reveal', place(current));
      return false;
    default:
      return false;
  }
}

function place({ report: { bucket, key } }: IndexedReport) {
  return { bucket, key: key.slice(0, key.lastIndexOf('/') + 1) };
}

/** The job tells more of what is undone; a change that was made directly has its report only. */
function undoTarget({ job, report: { bucket, key } }: IndexedReport) {
  if (job === undefined) return { bucket, key };
  return { jobId: job.jobId, region: job.region };
}

async function showLogs({ session, job }: IndexedReport): Promise<void> {
  if (job?.invocation === undefined) return;
  const { functionArn: functionName } = job.invocation;
  const target = { functionName, region: job.region };
  await runCommandFor(session, 'bucketBrigade.resize.showLogs', target);
}

/** Gives the role what it lacks, after the policy was shown and agreed to. */
async function allowMissing(
  { session, job }: IndexedReport,
  denial: RoleDenial | undefined,
): Promise<boolean> {
  if (job?.roleArn === undefined || denial === undefined) return false;
  const { roleArn } = job;
  const role = roleName(roleArn);
  const add = l10n.t('Add Policy');
  const question = l10n.t('Add a policy to the role {0}?', role);
  const detail = visibleSentence(JSON.stringify(allowingPolicy(denial.missing), undefined, 2));
  const chosen = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail },
    add,
  );
  if (chosen !== add) throw cancelled();
  const { allowInRole } = await import('../../aws/report/roleDenial.ts');
  const title = l10n.t('Adding a policy to {0}', role);
  const policy = await withCancellableProgress({ title }, signal =>
    allowInRole(session.clients, roleArn, denial.missing, { signal }),
  );
  const said = l10n.t('Policy {0} was added to {1}. Retry the failed objects now.', policy, role);
  void window.showInformationMessage(neutralizeLinks(said));
  return true;
}
