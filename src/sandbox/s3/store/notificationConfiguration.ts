/** What receives the events of a rule. */
export type DestinationKind = 'lambda' | 'queue' | 'topic';

/** One rule of a bucket: which events of which keys go where. */
export interface NotificationRule {
  readonly id: string;
  readonly kind: DestinationKind;
  readonly arn: string;
  /** As they were configured, e.g. `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** Undefined when the rule came without a Filter; then it is for every key. */
  readonly filter: readonly FilterRule[] | undefined;
}

export interface FilterRule {
  readonly name: 'Prefix' | 'Suffix';
  /** In the form in which events tell keys: a space is `+`, other special characters are encoded. */
  readonly value: string;
}

/** The whole of a bucket's configuration, which is replaced at once. */
export interface NotificationConfiguration {
  readonly rules: readonly NotificationRule[];
  /** Whether Amazon EventBridge gets every event too. */
  readonly eventBridge: boolean;
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  ObjectCreated: ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['Delete', 'DeleteMarkerCreated'],
  ObjectRestore: ['Post', 'Completed', 'Delete'],
  ObjectTagging: ['Put', 'Delete'],
  ObjectAnnotation: ['Put', 'Delete'],
  LifecycleExpiration: ['Delete', 'DeleteMarkerCreated'],
  Replication: [
    'OperationFailedReplication',
    'OperationNotTracked',
    'OperationMissedThreshold',
    'OperationReplicatedAfterThreshold',
  ],
};
const SINGLE = [
  's3:ReducedRedundancyLostObject',
  's3:LifecycleTransition',
  's3:IntelligentTiering',
  's3:ObjectAcl:Put',
  's3:ObjectRetention:Put',
];

/** The events that a configuration may name, from the S3 service model. */
export const EVENTS: ReadonlySet<string> = new Set([
  ...Object.entries(GROUPS).flatMap(([group, kinds]) =>
    ['*', ...kinds].map(kind => `s3:${group}:${kind}`),
  ),
  ...SINGLE,
]);

/** Whether a configured event, which may end in `*`, is or includes another one. */
export function covers(configured: string, event: string): boolean {
  if (configured === event) return true;
  return configured.endsWith(':*') && event.startsWith(configured.slice(0, -1));
}

/** The value of a rule's filter; empty when it has none, which every key begins and ends with. */
export function filterValue(rule: NotificationRule, name: FilterRule['name']): string {
  return rule.filter?.find(each => each.name === name)?.value ?? '';
}

/**
 * Whether a rule wants an event.
 * @param event e.g. `s3:ObjectCreated:Put`
 * @param encodedKey the key as events tell it; filters are compared with that, case and all.
 */
export function wants(rule: NotificationRule, event: string, encodedKey: string): boolean {
  return (
    rule.events.some(configured => covers(configured, event)) &&
    encodedKey.startsWith(filterValue(rule, 'Prefix')) &&
    encodedKey.endsWith(filterValue(rule, 'Suffix'))
  );
}
