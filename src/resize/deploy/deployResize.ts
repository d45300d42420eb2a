import { l10n } from 'vscode';
import { isDone } from '../../aws/deployment/step.ts';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { DeployResizeArguments } from '../../commands.ts';
import { readBundledZip } from '../../vscode/bundledZip.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import type { Resize } from '../resize.ts';
import { capacity } from '../../vscode/deployment/capacity.ts';
import { showDeployed } from './applyPlan.ts';
import {
  draftOf,
  questionsLeft,
  type DeploymentDraft,
} from '../../vscode/deployment/resizeDraft.ts';
import { readDeployed } from './readDeployed.ts';
import { runDeployment } from './runDeployment.ts';

/**
 * Has the images of a bucket resized by the function that comes with the extension: asks what
 * matters, shows the plan, and does it once it is agreed to.
 *
 * @param answers what was answered before, when it is tried again
 * @throws BrigadeError
 */
export async function deployResize(
  resize: Resize,
  given: DeployResizeArguments = {},
  answers?: DeploymentDraft,
): Promise<DeploymentPlan> {
  const session = await resize.connections.session();
  const draft = answers ?? {};
  const onBucket = async (bucket: string): Promise<void> => {
    const deployed = await readDeployed(session, bucket);
    Object.assign(draft, draftOf({ ...given, bucket }, deployed, capacity()));
  };
  if (answers === undefined && given.bucket !== undefined) await onBucket(given.bucket);
  const isSilent = given.skipConfirmation === true;
  const plan = await runDeployment(resize, {
    session,
    draft,
    left: questionsLeft(given),
    isAnswered: answers !== undefined,
    onBucket,
    title: titleWithOwner(session, l10n.t('Deploy Resize Function')),
    options: 'all',
    code: async architecture => ({
      kind: 'zipFile',
      ...(await readBundledZip(resize, architecture)),
    }),
    isSilent,
    again: before => deployResize(resize, given, before),
  });
  if (!isSilent && !isDone(plan)) void showDeployed(session, plan);
  return plan;
}
