import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { qualifierOf } from '../functionArn.ts';
import { isDeployedFor, type BucketFunction } from '../notifications/bucketFunction.ts';
import { toNotifications } from '../notifications/notificationConfiguration.ts';
import { readNotifications } from '../notifications/notifications.ts';
import { ID_PREFIX } from '../resizeDeployment/notificationEntries.ts';
import { DESTINATION_VARIABLE } from '../resizeFunction/resizeSettings.ts';
import { roleName } from '../roles/roleNames.ts';
import type { CodeFacts, DeploymentFacts, RoleFacts } from './deploymentFacts.ts';
import { functionHas, isSetting } from './functionHas.ts';
import { readPermissions } from './permissions.ts';
import { readLogGroup } from './readLogGroup.ts';
import { readRole } from './readRole.ts';

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
  const configuration = await readNotifications(clients, bucket, options);
  const destination = found.environment[DESTINATION_VARIABLE];
  const isOurs = isDeployedFor(found, bucket);
  return {
    ...{ partition, region, accountId, endpoint, bucket },
    ...(destination !== undefined &&
      destination !== bucket && { destination: { bucket: destination, exists: true } }),
    function: await functionFacts(clients, found, code, options),
    role: await roleFacts(clients, found.role, options),
    permissions: await readPermissions(clients, bucket, found, options),
    entries: found.notifications,
    ...(isOurs && { ownIdPrefix: ID_PREFIX }),
    notifications: configuration,
    hasNotifications: toNotifications(configuration).length > 0,
    logGroup: await readLogGroup(clients, { name: found.logGroup, region }, options),
    tags: isOurs ? { [DEPLOYMENT_TAG]: bucket } : {},
  };
}

async function functionFacts(
  clients: AwsClients,
  found: BucketFunction,
  code: CodeFacts,
  options: CallOptions,
): Promise<DeploymentFacts['function']> {
  const { name, runtime, handler, architecture, region } = found;
  const { memoryMegabytes, timeoutSeconds, environment } = found;
  const has = await functionHas(clients, { functionName: name, region }, options);
  const arns = found.notifications.map(({ destination }) => destination.arn);
  const qualified = [...new Set(arns)].filter(arn => qualifierOf(arn) !== undefined);
  return {
    ...{ name, exists: true, runtime, handler, architecture },
    ...{ memoryMegabytes, timeoutSeconds, code, ...has },
    environment: Object.fromEntries(Object.entries(environment).filter(([key]) => isSetting(key))),
    leftOut: [...has.leftOut, ...qualified.map(arn => `the version or alias ${arn}`)],
  };
}

/** A role that may not be looked at is named only. */
async function roleFacts(
  clients: AwsClients,
  arn: string,
  options: CallOptions,
): Promise<RoleFacts> {
  return (await readRole(clients, roleName(arn), options)) ?? { arn };
}
