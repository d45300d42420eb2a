import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { PlannedStep } from '../deployment/plannedStep.ts';
import type { ResizeRoleInput } from '../resizeFunction/resizeRolePolicy.ts';
import type { StepKind } from './deploymentPlan.ts';
import type { DeploymentTarget } from './target.ts';

/** What every step is planned with. */
export interface DeploymentContext {
  readonly clients: AwsClients;
  readonly target: DeploymentTarget;
  /** The source bucket's: its functions must live there too. */
  readonly region: string;
  readonly options: CallOptions;
}

/** A step of a deployment as it was read just now. */
export type ResizeStep = PlannedStep<StepKind>;

export function functionArnOf({ clients, region, target }: DeploymentContext): string {
  const { partition, accountId } = clients;
  return `arn:${partition}:lambda:${region}:${accountId}:function:${target.functionName}`;
}

/** A role of ours is always made without a path. */
export function roleArnOf({ clients, target }: DeploymentContext): string {
  const { role } = target;
  return 'arn' in role
    ? role.arn
    : `arn:${clients.partition}:iam::${clients.accountId}:role/${role.name}`;
}

/** What the function's role must allow. */
export function roleInputOf({ clients, target, region }: DeploymentContext): ResizeRoleInput {
  const { functionName, bucket, prefix, destinationBucket, settings } = target;
  const { keyTemplate, keepTags } = settings;
  const { partition, accountId } = clients;
  const buckets = { bucket, prefix, destinationBucket };
  return { partition, region, accountId, functionName, ...buckets, keyTemplate, keepTags };
}

/** How a deployment's function and role are described. */
export function descriptionOf(bucket: string): string {
  return `Resizes the images of ${bucket} (Bucket Brigade)`;
}
