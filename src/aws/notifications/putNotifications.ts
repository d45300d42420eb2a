import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { readBucketNotifications } from './bucketNotifications.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { functionArns, type BucketNotification } from './notification.ts';
import {
  findOverlap,
  listed,
  sameNotification,
  withNotification,
  withoutNotification,
} from './notificationConfiguration.ts';
import { permitBucket, removeBucketPermission } from './notificationPermission.ts';
import { MAX_NOTIFICATIONS } from './notificationRules.ts';
import { changeNotifications, readNotifications } from './notifications.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface PutNotificationsInput {
  readonly bucket: string;
  readonly notifications: readonly BucketNotification[];
  /** `add`: their ids are new to the bucket; `change`: the bucket has entries with these ids. */
  readonly as: 'add' | 'change';
}

/**
 * Adds entries to what a bucket notifies, or changes some. Functions are permitted to be invoked
 * first; a permission made for nothing is taken back.
 *
 * @throws BrigadeError `Conflict` when an entry overlaps with another, when an id is taken, or when
 *   others keep changing the bucket; `NotFound` when an entry to change is gone; `InvalidInput` when
 *   S3 refuses it; `AccessDenied` …
 */
export async function putNotifications(
  clients: AwsClients,
  input: PutNotificationsInput,
  options: CallOptions = {},
): Promise<NotificationConfiguration> {
  const { bucket, notifications } = input;
  // What cannot be written is known before a permission is made for it.
  wanted(await readNotifications(clients, bucket, options), input);
  const made: string[] = [];
  try {
    for (const arn of functionArns(notifications)) {
      if (await permitBucket(clients, { bucket, functionArn: arn }, options)) made.push(arn);
    }
    const change = (current: NotificationConfiguration) => wanted(current, input);
    const permissionIsNew = made.length > 0;
    return await changeNotifications(clients, { bucket, change, permissionIsNew }, options);
  } catch (error) {
    await takeBack(clients, bucket, made);
    throw error;
  }
}

function wanted(
  current: NotificationConfiguration,
  { bucket, notifications, as }: PutNotificationsInput,
): NotificationConfiguration {
  const subject = formatS3Uri({ bucket });
  // Those that change are taken out first: two of them may change places.
  const others = notifications.reduce((left, { id }) => withoutNotification(left, id), current);
  let next = current;
  for (const [index, notification] of notifications.entries()) {
    const old = listed(current).find(({ id }) => id === notification.id);
    if (as === 'change' && !old) {
      throw new BrigadeError('NotFound', 'There is no such event notification', {
        subject: notification.id,
      });
    }
    if (as === 'add' && old && !sameNotification(old, notification)) {
      const sentence = `There is another event notification ${notification.id}`;
      throw new BrigadeError('Conflict', sentence, { subject });
    }
    const before = notifications.slice(0, index).reduce(withNotification, others);
    const overlap = findOverlap(before, notification);
    if (overlap) {
      const sentence = `The event notification would overlap with ${overlap.id}`;
      throw new BrigadeError('Conflict', sentence, { subject });
    }
    next = withNotification(next, notification);
  }
  if (listed(next).length > MAX_NOTIFICATIONS) {
    const sentence = `A bucket can have ${MAX_NOTIFICATIONS} event notifications at most`;
    throw new BrigadeError('Conflict', sentence, { subject });
  }
  return next;
}

/**
 * A write that was cut off may have been carried out: then the function needs its permission. What
 * this meets itself is not said, for the user must read why it came to it.
 */
async function takeBack(clients: AwsClients, bucket: string, made: readonly string[]) {
  for (const functionArn of made) {
    await removeUnusedPermission(clients, { bucket, functionArn }).catch(() => undefined);
  }
}

/**
 * Takes a bucket's permission to invoke a function back, unless an entry of the bucket needs it.
 *
 * @returns whether it was taken back
 * @throws BrigadeError `AccessDenied` (lambda:GetPolicy, lambda:RemovePermission) …
 */
export async function removeUnusedPermission(
  clients: AwsClients,
  input: { readonly bucket: string; readonly functionArn: string },
  options: CallOptions = {},
): Promise<boolean> {
  const { notifications } = await readBucketNotifications(clients, input.bucket, options);
  if (functionArns(notifications).includes(input.functionArn)) return false;
  return await removeBucketPermission(clients, input, options);
}
