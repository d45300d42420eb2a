import { isDeployedFor, type BucketFunction } from './bucketFunction.ts';
import { readBucketNotifications } from './bucketNotifications.ts';
import { unless, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionRegion } from '../functions/functionArn.ts';
import { getFunction } from '../functions/functions.ts';
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

async function readOne(
  clients: AwsClients,
  arn: string,
  all: readonly BucketNotification[],
  options: CallOptions,
): Promise<BucketFunction | undefined> {
  const region = functionRegion(arn) ?? clients.region;
  const details = await unless(['NotFound'], undefined, () =>
    getFunction(clients, { functionName: arn, region }, options),
  );
  const notifications = all.filter(({ destination }) => destination.arn === arn);
  return details && { ...details, region, notifications };
}
