import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { deleteBucket } from '../objects/buckets.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { deleteFullBucket } from '../deletion/deleteFullBucket.ts';
import { applyRemovals, removeRole, type RemovalOptions } from '../deployment/applyRemovals.ts';
import { deleteFunction } from '../functions/functionWrites.ts';
import { deleteLogGroup } from '../functions/functionLogs.ts';
import { removePermission } from '../functions/functionPolicy.ts';
import { statementIdFor } from '../functions/functionPolicyDocument.ts';
import { changeNotifications } from '../notifications/notifications.ts';
import { parseS3Uri } from '../s3Uri.ts';
import { withEntries } from './notificationEntries.ts';
import { planRemoval } from './planRemoval.ts';
import type { RemovalPlan, RemovalStep } from './removalPlan.ts';
import { POLICY_NAME } from './roleStep.ts';

/**
 * Removes what a plan says, in its order: no event is lost on a function that is gone. It reads
 * again first, and removes nothing that the plan did not name. What is gone already is no error, so
 * a removal that failed or was cancelled is continued by another.
 *
 * @returns the steps that were done
 * @throws BrigadeError whatever a step fails with (what was removed before stays removed);
 *   `Conflict` when there is more to remove than the plan said
 */
export async function applyRemoval(
  clients: AwsClients,
  plan: RemovalPlan,
  options: RemovalOptions<RemovalStep['kind']> = {},
): Promise<RemovalStep[]> {
  const now = await planRemoval(clients, plan.target, options);
  const perform = (step: RemovalStep): Promise<void> => remove(clients, now, step, options);
  return await applyRemovals(plan.steps, now.steps, perform, options);
}

async function remove(
  clients: AwsClients,
  { target, region }: RemovalPlan,
  step: RemovalStep,
  options: RemovalOptions<RemovalStep['kind']>,
): Promise<void> {
  const functionName = target.functionName ?? '';
  switch (step.kind) {
    case 'notification':
      return removeEntries(clients, target.bucket, options);
    case 'permission': {
      const statementId = statementIdFor(target.bucket);
      return removePermission(clients, { functionName, region, statementId }, options);
    }
    case 'function':
      return deleteFunction(clients, { functionName, region }, options);
    case 'logGroup':
      return deleteLogGroup(clients, { logGroup: step.subject, region }, options);
    case 'role':
      return removeRole(clients, { role: step.subject, policy: POLICY_NAME }, options);
    case 'destinationBucket':
      return removeBucket(clients, step, target.deleteObjects === true, options);
  }
}

async function removeEntries(
  clients: AwsClients,
  bucket: string,
  options: CallOptions,
): Promise<void> {
  const change = (current: NotificationConfiguration) => withEntries(current, []);
  await changeNotifications(clients, { bucket, change }, options);
}

/** S3 itself refuses a bucket that got an object since it was looked at. */
async function removeBucket(
  clients: AwsClients,
  step: RemovalStep,
  withObjects: boolean,
  options: RemovalOptions<RemovalStep['kind']>,
): Promise<void> {
  const bucket = parseS3Uri(step.subject)?.bucket;
  if (bucket === undefined) return;
  if (!withObjects) {
    await deleteBucket(clients, bucket, options);
    return;
  }
  const onProgress = (deleted: number): void =>
    options.onProgress?.({ step, state: 'begun', deleted });
  await deleteFullBucket(clients, bucket, { signal: options.signal, onProgress });
}
