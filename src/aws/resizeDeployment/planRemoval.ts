import { findBucket, getBucketTags } from '../objects/buckets.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readPolicy } from '../functions/functionPolicy.ts';
import { permits, statementIdFor } from '../functions/functionPolicyDocument.ts';
import { roleName } from '../roles/roleNames.ts';
import { isEmptyBucket } from '../objects/objectVersions.ts';
import { DESTINATION_VARIABLE, defaultDestination } from '../resizeFunction/resizeSettings.ts';
import { bucketArn, formatS3Uri } from '../s3Uri.ts';
import { functionRemovals, roleRemovals, orDenied } from '../deployment/planRemovals.ts';
import { findDeployment, type FoundDeployment } from './findDeployment.ts';
import type { RemovalPlan, RemovalStep, RemovalTarget } from './removalPlan.ts';
import { POLICY_NAME } from './roleStep.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';

interface RemovalContext {
  readonly clients: AwsClients;
  readonly target: RemovalTarget;
  readonly found: FoundDeployment;
  readonly options: CallOptions;
}

/**
 * Says what of a deployment is there, what would be removed and what stays and why. Only what our
 * tags mark as this bucket's is removed. Nothing is changed.
 *
 * @throws BrigadeError `AccessDenied` naming the permission that the caller needs to look …
 */
export async function planRemoval(
  clients: AwsClients,
  target: RemovalTarget,
  options: CallOptions = {},
): Promise<RemovalPlan> {
  const found = await findDeployment(clients, target, options);
  const context = { clients, target, found, options };
  const steps = [
    ...notificationSteps(context),
    ...(await permissionSteps(context)),
    ...functionSteps(context),
    ...(await roleSteps(context)),
    ...(await bucketSteps(context)),
  ];
  return { target: resolved(context), region: found.region, steps };
}

/** With what was found, so that it is found again when the function is gone. */
function resolved({ target, found }: RemovalContext): RemovalTarget {
  return {
    ...target,
    functionName: found.function?.name ?? target.functionName,
    roleName: roleNameOf(target, found),
    destinationBucket: destinationOf(target, found),
  };
}

function notificationSteps({ target, found }: RemovalContext): RemovalStep[] {
  if (found.entries.length === 0) return [];
  const subject = formatS3Uri({ bucket: target.bucket });
  const details = found.entries.map(({ id }) => id);
  return [{ kind: 'notification', action: 'delete', subject, details }];
}

async function permissionSteps({
  clients,
  target,
  found,
  options,
}: RemovalContext): Promise<RemovalStep[]> {
  if (!found.function) return [];
  const { name: functionName, arn } = found.function;
  const at = { functionName, region: found.region };
  const { statements } = await readPolicy(clients, at, options);
  const source = {
    bucketArn: bucketArn(clients.partition, target.bucket),
    accountId: clients.accountId,
  };
  const sid = statementIdFor(target.bucket);
  const ours = statements.find(statement => statement.sid === sid && permits(statement, source));
  const details = [`Sid: ${sid}`];
  return ours ? [{ kind: 'permission', action: 'delete', subject: arn, details }] : [];
}

function functionSteps({ target, found }: RemovalContext): RemovalStep[] {
  if (!found.function) return [];
  return functionRemovals(found.function, target.deleteLogGroup === true);
}

function roleNameOf(target: RemovalTarget, found: FoundDeployment): string | undefined {
  return found.function ? roleName(found.function.role) : target.roleName;
}

async function roleSteps({
  clients,
  target,
  found,
  options,
}: RemovalContext): Promise<RemovalStep[]> {
  const name = roleNameOf(target, found);
  if (name === undefined) return [];
  const functionName = found.function?.name;
  const { region } = found;
  const owner = target.bucket;
  const wanted = {
    kind: 'role' as const,
    name,
    owner,
    policyName: POLICY_NAME,
    region,
    functionName,
  };
  return await roleRemovals(clients, wanted, options);
}

function destinationOf(target: RemovalTarget, found: FoundDeployment): string {
  return (
    found.function?.environment[DESTINATION_VARIABLE] ??
    target.destinationBucket ??
    defaultDestination(target.bucket)
  );
}

async function bucketSteps(context: RemovalContext): Promise<RemovalStep[]> {
  const { clients, target, found, options } = context;
  const bucket = destinationOf(target, found);
  if (bucket === target.bucket) return [];
  const facts = await findBucket(clients, bucket, options);
  if (facts === undefined) return [];
  const step = {
    kind: 'destinationBucket' as const,
    subject: formatS3Uri({ bucket }),
    details: [],
  };
  const tags = facts.own ? await orDenied(() => getBucketTags(clients, bucket, options)) : 'denied';
  if (tags === 'denied') return [{ ...step, action: 'keep', kept: 'unknown' }];
  if (tags[DEPLOYMENT_TAG] !== target.bucket) return [{ ...step, action: 'keep', kept: 'notOurs' }];
  const client = await clients.s3ForBucket(bucket, options.signal);
  const empty = await isEmptyBucket(client, bucket, options);
  if (!empty && target.deleteObjects !== true) {
    return [{ ...step, action: 'keep', kept: 'hasObjects' }];
  }
  const details = empty ? [] : [{ kind: 'allContents' as const }];
  return [{ ...step, action: 'delete', details }];
}
