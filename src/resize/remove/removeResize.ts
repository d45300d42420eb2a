import { l10n, window, type QuickPickItem } from 'vscode';
import type { RemovalProgress } from '../../aws/deployment/removal.ts';
import type {
  RemovalPlan,
  RemovalStep,
  RemovalTarget,
} from '../../aws/resizeDeployment/removalPlan.ts';
import type { RemoveResizeArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { formatCount } from '../../vscode/formats.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText, pick } from '../../vscode/prompts.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { confirmPlan } from '../../vscode/deployment/confirmPlan.ts';
import { kindText } from '../../vscode/deployment/planTexts.ts';
import type { Resize } from '../resize.ts';
import { removalDocument } from './removalDocument.ts';

/**
 * Removes what was deployed for a bucket, and only that, after showing what goes and what stays.
 *
 * @returns what was removed; undefined when there was nothing
 */
export async function removeResize(
  resize: Resize,
  given: RemoveResizeArguments = {},
): Promise<RemovalPlan | undefined> {
  const session = await resize.connections.session();
  const title = titleWithOwner(session, l10n.t('Remove Resize Function'));
  const bucket =
    given.bucket ?? (await pickS3Location(session.clients, { title, kind: 'bucket' })).bucket;
  const isSilent = given.skipConfirmation === true;
  let plan = await planOf(session, { bucket, deleteObjects: given.deleteObjects === true });
  if (!plan.steps.some(isDeletion)) {
    if (!isSilent) showNothingToRemove(bucket);
    return undefined;
  }
  if (!isSilent) {
    plan = await settleRest(session, plan, title);
    await showPlan(resize, plan, 'planned');
    await confirm(session, plan);
  }
  await apply(session, plan);
  void runCommand('bucketBrigade.explorer.refresh');
  if (!isSilent) {
    await showPlan(resize, plan, 'applied');
    showRemoved(plan);
  }
  return plan;
}

function isDeletion({ action }: RemovalStep): boolean {
  return action === 'delete';
}

async function planOf({ clients }: Session, target: RemovalTarget): Promise<RemovalPlan> {
  const { planRemoval } = await import('../../aws/resizeDeployment/planRemoval.ts');
  const title = l10n.t('Looking for resources deployed for {0}', target.bucket);
  return await withCancellableProgress({ title }, signal =>
    planRemoval(clients, target, { signal }),
  );
}

/** Objects and log lines are asked for each by itself: neither can be made again. */
async function settleRest(
  session: Session,
  plan: RemovalPlan,
  title: string,
): Promise<RemovalPlan> {
  const full = plan.steps.find(({ kept }) => kept === 'hasObjects');
  const logs = plan.steps.find(({ kind, kept }) => kind === 'logGroup' && kept === 'notAsked');
  const deleteObjects = full !== undefined && (await askObjects(title, full));
  const deleteLogGroup = logs !== undefined && (await askLogs(title, logs));
  if (!deleteObjects && !deleteLogGroup) return plan;
  return await planOf(session, { ...plan.target, deleteObjects, deleteLogGroup });
}

async function askObjects(title: string, { subject }: RemovalStep): Promise<boolean> {
  const placeholder = l10n.t('{0} isn’t empty. Delete its objects?', subject);
  const remove = await keepOrDelete(title, placeholder, {
    keep: l10n.t('Keep Bucket and Objects'),
    remove: l10n.t('Delete Bucket and Objects…'),
  });
  if (!remove) return false;
  const name = subject.replace(/^s3:\/\//, '').replace(/\/$/, '');
  await askText({
    title,
    prompt: l10n.t(
      'All objects and their versions are permanently deleted. Type the bucket’s name to confirm.',
    ),
    placeholder: name,
    validate: text => (text === name ? undefined : l10n.t('Type {0} to confirm', name)),
  });
  return true;
}

async function askLogs(title: string, { subject }: RemovalStep): Promise<boolean> {
  return await keepOrDelete(title, l10n.t('Delete the log group {0}?', subject), {
    keep: l10n.t('Keep Log Group'),
    remove: l10n.t('Delete Log Group'),
  });
}

async function keepOrDelete(
  title: string,
  placeholder: string,
  labels: { readonly keep: string; readonly remove: string },
): Promise<boolean> {
  const items: (QuickPickItem & { remove: boolean })[] = [
    { label: labels.keep, remove: false },
    { label: labels.remove, remove: true },
  ];
  return (await pick({ title, placeholder, items })).remove;
}

async function showPlan(resize: Resize, plan: RemovalPlan, stage: 'planned' | 'applied') {
  const name = l10n.t('Removal plan for {0}', plan.target.bucket);
  const text = removalDocument(plan, stage);
  const options = { preserveFocus: stage === 'planned' };
  await resize.documents.show(`removal/${plan.target.bucket}`, `${name}.md`, text, options);
}

async function confirm(session: Session, { target, steps }: RemovalPlan): Promise<void> {
  const remove = l10n.t('Remove');
  const deletions = steps.filter(isDeletion);
  const message =
    deletions.length === 1
      ? l10n.t('Remove 1 resource deployed for {0}?', target.bucket)
      : l10n.t('Remove {0} resources deployed for {1}?', deletions.length, target.bucket);
  const counts = deletions.map(step => `${kindText(step.kind)}: ${step.subject}`).join(', ');
  const title = titleWithOwner(session, l10n.t('Remove Resize Function'));
  // Beside the document, which a modal dialog would cover.
  const choice = { placeholder: message, apply: remove, counts, isDestructive: true };
  await confirmPlan({ title }, choice);
}

async function apply({ clients }: Session, plan: RemovalPlan): Promise<void> {
  const { applyRemoval } = await import('../../aws/resizeDeployment/applyRemoval.ts');
  const title = l10n.t('Removing the resources deployed for {0}', plan.target.bucket);
  const count = plan.steps.filter(isDeletion).length;
  try {
    await withCancellableProgress({ title }, async (signal, report) => {
      let done = 0;
      await applyRemoval(clients, plan, {
        signal,
        onProgress: progress => {
          report({ message: progressText(progress), fraction: done / Math.max(count, 1) });
          if (progress.state === 'done') done++;
        },
      });
    });
  } catch (error) {
    if (isCancellation(error)) {
      const text = l10n.t(
        'Cancelled. Some resources were already removed. To remove the rest, run the command again.',
      );
      window.setStatusBarMessage(text, 10_000);
    }
    throw error;
  }
}

function progressText({ step, deleted }: RemovalProgress<RemovalStep['kind']>): string {
  const what = l10n.t('{0}: {1}', kindText(step.kind), step.subject);
  return deleted === undefined
    ? what
    : l10n.t('{0}, {1} objects deleted', what, formatCount(deleted));
}

function showNothingToRemove(bucket: string): void {
  const text = l10n.t('Bucket Brigade hasn’t deployed anything for {0}.', bucket);
  void window.showInformationMessage(neutralizeLinks(text));
}

function showRemoved({ target }: RemovalPlan): void {
  const text = l10n.t('Images uploaded to {0} are no longer resized.', target.bucket);
  void window.showInformationMessage(neutralizeLinks(text));
}
