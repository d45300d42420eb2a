import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import {
  conflictsOf,
  isDone,
  type DeploymentPlan,
} from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { Architecture, FunctionCode } from '../../aws/resizeDeployment/target.ts';
import { cancelled, isCancellation } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import { conflictText, countsText, failureText } from '../planTexts.ts';
import type { Resize } from '../resize.ts';
import { applyPlan } from './applyPlan.ts';
import { askDeployment, type Asking } from './askDeployment.ts';
import { confirmPlan } from './confirmPlan.ts';
import { completed, type DeploymentDraft } from './draft.ts';
import { planDocument, type PlanStage } from './planDocument.ts';

export interface Deployment extends Asking {
  /** What the function runs, once its architecture is known. */
  readonly code: (architecture: Architecture) => Promise<FunctionCode>;
  /** Shows and asks nothing. */
  readonly isSilent: boolean;
  /** Does it all again, from these answers. */
  readonly again: (answers: DeploymentDraft) => Promise<DeploymentPlan>;
}

/**
 * Asks what is left, shows the plan, and does it once it is agreed to.
 *
 * @returns the plan that was applied; one of nothing to do where all is there already
 * @throws BrigadeError `InvalidInput` when nothing is asked and the plan has a conflict …; Resumable
 *   once all is answered
 */
export async function runDeployment(
  resize: Resize,
  deployment: Deployment,
): Promise<DeploymentPlan> {
  const { draft, isSilent, again } = deployment;
  const state = { isAnswered: false };
  try {
    return await planAndApply(resize, deployment, () => (state.isAnswered = true));
  } catch (error) {
    if (isSilent || !state.isAnswered || isCancellation(error)) throw error;
    throw new Resumable(error, () => again(draft));
  }
}

async function planAndApply(
  resize: Resize,
  deployment: Deployment,
  onAnswered: () => void,
): Promise<DeploymentPlan> {
  const { session, isSilent } = deployment;
  let plan: DeploymentPlan | undefined;
  await askDeployment(deployment, async position => {
    onAnswered();
    plan = await makePlan(deployment);
    if (isSilent) assertApplicable(plan);
    else await agree(resize, position, plan);
  });
  if (plan === undefined) throw cancelled();
  if (isDone(plan)) return plan;
  const failure = await applyPlan(session, plan);
  if (failure) {
    const text = failureText(failure);
    if (!isSilent) await showPlan(resize, plan, { failure: text });
    if (isCancellation(failure.error)) window.setStatusBarMessage(text, 10_000);
    throw failure.error;
  }
  if (!isSilent) await showPlan(resize, plan, 'applied');
  return plan;
}

async function makePlan({ session, draft, code }: Deployment): Promise<DeploymentPlan> {
  const answers = completed(draft);
  if (answers === undefined) throw new Error('A plan was made before all was asked');
  const { planDeployment } = await import('../../aws/resizeDeployment/planDeployment.ts');
  const title = l10n.t('Looking at what is there already');
  return await withCancellableProgress({ title }, async signal => {
    const target = { ...answers, code: await code(answers.architecture) };
    return await planDeployment(session.clients, target, { signal });
  });
}

/** @throws BrigadeError `InvalidInput` naming the first conflict */
function assertApplicable(plan: DeploymentPlan): void {
  const [first] = conflictsOf(plan);
  if (first === undefined) return;
  const { conflict, reason = '', subject } = first;
  const sentence = conflict === undefined ? reason : conflictText(conflict);
  throw new BrigadeError('InvalidInput', sentence, { subject });
}

/** Shows the plan and asks. @throws BrigadeError `Cancelled`, BackPressed */
async function agree(
  resize: Resize,
  position: PromptPosition,
  plan: DeploymentPlan,
): Promise<void> {
  await showPlan(resize, plan, 'planned');
  const { functionName, bucket } = plan.target;
  if (isDone(plan)) {
    const text = l10n.t('Nothing to change: {0} is deployed for {1}.', functionName, bucket);
    void window.showInformationMessage(withoutLinks(text));
    return;
  }
  const counts = countsText(plan.steps);
  await (conflictsOf(plan).length > 0
    ? confirmPlan(position, {
        placeholder: l10n.t('This plan cannot be applied: see the document, or go back'),
        counts,
      })
    : confirmPlan(position, {
        placeholder: l10n.t('Apply the plan that is shown in the editor?'),
        apply: l10n.t('Apply'),
        counts,
      }));
}

async function showPlan(resize: Resize, plan: DeploymentPlan, stage: PlanStage): Promise<void> {
  const { bucket, functionName } = plan.target;
  const name = l10n.t('Plan of {0}', functionName);
  const options = { preserveFocus: stage === 'planned' };
  await resize.documents.show(`plan/${bucket}`, `${name}.md`, planDocument(plan, stage), options);
}
