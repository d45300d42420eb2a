import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { readBucketNotifications } from './bucketNotifications.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { functionArns, type BucketNotification } from './notification.ts';
import {
  findOverlap,
  toNotifications,
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
  /** Ids of entries that the bucket has, and in whose place the entries are; the others are new to it. */
  readonly replaces: readonly string[];
}

/**
 * Adds entries to what a bucket notifies, or puts them in the place of others, in one write.
 * Functions are permitted to be invoked first; a permission made for nothing is rolled back.
 *
 * @throws BrigadeError `Conflict` when an entry overlaps with another, when an id is taken, or when
 *   others keep changing the bucket; `NotFound` when an entry to replace is gone; `InvalidInput`
 *   when S3 refuses it; `AccessDenied` …
 */
export async function putNotifications(
  clients: AwsClients,
  input: PutNotificationsInput,
  options: CallOptions = {},
): Promise<NotificationConfiguration> {
  const { bucket, notifications } = input;
  // What cannot be written is known before a permission is made for it.
  const current = await readNotifications(clients, bucket, options);
  requireEntries(current, input.replaces);
  wanted(current, input);
  const made: string[] = [];
  try {
    for (const arn of functionArns(notifications)) {
      if (await permitBucket(clients, { bucket, functionArn: arn }, options)) made.push(arn);
    }
    const change = (current: NotificationConfiguration) => wanted(current, input);
    const permissionIsNew = made.length > 0;
    return await changeNotifications(clients, { bucket, change, permissionIsNew }, options);
  } catch (error) {
    await rollBack(clients, bucket, made);
    throw error;
  }
}

function requireEntries(current: NotificationConfiguration, ids: readonly string[]): void {
  const missing = ids.find(wantedId => !toNotifications(current).some(({ id }) => id === wantedId));
  if (missing === undefined) return;
  throw new BrigadeError('NotFound', 'There is no such event notification', { subject: missing });
}

function wanted(
  current: NotificationConfiguration,
  { bucket, notifications, replaces }: PutNotificationsInput,
): NotificationConfiguration {
  const subject = formatS3Uri({ bucket });
  const staying = notifications.map(({ id }) => id);
  requireEntries(
    current,
    replaces.filter(id => staying.includes(id)),
  );
  // Those that change are taken out first: two of them may change places.
  const others = [...replaces, ...staying].reduce(withoutNotification, current);
  let next = replaces.filter(id => !staying.includes(id)).reduce(withoutNotification, current);
  for (const [index, notification] of notifications.entries()) {
    const old = toNotifications(current).find(({ id }) => id === notification.id);
    const isNew = !replaces.includes(notification.id);
    if (isNew && old && !sameNotification(old, notification)) {
      const sentence = `There is another event notification ${notification.id}`;
      throw new BrigadeError('Conflict', sentence, {
        subject,
        problem: { kind: 'notificationExists', id: notification.id },
      });
    }
    const before = notifications.slice(0, index).reduce(withNotification, others);
    const overlap = findOverlap(before, notification);
    if (overlap) {
      const sentence = `The event notification would overlap with ${overlap.id}`;
      throw new BrigadeError('Conflict', sentence, {
        subject,
        problem: { kind: 'notificationOverlaps', id: overlap.id },
      });
    }
    next = withNotification(next, notification);
  }
  if (toNotifications(next).length > MAX_NOTIFICATIONS) {
    const sentence = `A bucket can have ${MAX_NOTIFICATIONS} event notifications at most`;
    throw new BrigadeError('Conflict', sentence, {
      subject,
      problem: { kind: 'manyNotifications', max: MAX_NOTIFICATIONS },
    });
  }
  return next;
}

/**
 * A write that was cut off may have been carried out: then the function needs its permission. What
 * this meets itself is not said, for the user must read why it came to it.
 */
async function rollBack(clients: AwsClients, bucket: string, made: readonly string[]) {
  for (const functionArn of made) {
    await removeUnusedPermission(clients, { bucket, functionArn }).catch(() => undefined);
  }
}

/**
 * Takes a bucket's permission to invoke a function back, unless an entry of the bucket needs it.
 *
 * @returns whether it was rolled back
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
