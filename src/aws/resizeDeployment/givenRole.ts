import { conflict } from '../deployment/plannedStep.ts';
import { BrigadeError } from '../errors.ts';
import { isRoleArn, roleName } from '../roles/roleNames.ts';
import { resizeStatements } from '../resizeFunction/resizeRolePolicy.ts';
import { LAMBDA_SERVICE } from '../roles/functionRolePolicy.ts';
import { getRole, type RoleDetails } from '../roles/roleDetails.ts';
import { trustsService } from '../roles/roleTrust.ts';
import { simulate } from '../roles/simulate.ts';
import { roleInputOf, type DeploymentContext, type ResizeStep } from './context.ts';
import type { DeploymentWarning } from '../deployment/step.ts';

/**
 * A role that was chosen: it is never changed. What it may lack is a warning, for only AWS knows all
 * that is weighed.
 */
export async function planGivenRole(context: DeploymentContext, arn: string): Promise<ResizeStep> {
  const { clients, options } = context;
  const facts = { kind: 'role' as const, subject: arn };
  if (!isRoleArn(arn)) return conflict(facts, 'badInput', [arn], 'Not the ARN of an IAM role');
  if (arn.split(':')[4] !== clients.accountId) {
    return conflict(facts, 'otherAccount', [arn], 'A role of another account cannot be passed');
  }
  try {
    const found = await getRole(clients, roleName(arn), options);
    if (!trustsService(found.trustPolicy, LAMBDA_SERVICE)) {
      return conflict(facts, 'notTrusted', [arn], `It does not trust ${LAMBDA_SERVICE}`);
    }
    const warnings = await missingPermissions(context, found);
    return { step: { ...facts, action: 'keep', details: [] }, warnings };
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    if (error.code === 'NotFound') {
      return conflict(facts, 'missing', [arn], 'There is no such role');
    }
    if (error.code !== 'AccessDenied') throw error;
    const warnings = [{ code: 'roleUnchecked' as const, names: [arn] }];
    return { step: { ...facts, action: 'keep', details: [] }, warnings };
  }
}

/** The lab's role has no more than the function needs, so versions of objects are not asked about. */
async function missingPermissions(
  context: DeploymentContext,
  { arn }: RoleDetails,
): Promise<DeploymentWarning[]> {
  const warnings: DeploymentWarning[] = [];
  const { clients, options } = context;
  for (const { Action: all, Resource: resources } of resizeStatements(roleInputOf(context))) {
    const actions = [all].flat().filter(action => !action.includes('Version'));
    // Of two patterns (a log group, and what is in it) the last one is wider.
    const pattern = [resources].flat().at(-1) ?? '*';
    const asked = { roleArn: arn, actions, pattern };
    const { resource, decisions } = await simulate(clients, asked, options);
    for (const [action, decision] of decisions) {
      if (decision === 'unknown') return [{ code: 'roleUnchecked', names: [arn] }];
      if (decision !== 'allowed') {
        warnings.push({ code: 'roleMayLack', names: [arn, action, resource] });
      }
    }
  }
  return warnings;
}
