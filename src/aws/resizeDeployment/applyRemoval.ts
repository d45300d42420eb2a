import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { deleteBucket } from '../objects/bucketChanges.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { deleteFunction } from '../functions/functionChanges.ts';
import { deleteLogGroup } from '../functions/functionLogs.ts';
import { removePermission } from '../functions/functionPolicy.ts';
import { statementIdFor } from '../functions/functionPolicyDocument.ts';
import { changeNotifications } from '../notifications/notifications.ts';
import { emptyBucket } from '../objects/objectVersions.ts';
import { deleteRole, deleteRolePolicy } from '../roles/roleChanges.ts';
import { parseS3Uri } from '../s3Uri.ts';
import { orUndefined } from './context.ts';
import { withEntries } from './notificationEntries.ts';
import { planRemoval } from './planRemoval.ts';
import type { RemovalPlan, RemovalStep } from './removalPlan.ts';
import { POLICY_NAME } from './roleStep.ts';

export interface RemovalProgress {
  readonly step: RemovalStep;
  readonly state: 'begun' | 'done';
  /** Objects (versions, markers) of the bucket that are deleted so far. */
  readonly deleted?: number;
}

export interface RemovalOptions extends CallOptions {
  readonly onProgress?: (progress: RemovalProgress) => void;
}

/**
 * Removes what a plan says, in its order: no event is lost on a function that is gone. It reads again
 * first, and removes nothing that the plan did not name. What is gone already is no error, so a
 * removal that failed or was cancelled is gone on with by another.
 *
 * @returns the steps that were done
 * @throws BrigadeError whatever a step fails with (what was removed before stays removed);
 *   `Conflict` when there is more to remove than the plan said
 */
export async function applyRemoval(
  clients: AwsClients,
  plan: RemovalPlan,
  options: RemovalOptions = {},
): Promise<RemovalStep[]> {
  const now = await planRemoval(clients, plan.target, options);
  const done: RemovalStep[] = [];
  for (const step of now.steps) {
    if (step.action === 'keep') continue;
    if (!wasPlanned(plan, step)) {
      throw new BrigadeError('Conflict', 'It has changed since the plan was made: plan again', {
        subject: step.subject,
      });
    }
    options.onProgress?.({ step, state: 'begun' });
    await orUndefined(remove(clients, now, step, options));
    options.onProgress?.({ step, state: 'done' });
    done.push(step);
  }
  return done;
}

function wasPlanned({ steps }: RemovalPlan, { kind, subject }: RemovalStep): boolean {
  return steps.some(
    step => step.action === 'delete' && step.kind === kind && step.subject === subject,
  );
}

async function remove(
  clients: AwsClients,
  { target, region }: RemovalPlan,
  step: RemovalStep,
  options: RemovalOptions,
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
    case 'role': {
      const policy = { role: step.subject, policy: POLICY_NAME };
      await orUndefined(deleteRolePolicy(clients, policy, options));
      return deleteRole(clients, step.subject, options);
    }
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
  options: RemovalOptions,
): Promise<void> {
  const bucket = parseS3Uri(step.subject)?.bucket;
  if (bucket === undefined) return;
  if (withObjects) {
    const client = await clients.s3ForBucket(bucket, options.signal);
    const onProgress = (deleted: number): void =>
      options.onProgress?.({ step, state: 'begun', deleted });
    await emptyBucket(client, bucket, { signal: options.signal, onProgress });
  }
  await deleteBucket(clients, bucket, options);
}
