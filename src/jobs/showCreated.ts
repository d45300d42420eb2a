import { l10n, window } from 'vscode';
import type { Session } from '../services.ts';
import { messageWithOwner } from '../vscode/ownerLabel.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { neutralizeLinks } from '../vscode/neutralizeLinks.ts';
import { shortened } from './jobName.ts';
import type { Jobs } from './jobs.ts';
import type { ResolvedJob } from './jobTargets.ts';

/** Has the view show and follow a job that was created just now. */
export async function followCreated(
  jobs: Jobs,
  session: Session,
  created: { readonly jobId: string; readonly region: string },
): Promise<ResolvedJob> {
  await jobs.watched.add(session, created);
  await jobs.regions.add(session, created.region);
  jobs.following.nudge(session);
  return { session, job: { ...created, session: session.key } };
}

/** A name that leaves room for the buttons. */
const NAME_LENGTH = 48;

/** Says that a job is there, and offers to run it unless it runs already. */
export async function showCreated(
  jobs: Jobs,
  { session, job }: ResolvedJob,
  { description, waits = true }: { readonly description: string; readonly waits?: boolean },
): Promise<void> {
  const runJob = l10n.t('Run…');
  const show = l10n.t('Show');
  const created = l10n.t('Job created: “{0}”', shortened(description, NAME_LENGTH));
  const buttons = waits ? [runJob, show] : [show];
  const chosen = await window.showInformationMessage(
    neutralizeLinks(messageWithOwner(session, created)),
    ...buttons,
  );
  if (chosen === runJob) await runCommand('bucketBrigade.jobs.run', job);
  if (chosen === show) await jobs.view.reveal(job);
}
