import { planOwnRole } from '../deployment/ownRole.ts';
import { LAMBDA_SERVICE } from '../roles/functionRolePolicy.ts';
import { resizeRolePolicy } from '../resizeFunction/resizeRolePolicy.ts';
import { descriptionOf, roleInputOf, type DeploymentContext, type ResizeStep } from './context.ts';
import { planGivenRole } from './givenRole.ts';

/** The name of our policy in our role. */
export const POLICY_NAME = 'BucketBrigadeResize';

/** The function's role: one that was chosen is only checked, one of ours made and kept right. */
export async function planRole(context: DeploymentContext): Promise<ResizeStep> {
  const { target } = context;
  if ('arn' in target.role) return planGivenRole(context, target.role.arn);
  return await planOwnRole(context, {
    kind: 'role',
    service: LAMBDA_SERVICE,
    name: target.role.name,
    owner: target.bucket,
    description: descriptionOf(target.bucket),
    policyName: POLICY_NAME,
    policy: resizeRolePolicy(roleInputOf(context)),
  });
}
