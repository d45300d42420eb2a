import type {
  Event,
  FilterRule,
  LambdaFunctionConfiguration,
  NotificationConfiguration,
  QueueConfiguration,
  TopicConfiguration,
} from '@aws-sdk/client-s3';
import { overlaps, type BucketNotification } from './notification.ts';
import { decodeEventKey, encodeEventKey } from './eventKey.ts';

/** An entry as the SDK gives it, with the list it is of. */
type Item =
  | { readonly kind: 'lambda'; readonly entry: LambdaFunctionConfiguration }
  | { readonly kind: 'queue'; readonly entry: QueueConfiguration }
  | { readonly kind: 'topic'; readonly entry: TopicConfiguration };

/** Every entry of a bucket's configuration, Lambda functions first, in S3's order. */
export function toNotifications(configuration: NotificationConfiguration): BucketNotification[] {
  return itemsOf(configuration).map(notificationOf);
}

/** Whether the bucket sends its events to Amazon EventBridge. */
export function hasEventBridge(configuration: NotificationConfiguration): boolean {
  return configuration.EventBridgeConfiguration !== undefined;
}

/**
 * The entry that S3 would refuse a candidate for. One with the candidate's own id does not count:
 * it is the one that the candidate replaces.
 */
export function findOverlap(
  configuration: NotificationConfiguration,
  candidate: BucketNotification,
): BucketNotification | undefined {
  return toNotifications(configuration).find(
    other => other.id !== candidate.id && overlaps(other, candidate),
  );
}

/**
 * The configuration with an entry added, or put in the place of the one with its id. Everything else
 * stays. If the entry is there as it should be, the configuration itself is returned.
 */
export function withNotification(
  current: NotificationConfiguration,
  notification: BucketNotification,
): NotificationConfiguration {
  const items = itemsOf(current);
  const at = items.findIndex(({ entry }) => entry.Id === notification.id);
  const old = items[at];
  if (old && sameNotification(notificationOf(old), notification)) return current;
  const item = itemFor(notification);
  return withItems(current, old ? items.with(at, item) : [...items, item]);
}

/** The configuration without the entry of an id; itself if it has none. */
export function withoutNotification(
  current: NotificationConfiguration,
  id: string,
): NotificationConfiguration {
  const items = itemsOf(current);
  const rest = items.filter(({ entry }) => entry.Id !== id);
  return rest.length === items.length ? current : withItems(current, rest);
}

/** The configuration with EventBridge on or off; itself if it is so already. */
export function withEventBridge(
  current: NotificationConfiguration,
  on: boolean,
): NotificationConfiguration {
  if (hasEventBridge(current) === on) return current;
  return { ...current, EventBridgeConfiguration: on ? {} : undefined };
}

/** Whether a configuration has no entry that another has not: a change to it only removes. */
export function onlyRemoves(
  before: NotificationConfiguration,
  after: NotificationConfiguration,
): boolean {
  const old = toNotifications(before);
  return toNotifications(after).every(entry => old.some(other => sameNotification(entry, other)));
}

/** Whether two entries say the same; their events have no order. */
export function sameNotification(one: BucketNotification, other: BucketNotification): boolean {
  return factsOf(one) === factsOf(other);
}

/**
 * Whether two configurations say the same. S3 promises no order, and it writes the names of filter
 * rules with a capital whatever was sent.
 */
export function sameConfiguration(
  one: NotificationConfiguration,
  other: NotificationConfiguration,
): boolean {
  const text = (configuration: NotificationConfiguration): string =>
    JSON.stringify([
      hasEventBridge(configuration),
      ...itemsOf(configuration)
        .map(item => factsOf(notificationOf(item)) + String(filterValues(item)))
        .sort(),
    ]);
  return text(one) === text(other);
}

function factsOf({ id, destination, events, prefix, suffix }: BucketNotification): string {
  const { kind, arn } = destination;
  return JSON.stringify([id, kind, arn, [...events].sort(), prefix, suffix]);
}

function itemsOf(configuration: NotificationConfiguration): Item[] {
  const { LambdaFunctionConfigurations: functions = [] } = configuration;
  const { QueueConfigurations: queues = [], TopicConfigurations: topics = [] } = configuration;
  return [
    ...functions.map(entry => ({ kind: 'lambda' as const, entry })),
    ...queues.map(entry => ({ kind: 'queue' as const, entry })),
    ...topics.map(entry => ({ kind: 'topic' as const, entry })),
  ];
}

/** A list that is empty is left out, as S3 leaves it out. */
function withItems(
  current: NotificationConfiguration,
  items: readonly Item[],
): NotificationConfiguration {
  const functions = items.flatMap(({ kind, entry }) => (kind === 'lambda' ? [entry] : []));
  const queues = items.flatMap(({ kind, entry }) => (kind === 'queue' ? [entry] : []));
  const topics = items.flatMap(({ kind, entry }) => (kind === 'topic' ? [entry] : []));
  const next: NotificationConfiguration = { ...current };
  delete next.LambdaFunctionConfigurations;
  delete next.QueueConfigurations;
  delete next.TopicConfigurations;
  return {
    ...next,
    ...(functions.length > 0 && { LambdaFunctionConfigurations: functions }),
    ...(queues.length > 0 && { QueueConfigurations: queues }),
    ...(topics.length > 0 && { TopicConfigurations: topics }),
  };
}

function notificationOf(item: Item): BucketNotification {
  return {
    id: item.entry.Id ?? '',
    destination: { kind: item.kind, arn: arnOf(item) },
    events: item.entry.Events ?? [],
    prefix: decodeEventKey(filterValue(item, 'prefix')),
    suffix: decodeEventKey(filterValue(item, 'suffix')),
  };
}

function arnOf({ kind, entry }: Item): string {
  switch (kind) {
    case 'lambda':
      return entry.LambdaFunctionArn ?? '';
    case 'queue':
      return entry.QueueArn ?? '';
    case 'topic':
      return entry.TopicArn ?? '';
  }
}

function filterValue({ entry }: Item, name: 'prefix' | 'suffix'): string {
  const rules = entry.Filter?.Key?.FilterRules ?? [];
  return rules.find(rule => rule.Name?.toLowerCase() === name)?.Value ?? '';
}

/** As they are written: two that mean the same text may not be the same to S3. */
function filterValues(item: Item): string[] {
  return [filterValue(item, 'prefix'), filterValue(item, 'suffix')];
}

function itemFor({ id, destination, events, prefix, suffix }: BucketNotification): Item {
  const rules: FilterRule[] = [];
  if (prefix !== '') rules.push({ Name: 'prefix', Value: encodeEventKey(prefix) });
  if (suffix !== '') rules.push({ Name: 'suffix', Value: encodeEventKey(suffix) });
  const entry = {
    Id: id,
    // A bucket may name events that are newer than the SDK's enumeration.
    Events: [...events] as Event[],
    ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
  };
  const { kind, arn } = destination;
  switch (kind) {
    case 'lambda':
      return { kind, entry: { ...entry, LambdaFunctionArn: arn } };
    case 'queue':
      return { kind, entry: { ...entry, QueueArn: arn } };
    case 'topic':
      return { kind, entry: { ...entry, TopicArn: arn } };
  }
}
