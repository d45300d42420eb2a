import { findBucket, getBucketTags } from '../objects/bucketChanges.ts';
import { unless, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { logGroupOf } from '../functionArn.ts';
import { listFunctions } from '../functions/functions.ts';
import { readPolicy } from '../functions/functionPolicy.ts';
import { permits, statementIdFor } from '../functions/functionPolicyDocument.ts';
import { roleName } from '../roles/roleNames.ts';
import { isEmptyBucket } from '../objects/objectVersions.ts';
import { DESTINATION_VARIABLE, defaultDestination } from '../resizeFunction/resizeSettings.ts';
import {
  getRole,
  listAttachedPolicies,
  listRolePolicies,
  type RoleDetails,
} from '../roles/roleDetails.ts';
import { bucketArn, formatS3Uri } from '../s3Uri.ts';
import { orUndefined } from './context.ts';
import { findDeployment, type FoundDeployment } from './findDeployment.ts';
import type { KeptReason, RemovalPlan, RemovalStep, RemovalTarget } from './removalPlan.ts';
import { POLICY_NAME } from './roleStep.ts';
import { DEPLOYMENT_TAG } from '../deploymentTag.ts';

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
  const { name: subject, arn, logGroup } = found.function;
  const log = { kind: 'logGroup' as const, subject: logGroup, details: [] };
  // A group of another name was chosen by someone, and may be shared.
  const kept = logGroup === logGroupOf(subject) ? 'notAsked' : 'notOurs';
  return [
    { kind: 'function', action: 'delete', subject, details: [arn] },
    target.deleteLogGroup === true && kept === 'notAsked'
      ? { ...log, action: 'delete' }
      : { ...log, action: 'keep', kept },
  ];
}

function roleNameOf(target: RemovalTarget, found: FoundDeployment): string | undefined {
  return found.function ? roleName(found.function.role) : target.roleName;
}

async function roleSteps(context: RemovalContext): Promise<RemovalStep[]> {
  const { clients, target, found, options } = context;
  const name = roleNameOf(target, found);
  if (name === undefined) return [];
  const step = { kind: 'role' as const, subject: name, details: [] };
  const role = await unlessDenied(() => orUndefined(getRole(clients, name, options)));
  if (role === undefined) return [];
  if (role === 'denied') return [{ ...step, action: 'keep', kept: 'unknown' }];
  const kept = await roleKept(context, role);
  if (kept) return [{ ...step, action: 'keep', kept }];
  return [{ ...step, action: 'delete', details: [role.arn] }];
}

async function roleKept(
  { clients, target, found, options }: RemovalContext,
  role: RoleDetails,
): Promise<KeptReason | undefined> {
  if (role.tags[DEPLOYMENT_TAG] !== target.bucket) return 'notOurs';
  const inline = await listRolePolicies(clients, role.name, options);
  const attached = await listAttachedPolicies(clients, role.name, options);
  if (attached.length > 0 || inline.some(name => name !== POLICY_NAME)) return 'inUse';
  const all = await unlessDenied(() => listFunctions(clients, { region: found.region }, options));
  if (all === 'denied') return undefined;
  const others = all.filter(({ name }) => name !== found.function?.name);
  return others.some(other => other.role === role.arn) ? 'inUse' : undefined;
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
  const tags = facts.own
    ? await unlessDenied(() => getBucketTags(clients, bucket, options))
    : 'denied';
  if (tags === 'denied') return [{ ...step, action: 'keep', kept: 'unknown' }];
  if (tags[DEPLOYMENT_TAG] !== target.bucket) return [{ ...step, action: 'keep', kept: 'notOurs' }];
  const client = await clients.s3ForBucket(bucket, options.signal);
  const empty = await isEmptyBucket(client, bucket, options);
  if (!empty && target.deleteObjects !== true) {
    return [{ ...step, action: 'keep', kept: 'hasObjects' }];
  }
  const details = empty ? [] : ['All objects, versions and unfinished uploads in it'];
  return [{ ...step, action: 'delete', details }];
}

async function unlessDenied<T>(read: () => Promise<T>): Promise<T | 'denied'> {
  return await unless(['AccessDenied'], 'denied', read);
}
