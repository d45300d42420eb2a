import type { DeploymentFacts } from './deploymentFacts.ts';

/** Whether an ARN is that of the function itself, not of an alias or a version of it. */
export function isOwnFunction(
  { partition, region, accountId, function: { name } }: DeploymentFacts,
  arn: string,
): boolean {
  return arn === `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}
