import type { Uri } from 'vscode';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { Session } from '../../services.ts';
import type { PlanStage } from '../../vscode/deployment/stepBlocks.ts';
import { ownerOf, type Owner } from '../../vscode/sessionOwner.ts';

/** A plan that a document shows, and whose account it is for. */
interface ShownPlan {
  readonly plan: DeploymentPlan;
  readonly owner: Owner;
}

const shown = new Map<string, ShownPlan>();

/** Remembers the plan of a document, so that it can be exported from there. Its zip is not kept. */
export function rememberPlan(
  { path }: Uri,
  session: Session,
  plan: DeploymentPlan,
  stage: PlanStage,
): void {
  const target = { ...plan.target, code: { kind: 'deployed' as const } };
  const steps =
    stage === 'applied'
      ? plan.steps.map(step => ({ ...step, action: 'keep' as const }))
      : plan.steps;
  shown.set(path, { plan: { ...plan, target, steps }, owner: ownerOf(session) });
}

/** The plan of a document; undefined where VS Code has been restarted since. */
export function shownPlan(path: string): ShownPlan | undefined {
  return shown.get(path);
}
