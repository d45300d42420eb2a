import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionName as nameOf } from '../functionArn.ts';
import { getFunction, listFunctions, type FunctionDetails } from '../functions/functions.ts';
import type { BucketNotification } from '../notifications/notification.ts';
import { readNotifications } from '../notifications/notifications.ts';
import { DESTINATION_VARIABLE } from '../resizeFunction/resizeSettings.ts';
import { orUndefined } from '../deployment/plannedStep.ts';
import { ourEntries } from './notificationEntries.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';

/** What of a bucket's deployment is there. */
export interface FoundDeployment {
  readonly region: string;
  /** Entries of ours in the bucket's notifications. */
  readonly entries: readonly BucketNotification[];
  /** The function that is tagged as this bucket's. */
  readonly function: FunctionDetails | undefined;
}

/**
 * Finds what was deployed for a bucket: by the name given, by its notifications, else among all
 * functions that write to a destination bucket.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketNotification, lambda:GetFunction) …
 */
export async function findDeployment(
  clients: AwsClients,
  { bucket, functionName }: { readonly bucket: string; readonly functionName?: string },
  options: CallOptions = {},
): Promise<FoundDeployment> {
  const region =
    (await orUndefined(clients.regionOfBucket(bucket, options.signal))) ?? clients.region;
  const entries = await entriesOf(clients, bucket, options);
  const named = functionName === undefined ? [] : [functionName];
  const told = entries.map(({ destination }) => nameOf(destination.arn));
  for (const candidate of new Set([...named, ...told])) {
    const found = await orUndefined(
      getFunction(clients, { functionName: candidate, region }, options),
    );
    if (isOf(bucket, found)) return { region, entries, function: found };
  }
  return { region, entries, function: await search(clients, bucket, region, options) };
}

function isOf(bucket: string, found: FunctionDetails | undefined): found is FunctionDetails {
  return found?.tags?.[DEPLOYMENT_TAG] === bucket;
}

/** The source bucket itself may be gone already. */
async function entriesOf(clients: AwsClients, bucket: string, options: CallOptions) {
  const configuration = await orUndefined(readNotifications(clients, bucket, options));
  return configuration === undefined ? [] : ourEntries(configuration);
}

/** A listing tells variables but no tags, so only functions that could be it are asked for theirs. */
async function search(
  clients: AwsClients,
  bucket: string,
  region: string,
  options: CallOptions,
): Promise<FunctionDetails | undefined> {
  const functions = await recoverFrom(['AccessDenied'], [], () =>
    listFunctions(clients, { region }, options),
  );
  for (const { name, environment } of functions) {
    if (!(DESTINATION_VARIABLE in environment)) continue;
    const found = await orUndefined(getFunction(clients, { functionName: name, region }, options));
    if (isOf(bucket, found)) return found;
  }
  return undefined;
}
