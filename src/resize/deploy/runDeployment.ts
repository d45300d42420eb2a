import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { conflictsOf, isDone } from '../../aws/deployment/step.ts';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { Architecture, FunctionCode } from '../../aws/resizeDeployment/target.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { BackPressed } from '../../vscode/prompts.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { conflictText, countsText, failureText } from '../../vscode/deployment/planTexts.ts';
import type { PlanStage } from '../../vscode/deployment/stepBlocks.ts';
import type { Session } from '../../services.ts';
import type { Resize } from '../resize.ts';
import { applyPlan } from './applyPlan.ts';
import { askDeployment, type PromptContext } from './askDeployment.ts';
import { confirmPlan, type PlanChoice } from '../../vscode/deployment/confirmPlan.ts';
import { completed, type DeploymentDraft } from '../../vscode/deployment/resizeDraft.ts';
import { planDocument } from './planDocument.ts';
import { rememberPlan } from './shownPlans.ts';

export interface Deployment extends PromptContext {
  /** What the function runs, once its architecture is known. */
  readonly code: (architecture: Architecture) => Promise<FunctionCode>;
  /** Neither shows nor asks anything. */
  readonly isSilent: boolean;
  /** Runs the deployment again with these answers. */
  readonly again: (answers: DeploymentDraft) => Promise<DeploymentPlan>;
}

/**
 * Asks what is left, makes the plan, shows it and does it once it is agreed to; Back from the plan leads
 * to the questions again.
 *
 * @returns the plan that was applied; one of nothing to do where all is there already
 * @throws BrigadeError `InvalidInput` when nothing is asked and the plan has a conflict …; Resumable
 *   once all is answered
 */
export async function runDeployment(
  resize: Resize,
  deployment: Deployment,
): Promise<DeploymentPlan> {
  const { draft, left, isSilent, again } = deployment;
  let isAnswered = false;
  try {
    for (let first = deployment.isAnswered ? left.length : 0; ; first = left.length - 1) {
      await askDeployment(deployment, first);
      isAnswered = true;
      const plan = await makePlan(deployment);
      if (isSilent) assertApplicable(plan);
      else if (!(await isAgreed(resize, deployment, plan))) continue;
      if (!isDone(plan)) await apply(resize, deployment, plan);
      return plan;
    }
  } catch (error) {
    if (isSilent || !isAnswered || isCancellation(error)) throw error;
    throw new Resumable(error, () => again(draft));
  }
}

async function makePlan({ session, draft, code }: Deployment): Promise<DeploymentPlan> {
  const answers = completed(draft);
  if (answers === undefined) throw new Error('A plan was made before all was asked');
  const { planDeployment } = await import('../../aws/resizeDeployment/planDeployment.ts');
  const title = l10n.t('Checking existing resources');
  return await withCancellableProgress({ title }, async signal => {
    const target = { ...answers, code: await code(answers.architecture) };
    return await planDeployment(session.clients, target, { signal });
  });
}

/** @throws BrigadeError `InvalidInput` naming the first conflict */
export function assertApplicable(plan: DeploymentPlan): void {
  const [first] = conflictsOf(plan);
  if (first === undefined) return;
  const { conflict, reason = '', subject } = first;
  const sentence = conflict === undefined ? reason : conflictText(conflict);
  throw new BrigadeError('InvalidInput', sentence, { subject });
}

/** Shows the plan and asks. @returns false for Back @throws BrigadeError `Cancelled` */
async function isAgreed(
  resize: Resize,
  { session, title, left }: Deployment,
  plan: DeploymentPlan,
): Promise<boolean> {
  await showPlan(resize, session, plan, 'planned');
  if (isDone(plan)) {
    showNothingToDo(plan);
    return true;
  }
  const last = left.length + 1;
  const position = { title, step: last, totalSteps: last, canGoBack: left.length > 0 };
  try {
    await confirmPlan(position, choiceOf(plan));
    return true;
  } catch (error) {
    if (error instanceof BackPressed) return false;
    throw error;
  }
}

function showNothingToDo({ target: { functionName, bucket } }: DeploymentPlan): void {
  const text = l10n.t('No changes needed: {0} is deployed for {1}.', functionName, bucket);
  void window.showInformationMessage(neutralizeLinks(text));
}

function choiceOf(plan: DeploymentPlan): PlanChoice {
  const counts = countsText(plan.steps);
  return conflictsOf(plan).length > 0
    ? {
        placeholder: l10n.t('This plan can’t be applied. See the document, or go back.'),
        counts,
      }
    : {
        placeholder: l10n.t('Apply the plan shown in the editor?'),
        apply: l10n.t('Apply'),
        counts,
      };
}

/** Applies the plan and shows the result in its document. @throws BrigadeError */
async function apply(
  resize: Resize,
  { session, isSilent }: Deployment,
  plan: DeploymentPlan,
): Promise<void> {
  const failure = await applyPlan(session, plan);
  if (!isSilent)
    await showPlan(resize, session, plan, failure ? { failure: failureText(failure) } : 'applied');
  if (failure === undefined) return;
  if (isCancellation(failure.error)) window.setStatusBarMessage(failureText(failure), 10_000);
  throw failure.error;
}

async function showPlan(
  resize: Resize,
  session: Session,
  plan: DeploymentPlan,
  stage: PlanStage,
): Promise<void> {
  const { bucket, functionName } = plan.target;
  const name = `${l10n.t('Plan of {0}', functionName)}.md`;
  const options = { preserveFocus: stage === 'planned' };
  const text = planDocument(plan, stage);
  const uri = await resize.documents.show(`plan/${bucket}`, name, text, options);
  rememberPlan(uri, session, plan, stage);
}
