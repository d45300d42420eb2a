import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { isDone } from '../../aws/deployment/step.ts';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { ChangeResizeSettingsArguments } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Resize } from '../resize.ts';
import { capacity } from '../../vscode/deployment/capacity.ts';
import { draftOf, type DeploymentDraft } from '../../vscode/deployment/resizeDraft.ts';
import { readDeployed } from './readDeployed.ts';
import { runDeployment } from './runDeployment.ts';
import type { Session } from '../../services.ts';

/**
 * Changes how a bucket's images are resized, by the same plan as a deployment; the function's code
 * stays as it is.
 *
 * @param answers what was answered before, when it is tried again
 * @throws BrigadeError `NotFound` when nothing is asked and nothing is deployed for the bucket …
 */
export async function changeResizeSettings(
  resize: Resize,
  given: ChangeResizeSettingsArguments = {},
  answers?: DeploymentDraft,
): Promise<DeploymentPlan> {
  const session = await resize.connections.session();
  const title = titleWithOwner(session, l10n.t('Change Resize Settings'));
  const { settings, memoryMegabytes, timeoutSeconds, skipConfirmation } = given;
  const bucket =
    given.bucket ?? (await pickS3Location(session.clients, { title, kind: 'bucket' })).bucket;
  const deployed = await readDeployed(session, bucket);
  const isSilent = skipConfirmation === true;
  if (deployed.functionName === undefined) throw nothingDeployed(session, bucket, isSilent);
  const isGiven = [settings, memoryMegabytes, timeoutSeconds].some(value => value !== undefined);
  const plan = await runDeployment(resize, {
    session,
    draft: answers ?? draftOf({ ...given, bucket }, deployed, capacity()),
    left: isGiven || isSilent ? [] : ['options'],
    isAnswered: answers !== undefined,
    onBucket: () => Promise.resolve(),
    title,
    options: 'settings',
    code: () => Promise.resolve({ kind: 'deployed' }),
    isSilent,
    again: before => changeResizeSettings(resize, { ...given, bucket }, before),
  });
  if (!isSilent && !isDone(plan)) void showChanged(session, bucket);
  return plan;
}

/** Says for which images the change holds; resolves when the message is closed. */
async function showChanged(session: Session, bucket: string): Promise<void> {
  const text = l10n.t('New images in {0} are resized with the changed settings.', bucket);
  const existing = l10n.t('Create Resize Job…');
  if ((await window.showInformationMessage(neutralizeLinks(text), existing)) === existing) {
    await runCommandFor(session, 'bucketBrigade.jobs.createResizeJob', { bucket });
  }
}

function nothingDeployed(session: Session, bucket: string, isSilent: boolean): BrigadeError {
  const text = l10n.t('Bucket Brigade hasn’t deployed a resize function for {0}.', bucket);
  if (isSilent) return new BrigadeError('InvalidInput', text);
  void offerDeploy(session, bucket, text);
  return cancelled();
}

async function offerDeploy(session: Session, bucket: string, text: string): Promise<void> {
  const deploy = l10n.t('Deploy Resize Function…');
  if ((await window.showInformationMessage(neutralizeLinks(text), deploy)) === deploy) {
    await runCommandFor(session, 'bucketBrigade.resize.deploy', { bucket });
  }
}
