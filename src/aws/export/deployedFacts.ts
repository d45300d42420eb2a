import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { CODE_TAG } from '../deployment/functionCode.ts';
import { orUndefined } from '../deployment/plannedStep.ts';
import { unqualified } from '../functionArn.ts';
import { permits, statementIdFor } from '../functions/functionPolicyDocument.ts';
import { readPolicy } from '../functions/functionPolicy.ts';
import { isDeployedFor, type BucketFunction } from '../notifications/bucketFunction.ts';
import {
  toNotifications,
  withoutNotification,
} from '../notifications/notificationConfiguration.ts';
import { readNotifications } from '../notifications/notifications.ts';
import { ID_PREFIX } from '../resizeDeployment/notificationEntries.ts';
import { DESTINATION_VARIABLE } from '../resizeFunction/resizeSettings.ts';
import {
  getRole,
  getRolePolicy,
  listAttachedPolicies,
  listRolePolicies,
} from '../roles/roleDetails.ts';
import { roleName } from '../roles/roleNames.ts';
import { bucketArn } from '../s3Uri.ts';
import type { CodeFacts, DeploymentFacts, RoleFacts } from './deploymentFacts.ts';
import { functionHas, isSetting } from './functionHas.ts';
import { hasLogGroup } from './hasLogGroup.ts';

/**
 * What is deployed for a bucket, by this extension or by hand: a function that its event notifications
 * invoke.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketNotification, lambda:GetPolicy …), `InvalidInput` for
 *   a function that has no zip
 */
export async function deployedFacts(
  clients: AwsClients,
  bucket: string,
  found: BucketFunction,
  code: CodeFacts,
  options: CallOptions = {},
): Promise<DeploymentFacts> {
  const { partition, accountId, endpoint } = clients;
  const { region } = found;
  const arn = unqualified(found.arn);
  const configuration = await readNotifications(clients, bucket, options);
  const theirs = found.notifications.map(({ id }) => id);
  const destination = found.environment[DESTINATION_VARIABLE];
  const isOurs = isDeployedFor(found, bucket);
  return {
    ...{ partition, region, accountId, endpoint, bucket },
    ...(destination !== undefined &&
      destination !== bucket && { destination: { bucket: destination, exists: true } }),
    function: await functionFacts(clients, found, code, options),
    role: await roleFacts(clients, found.role, options),
    permission: await permissionFacts(clients, bucket, found, options),
    entries: found.notifications.map(entry => ({ ...entry, destination: { kind: 'lambda', arn } })),
    ...(isOurs && { ownIdPrefix: ID_PREFIX }),
    others: theirs.reduce(withoutNotification, configuration),
    hasNotifications: toNotifications(configuration).length > 0,
    logGroup: {
      name: found.logGroup,
      exists: await hasLogGroup(clients, { name: found.logGroup, region }, options),
    },
    tags: isOurs ? { [DEPLOYMENT_TAG]: bucket } : {},
  };
}

async function functionFacts(
  clients: AwsClients,
  found: BucketFunction,
  code: CodeFacts,
  options: CallOptions,
): Promise<DeploymentFacts['function']> {
  const { name, description, runtime, handler, architecture, region } = found;
  const { memoryMegabytes, timeoutSeconds, environment, tags = {} } = found;
  const has = await functionHas(clients, { functionName: name, region }, options);
  const alias = found.notifications.find(({ destination: { arn } }) => arn !== unqualified(arn));
  return {
    ...{ name, exists: true, description, runtime, handler, architecture },
    ...{ memoryMegabytes, timeoutSeconds, code, ...has },
    environment: Object.fromEntries(Object.entries(environment).filter(([key]) => isSetting(key))),
    // Of AWS itself, and of the zip that it has today.
    tags: Object.fromEntries(
      Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && key !== CODE_TAG),
    ),
    leftOut: [...has.leftOut, ...(alias ? [`the alias of ${alias.destination.arn}`] : [])],
  };
}

async function permissionFacts(
  clients: AwsClients,
  bucket: string,
  { name: functionName, region }: BucketFunction,
  options: CallOptions,
): Promise<DeploymentFacts['permission']> {
  const { statements } = await readPolicy(clients, { functionName, region }, options);
  const source = { bucketArn: bucketArn(clients.partition, bucket), accountId: clients.accountId };
  const found = statements.find(statement => permits(statement, source));
  return { statementId: found?.sid ?? statementIdFor(bucket), exists: found !== undefined };
}

/** A role that may not be looked at is named only. */
async function roleFacts(
  clients: AwsClients,
  arn: string,
  options: CallOptions,
): Promise<RoleFacts> {
  const name = roleName(arn);
  const read = await recoverFrom(['AccessDenied'], undefined, () =>
    orUndefined(readRole(clients, name, options)),
  );
  if (read === undefined) return { arn };
  const path = arn.slice(arn.indexOf(':role') + ':role'.length, -name.length);
  return { name, path, exists: true, description: '', ...read };
}

async function readRole(clients: AwsClients, name: string, options: CallOptions) {
  const { trustPolicy } = await getRole(clients, name, options);
  const names = await listRolePolicies(clients, name, options);
  const attached = await listAttachedPolicies(clients, name, options);
  const documents = await Promise.all(
    names.map(policy => getRolePolicy(clients, { role: name, policy }, options)),
  );
  return {
    trust: JSON.parse(trustPolicy) as object,
    policies: Object.fromEntries(
      names.map((policy, at) => [policy, JSON.parse(documents[at] ?? '{}') as object]),
    ),
    attached,
  };
}
