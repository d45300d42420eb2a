import type { FunctionDetails } from '../functions/functions.ts';
import { covers, type BucketNotification } from './notification.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';

/** A function that a bucket's event notifications invoke. Nothing here loads the AWS SDK. */
export interface BucketFunction extends FunctionDetails {
  readonly region: string;
  /** The entries that invoke it. */
  readonly notifications: readonly BucketNotification[];
}

/** Whether this extension deployed a function for a bucket, by its tag. */
export function isDeployedFor({ tags }: Pick<FunctionDetails, 'tags'>, bucket: string): boolean {
  return tags?.[DEPLOYMENT_TAG] === bucket;
}

/** Whether a new object of that key invokes a function. */
export function isInvokedFor(
  { notifications }: Pick<BucketFunction, 'notifications'>,
  key: string,
): boolean {
  return notifications.some(
    ({ events, prefix, suffix }) =>
      events.some(event => covers(event, 's3:ObjectCreated:Put')) &&
      key.startsWith(prefix) &&
      key.endsWith(suffix),
  );
}
