/**
 * One entry of a bucket's event notifications, whatever it notifies. Nothing here loads the AWS SDK.
 * A prefix or suffix is text of keys as they are; how S3 writes it down is `eventKey.ts`'s.
 */
export interface BucketNotification {
  /** Unique within the bucket; empty only where the service left it out. */
  readonly id: string;
  readonly destination: NotificationDestination;
  /** `s3:ObjectCreated:*` … */
  readonly events: readonly string[];
  /** Empty for every key. */
  readonly prefix: string;
  /** Empty for every key. Case-sensitive: `.JPG` is not `.jpg`. */
  readonly suffix: string;
}

export interface NotificationDestination {
  readonly kind: DestinationKind;
  readonly arn: string;
}

export type DestinationKind = 'lambda' | 'queue' | 'topic';

/** The functions that entries invoke, each once, as they name them. */
export function functionArns(notifications: readonly BucketNotification[]): string[] {
  const destinations = notifications.map(({ destination }) => destination);
  return [...new Set(destinations.flatMap(({ kind, arn }) => (kind === 'lambda' ? [arn] : [])))];
}

/** What two entries may not share (Amazon S3 user guide, "Filtering by object key name"). */
type Scope = Pick<BucketNotification, 'events' | 'prefix' | 'suffix'>;

/**
 * Whether S3 refuses two entries beside each other: they have an event in common, and there is a
 * key that both would match. The destinations do not matter.
 */
export function overlaps(one: Scope, other: Scope): boolean {
  return (
    one.events.some(event => other.events.some(another => eventsMeet(event, another))) &&
    affixesMeet(one, other)
  );
}

/** Whether a kind of event is another or holds it: `s3:ObjectCreated:*` holds `…:Put`. */
function eventsMeet(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

/** Whether everything that `event` tells of, `wide` tells of too. */
export function covers(wide: string, event: string): boolean {
  return wide === event || (wide.endsWith(':*') && event.startsWith(wide.slice(0, -1)));
}

/** S3's rule: prefixes overlap when one begins with the other, suffixes when one ends with it. */
function affixesMeet(one: Omit<Scope, 'events'>, other: Omit<Scope, 'events'>): boolean {
  return (
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}

/** What a destination writes, as far as it is known: an unknown prefix or suffix is empty. */
export interface WrittenKeys {
  readonly bucket: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/**
 * Whether what a destination writes causes the event that invokes it: an endless loop. Such a
 * loop is paid for by the request, and Lambda stops it only after some sixteen rounds (AWS Lambda
 * developer guide, "Use Lambda recursive loop detection").
 */
export function causesLoop(
  source: { readonly bucket: string } & Scope,
  { bucket, prefix = '', suffix = '' }: WrittenKeys,
): boolean {
  return (
    source.bucket === bucket &&
    source.events.some(event => eventsMeet(event, 's3:ObjectCreated:*')) &&
    affixesMeet(source, { prefix, suffix })
  );
}
