import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { BucketNotification } from './notification.ts';
import { hasEventBridge, toNotifications } from './notificationConfiguration.ts';
import { readNotifications } from './notifications.ts';

/** What a bucket tells whom. */
export interface BucketNotifications {
  readonly notifications: readonly BucketNotification[];
  /** Whether it sends all its events to Amazon EventBridge. */
  readonly eventBridge: boolean;
}

/** @throws BrigadeError `AccessDenied` (s3:GetBucketNotification), `NotFound` … */
export async function readBucketNotifications(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<BucketNotifications> {
  const configuration = await readNotifications(clients, bucket, options);
  return {
    notifications: toNotifications(configuration),
    eventBridge: hasEventBridge(configuration),
  };
}
