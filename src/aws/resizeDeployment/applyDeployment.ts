import type { AwsClients } from '../clients.ts';
import { applySteps, assertNoConflict, type ApplyOptions } from '../deployment/applySteps.ts';
import { functionArnOf, roleArnOf } from './context.ts';
import type { DeploymentPlan, DeploymentStep, StepKind } from './deploymentPlan.ts';
import { contextFor, STEPS } from './planDeployment.ts';

export interface Deployment {
  readonly functionArn: string;
  readonly roleArn: string;
  readonly region: string;
  /** What was made or changed. */
  readonly done: readonly DeploymentStep[];
}

/**
 * Does what a plan says. Each step reads again first, and continues only where what it would do is
 * what the plan said. A step that fails, or is cancelled, undoes what this run did, in reverse.
 *
 * @throws BrigadeError `Conflict` for a plan with a conflict, or when something has changed since
 *   it was made; whatever a step fails with; `Cancelled`; `UndoIncomplete` naming what is left
 */
export async function applyDeployment(
  clients: AwsClients,
  plan: DeploymentPlan,
  options: ApplyOptions<StepKind> = {},
): Promise<Deployment> {
  assertNoConflict(plan.steps);
  const { context } = await contextFor(clients, plan.target, options);
  const done = await applySteps(plan.steps, STEPS, context, options);
  const { region } = context;
  return { functionArn: functionArnOf(context), roleArn: roleArnOf(context), region, done };
}
