import { l10n } from 'vscode';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { DeploymentTarget } from '../../aws/resizeDeployment/target.ts';
import { DEPLOYMENT_TAG } from '../../aws/deployment/deploymentTag.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
  fromEnvironment,
} from '../../aws/resizeFunction/resizeSettings.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { DeploymentDraft } from '../../vscode/deployment/resizeDraft.ts';

/**
 * What is deployed for a bucket, as answers: deploying it once more then changes nothing. Empty where
 * nothing is.
 *
 * @throws BrigadeError
 */
export async function readDeployed({ clients }: Session, bucket: string): Promise<DeploymentDraft> {
  const { findDeployment } = await import('../../aws/resizeDeployment/findDeployment.ts');
  const title = l10n.t('Looking for resources deployed for {0}', bucket);
  return await withCancellableProgress({ title }, async signal => {
    const found = await findDeployment(clients, { bucket }, { signal });
    if (found.function === undefined) return {};
    const { name, environment, architecture, memoryMegabytes, timeoutSeconds } = found.function;
    return {
      functionName: name,
      destinationBucket: environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket),
      role: await roleOf(clients, found.function.role, bucket, signal),
      settings: fromEnvironment(environment),
      ...filtersOf(found.entries),
      architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
      memoryMegabytes,
      timeoutSeconds,
    };
  });
}

/** Which objects invoke it; nothing if its notification was removed. */
function filtersOf(
  entries: readonly BucketNotification[],
): Pick<DeploymentDraft, 'prefix' | 'suffixes'> {
  const [first] = entries;
  if (first === undefined) return {};
  const suffixes = entries.map(({ suffix }) => suffix).filter(suffix => suffix !== '');
  return { prefix: first.prefix, suffixes };
}

/** A role that was made for the deployment goes by its name, so that its policy is kept right. */
async function roleOf(
  clients: AwsClients,
  arn: string,
  bucket: string,
  signal: AbortSignal,
): Promise<DeploymentTarget['role']> {
  const { getRole } = await import('../../aws/roles/roleDetails.ts');
  const name = roleName(arn);
  try {
    const { tags } = await getRole(clients, name, { signal });
    return tags[DEPLOYMENT_TAG] === bucket ? { name } : { arn };
  } catch (error) {
    // A caller who may not look at roles keeps this one as it is.
    if (!(error instanceof BrigadeError)) throw error;
    return { arn };
  }
}
