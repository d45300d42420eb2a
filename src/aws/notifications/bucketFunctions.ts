import { isDeployedFor, type BucketFunction } from './bucketFunction.ts';
import { readBucketNotifications } from './bucketNotifications.ts';
import { isCancelled } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionRegion } from '../functionArn.ts';
import { getFunction, getFunctionConfiguration } from '../functions/functions.ts';
import { functionArns, type BucketNotification } from './notification.ts';

/**
 * The functions that a bucket's event notifications invoke; one that was deleted meanwhile is left
 * out. Those that this extension deployed for the bucket come first.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketNotification, lambda:GetFunction) …
 */
export async function readBucketFunctions(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<BucketFunction[]> {
  const { notifications } = await readBucketNotifications(clients, bucket, options);
  const found = await Promise.all(
    functionArns(notifications).map(arn => readOne(clients, arn, notifications, options)),
  );
  return found
    .flatMap(one => one ?? [])
    .sort((a, b) => Number(isDeployedFor(b, bucket)) - Number(isDeployedFor(a, bucket)));
}

/**
 * The ARNs of functions that entries name and that were deleted. What can't be asked (a permission is
 * missing, Lambda is out of reach) is not said to be gone.
 *
 * @throws BrigadeError `Cancelled`
 */
export async function findDeletedFunctions(
  clients: AwsClients,
  notifications: readonly BucketNotification[],
  options: CallOptions = {},
): Promise<ReadonlySet<string>> {
  const isDeleted = async (arn: string): Promise<boolean> => {
    const region = functionRegion(arn);
    try {
      await getFunctionConfiguration(clients, { functionName: arn, region }, options);
    } catch (error) {
      if (isCancelled(error)) throw error;
      return toBrigadeError(error, arn).code === 'NotFound';
    }
    return false;
  };
  const arns = functionArns(notifications);
  const deleted = await Promise.all(arns.map(isDeleted));
  return new Set(arns.filter((_, index) => deleted[index]));
}

async function readOne(
  clients: AwsClients,
  arn: string,
  all: readonly BucketNotification[],
  options: CallOptions,
): Promise<BucketFunction | undefined> {
  const region = functionRegion(arn) ?? clients.region;
  const details = await recoverFrom(['NotFound'], undefined, () =>
    getFunction(clients, { functionName: arn, region }, options),
  );
  const notifications = all.filter(({ destination }) => destination.arn === arn);
  return details && { ...details, region, notifications };
}
