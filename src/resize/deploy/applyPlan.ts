import { l10n, window } from 'vscode';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand, runCommandFor } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { progressText, type DeploymentFailure } from '../../vscode/deployment/planTexts.ts';

/**
 * Does what a plan says. What fails or is cancelled on the way is undone.
 *
 * @returns undefined when all was done; else a BrigadeError: what a step failed with, when all was
 *   undone; `UndoIncomplete` naming what is left; `Cancelled`
 */
export async function applyPlan(
  { clients }: Session,
  plan: DeploymentPlan,
): Promise<DeploymentFailure | undefined> {
  const { applyDeployment } = await import('../../aws/resizeDeployment/applyDeployment.ts');
  const title = l10n.t('Deploying {0}', plan.target.functionName);
  const steps = plan.steps.filter(step => step.action !== 'keep').length;
  let failure: DeploymentFailure | undefined;
  await withCancellableProgress({ title }, async (signal, report) => {
    let done = 0;
    let undone = false;
    try {
      await applyDeployment(clients, plan, {
        signal,
        onProgress: progress => {
          if (progress.state === 'done' && progress.step.action !== 'keep') done++;
          undone ||= progress.state === 'undone';
          report({ message: progressText(progress), fraction: done / Math.max(steps, 1) });
        },
      });
    } catch (error) {
      // Kept from the progress, which would take whatever follows a cancellation for that.
      failure = { error, undone };
    }
  });
  return failure;
}

/** Says what is deployed now and what to do with it; resolves when the message is closed. */
export async function showDeployed(session: Session, { target }: DeploymentPlan): Promise<void> {
  const { bucket, destinationBucket } = target;
  void runCommand('bucketBrigade.explorer.refresh');
  const upload = l10n.t('Upload Files…');
  const existing = l10n.t('Create Resize Job…');
  const text = l10n.t(
    'Images uploaded to {0} are resized into {1} from now on.',
    bucket,
    formatS3Uri({ bucket: destinationBucket }),
  );
  const chosen = await window.showInformationMessage(neutralizeLinks(text), upload, existing);
  if (chosen === upload) await runCommandFor(session, 'bucketBrigade.explorer.upload', { bucket });
  if (chosen === existing) {
    await runCommandFor(session, 'bucketBrigade.jobs.createResizeJob', { bucket });
  }
}
