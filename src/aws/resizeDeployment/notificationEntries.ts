import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { BucketNotification } from '../notifications/notification.ts';
import {
  toNotifications,
  sameNotification,
  withNotification,
  withoutNotification,
} from '../notifications/notificationConfiguration.ts';
import type { DeploymentTarget } from './target.ts';

/** Every way in which an object can be made: multipart uploads are no `Put`. */
const EVENTS: readonly string[] = ['s3:ObjectCreated:*'];

/** What the ids of a deployment’s entries begin with. */
export const ID_PREFIX = 'bucket-brigade-resize-';

/** The entries that a deployment must have: one for each suffix. */
export function wantedEntries(
  { prefix, suffixes }: Pick<DeploymentTarget, 'prefix' | 'suffixes'>,
  functionArn: string,
): BucketNotification[] {
  const all = suffixes.length === 0 ? [''] : suffixes;
  return all.map(suffix => ({
    id: entryId(suffix),
    destination: { kind: 'lambda', arn: functionArn },
    events: EVENTS,
    prefix,
    suffix,
  }));
}

/** The id of a deployment's entry. */
export function entryId(suffix: string): string {
  return ID_PREFIX + idOf(suffix);
}

/** Whether an entry of a bucket was made by a deployment. */
export function isOurs({ id, destination }: BucketNotification): boolean {
  return destination.kind === 'lambda' && id.startsWith(ID_PREFIX);
}

/** The entries of a deployment that a bucket has now. */
export function ourEntries(configuration: NotificationConfiguration): BucketNotification[] {
  return toNotifications(configuration).filter(isOurs);
}

/** The configuration with these as the only entries of ours; itself if it has them already. */
export function withEntries(
  current: NotificationConfiguration,
  wanted: readonly BucketNotification[],
): NotificationConfiguration {
  const stale = ourEntries(current).filter(({ id }) => !wanted.some(entry => entry.id === id));
  const rest = stale.reduce((next, { id }) => withoutNotification(next, id), current);
  return wanted.reduce(withNotification, rest);
}

/** Whether two lists of entries say the same, in any order. */
export function sameEntries(
  some: readonly BucketNotification[],
  others: readonly BucketNotification[],
): boolean {
  return (
    some.length === others.length &&
    some.every(entry => others.some(other => sameNotification(entry, other)))
  );
}

/** `jpg` for `.jpg`, `all` for every object, else the suffix's UTF-8 in hexadecimal. */
function idOf(suffix: string): string {
  const plain = /^\.([A-Za-z0-9]{1,20})$/.exec(suffix)?.[1];
  if (plain !== undefined) return plain;
  return suffix === '' ? 'all' : `x-${Buffer.from(suffix).toString('hex').slice(0, 200)}`;
}
