import { covers, type BucketNotification } from '../notifications/notification.ts';

/** Why S3 sends no event for a new object by an event notification. */
export type Mismatch = 'event' | 'prefix' | 'suffix' | 'prefixAndSuffix';

export interface MatchedNotification {
  readonly notification: BucketNotification;
  /** Undefined: S3 sends the event. */
  readonly mismatch?: Mismatch;
  /** It sends for one way of writing an object, and nobody can say now which way it was. */
  readonly isConditional: boolean;
}

const ONE_REQUEST = ['s3:ObjectCreated:Put', 's3:ObjectCreated:Post', 's3:ObjectCreated:Copy'];
const IN_PARTS = ['s3:ObjectCreated:CompleteMultipartUpload'];

/**
 * Which event notifications S3 sends for a new object, those that send first. An ETag that ends in a
 * number of parts is of a multipart upload; for any other it can't be known whether the object was put,
 * posted or copied.
 */
export function matchNotifications(
  notifications: readonly BucketNotification[],
  { key, eTag }: { readonly key: string; readonly eTag?: string },
): MatchedNotification[] {
  const happened = isInParts(eTag) ? IN_PARTS : ONE_REQUEST;
  const matched = notifications.map(notification => matchOne(notification, key, happened));
  return matched.sort((a, b) => rank(a) - rank(b));
}

/** Whether an object was uploaded in parts: its ETag ends with their number. */
export function isInParts(eTag: string | undefined): boolean {
  return /-\d+$/.test(eTag ?? '');
}

function matchOne(
  notification: BucketNotification,
  key: string,
  happened: readonly string[],
): MatchedNotification {
  const { events, prefix, suffix } = notification;
  const heard = happened.filter(each => events.some(event => covers(event, each)));
  const isConditional = heard.length > 0 && heard.length < happened.length;
  if (heard.length === 0) return { notification, mismatch: 'event', isConditional };
  const [begins, ends] = [key.startsWith(prefix), key.endsWith(suffix)];
  if (begins && ends) return { notification, isConditional };
  const mismatch = begins ? 'suffix' : ends ? 'prefix' : 'prefixAndSuffix';
  return { notification, mismatch, isConditional };
}

/** Functions first among those that send: what they do can be followed. */
function rank({ notification, mismatch, isConditional }: MatchedNotification): number {
  const order = [mismatch !== undefined, isConditional, notification.destination.kind !== 'lambda'];
  return order.reduce((sum, isLater) => sum * 2 + Number(isLater), 0);
}
