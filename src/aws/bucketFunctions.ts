import { call, type CallOptions } from './call.ts';
import type { AwsClients } from './clients.ts';
import { BrigadeError } from './errors.ts';
import { isDeployedFor, type BucketFunction } from './bucketFunction.ts';
import { getFunction } from './functions.ts';
import type { BucketNotification } from './notification.ts';
import { listed } from './notificationConfiguration.ts';
import { readNotifications } from './notifications.ts';

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
  const client = await call(bucket, options, () => clients.s3ForBucket(bucket, options.signal));
  const entries = listed(await readNotifications(client, bucket, options)).filter(
    ({ destination }) => destination.kind === 'lambda',
  );
  const byArn = Map.groupBy(entries, ({ destination }) => destination.arn);
  const found = await Promise.all(
    [...byArn].map(([arn, notifications]) => readOne(clients, arn, notifications, options)),
  );
  return found
    .flatMap(one => one ?? [])
    .sort((a, b) => Number(isDeployedFor(b, bucket)) - Number(isDeployedFor(a, bucket)));
}

async function readOne(
  clients: AwsClients,
  arn: string,
  notifications: readonly BucketNotification[],
  options: CallOptions,
): Promise<BucketFunction | undefined> {
  const region = regionOfFunction(arn) ?? clients.region;
  try {
    const details = await getFunction(clients, { functionName: arn, region }, options);
    return { ...details, region, notifications };
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:name`. */
function regionOfFunction(arn: string): string | undefined {
  return /^arn:[^:]+:lambda:([^:]+):/.exec(arn)?.[1];
}
