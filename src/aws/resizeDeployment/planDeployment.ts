import { findBucket } from '../objects/buckets.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { StepReaders } from '../deployment/applySteps.ts';
import { conflict } from '../deployment/plannedStep.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { planBucket } from './bucketStep.ts';
import type { DeploymentContext, ResizeStep } from './context.ts';
import type { DeploymentPlan, StepKind } from './deploymentPlan.ts';
import { planFunction } from './functionStep.ts';
import { planNotification } from './notificationStep.ts';
import { planPermission } from './permissionStep.ts';
import { planRole } from './roleStep.ts';
import type { DeploymentTarget } from './target.ts';
import { targetProblems } from './targetProblems.ts';

/** In the order in which they are done: each needs the ones before it. */
export const STEPS: StepReaders<StepKind, DeploymentContext> = [
  ['destinationBucket', planBucket],
  ['role', planRole],
  ['function', planFunction],
  ['permission', planPermission],
  ['notification', planNotification],
];

/**
 * Reads what is there and says what would be done to deploy the resize function for a bucket.
 * Nothing is changed.
 *
 * @throws BrigadeError `NotFound` when there is no such bucket, `AccessDenied` naming the permission
 *   that the caller needs to look, `Network` …
 */
export async function planDeployment(
  clients: AwsClients,
  target: DeploymentTarget,
  options: CallOptions = {},
): Promise<DeploymentPlan> {
  const { context, refused } = await contextFor(clients, target, options);
  const planned: ResizeStep[] = [];
  for (const [kind, plan] of STEPS) {
    planned.push(refused.get(kind) ?? (await plan(context)));
  }
  return {
    target,
    region: context.region,
    steps: planned.map(({ step }) => step),
    warnings: planned.flatMap(({ warnings = [] }) => warnings),
  };
}

/** What steps are planned with, and those that the input itself rules out. */
export async function contextFor(
  clients: AwsClients,
  target: DeploymentTarget,
  options: CallOptions,
): Promise<{ context: DeploymentContext; refused: ReadonlyMap<StepKind, ResizeStep> }> {
  const subject = formatS3Uri({ bucket: target.bucket });
  const source = await findBucket(clients, target.bucket, options);
  if (source === undefined) {
    throw new BrigadeError('NotFound', 'There is no such bucket', { subject });
  }
  const context = { clients, target, region: source.region, options };
  const refused = new Map<StepKind, ResizeStep>();
  for (const { kind, sentence } of targetProblems(target)) {
    refused.set(kind, conflict({ kind, subject }, 'badInput', [sentence], sentence));
  }
  if (!source.own) {
    const facts = { kind: 'notification' as const, subject };
    const reason = 'The bucket belongs to another account, or is denied';
    refused.set('notification', conflict(facts, 'otherAccount', [target.bucket], reason));
  }
  return { context, refused };
}
