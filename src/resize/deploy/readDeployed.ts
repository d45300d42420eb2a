import { isDeployedFor, type BucketFunction } from '../../aws/bucketFunction.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { DEPLOYMENT_TAG, type DeploymentTarget } from '../../aws/resizeDeployment/target.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
  fromEnvironment,
} from '../../aws/resizeSettings.ts';
import type { Session } from '../../services.ts';
import type { DeploymentDraft } from './draft.ts';

/**
 * What is deployed for a bucket, as answers: deploying it once more then changes nothing. Empty where
 * nothing is.
 *
 * @throws BrigadeError
 */
export async function readDeployed(
  { clients }: Session,
  functions: readonly BucketFunction[],
  bucket: string,
): Promise<DeploymentDraft> {
  const found = functions.find(one => isDeployedFor(one, bucket));
  if (found === undefined) return {};
  const { name, environment, notifications, architecture } = found;
  return {
    functionName: name,
    destinationBucket: environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket),
    role: await roleOf(clients, found.role, bucket),
    settings: fromEnvironment(environment),
    prefix: notifications[0]?.prefix ?? '',
    suffixes: notifications.map(({ suffix }) => suffix).filter(suffix => suffix !== ''),
    architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
    memoryMegabytes: found.memoryMegabytes,
    timeoutSeconds: found.timeoutSeconds,
  };
}

/** A role that was made for the deployment goes by its name, so that its policy is kept right. */
async function roleOf(
  clients: AwsClients,
  arn: string,
  bucket: string,
): Promise<DeploymentTarget['role']> {
  const { getRole } = await import('../../aws/roleDetails.ts');
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  try {
    const { tags } = await getRole(clients, name);
    return tags[DEPLOYMENT_TAG] === bucket ? { name } : { arn };
  } catch (error) {
    // Who may not look at roles keeps this one as it is.
    if (!(error instanceof BrigadeError)) throw error;
    return { arn };
  }
}
