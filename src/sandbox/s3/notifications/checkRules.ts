import { invalidArgument } from '../errors.ts';
import type {
  DestinationKind,
  FilterRule,
  NotificationRule,
} from '../store/notificationConfiguration.ts';
import { EVENTS, covers, filterValue } from '../store/notificationConfiguration.ts';

const MAX_RULES = 100;
const MAX_ID = 255;
const MAX_FILTER_BYTES = 1024;

/** ARNs by kind, with the name that S3 gives the argument. `$LATEST` is no qualifier that S3 takes. */
const ARNS: Readonly<Record<DestinationKind, { argument: string; pattern: RegExp }>> = {
  lambda: {
    argument: 'LambdaFunctionArn',
    pattern: /^arn:aws[a-zA-Z-]*:lambda:([\w-]+):\d{12}:function:[\w-]{1,64}(?::[\w-]{1,128})?$/,
  },
  queue: {
    argument: 'QueueArn',
    pattern: /^arn:aws[a-zA-Z-]*:sqs:([\w-]+):\d{12}:[\w-]{1,80}(?:\.fifo)?$/,
  },
  topic: {
    argument: 'TopicArn',
    pattern: /^arn:aws[a-zA-Z-]*:sns:([\w-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?$/,
  },
};

/**
 * Checks what can be said of a configuration without asking its destinations.
 * @param region the bucket's, which the destinations must be in.
 * @throws AwsError InvalidArgument in S3's words
 */
export function checkRules(rules: readonly NotificationRule[], region: string): void {
  if (rules.length > MAX_RULES) {
    throw invalidArgument(
      `A bucket can have at most ${MAX_RULES} notification configurations.`,
      'NotificationConfiguration',
      String(rules.length),
    );
  }
  for (const rule of rules) {
    checkDestination(rule, region);
    checkEvents(rule);
    checkFilter(rule.filter ?? []);
  }
  checkIds(rules);
  checkOverlaps(rules);
}

function checkDestination({ kind, arn }: NotificationRule, region: string): void {
  const { argument, pattern } = ARNS[kind];
  const found = pattern.exec(arn);
  if (!found) throw invalidArgument('The ARN could not be parsed', argument, arn);
  if (found[1] !== region) {
    throw invalidArgument(
      'The notification destination service region is not valid for the bucket location constraint',
      argument,
      arn,
    );
  }
  if (arn.endsWith('.fifo')) {
    const what = kind === 'queue' ? 'SQS queues' : 'SNS topics';
    throw invalidArgument(`FIFO ${what} are not supported.`, argument, arn);
  }
}

function checkEvents({ events }: NotificationRule): void {
  const unknown = events.find(event => !EVENTS.has(event));
  if (unknown !== undefined) {
    throw invalidArgument('The event is not supported for notifications', 'Event', unknown);
  }
  // Each of what there is, once: what is left to compare is short.
  const distinct = new Set(events);
  const shared = events.find((event, index) =>
    index < distinct.size
      ? events.slice(index + 1, distinct.size).some(other => sharesEvent(event, other))
      : true,
  );
  if (shared !== undefined) throw sharedEvent(shared);
}

function checkFilter(filter: readonly FilterRule[]): void {
  for (const name of ['Prefix', 'Suffix'] as const) {
    if (filter.filter(rule => rule.name === name).length < 2) continue;
    throw invalidArgument(
      `Cannot specify more than one ${name.toLowerCase()} rule in a filter.`,
      'FilterRule.Name',
      name,
    );
  }
  const long = filter.find(({ value }) => Buffer.byteLength(value) > MAX_FILTER_BYTES);
  if (long) {
    throw invalidArgument(
      `Size of filter rule value cannot exceed ${MAX_FILTER_BYTES} bytes in UTF-8 representation`,
      'FilterRule.Value',
      long.value,
    );
  }
}

function checkIds(rules: readonly NotificationRule[]): void {
  const ids = rules.map(({ id }) => id);
  const long = ids.find(id => id.length > MAX_ID);
  if (long !== undefined) {
    throw invalidArgument(`The ID must have at most ${MAX_ID} characters.`, 'Id', long);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw invalidArgument(
      'Same ID used for multiple configurations. IDs must be unique',
      'Id',
      repeated,
    );
  }
}

/**
 * Two rules, whatever their destinations, must not both want one event of one key (S3 user guide,
 * "Configuring event notifications using object key name filtering").
 */
function checkOverlaps(rules: readonly NotificationRule[]): void {
  const events = new Map(rules.map(rule => [rule, coveredBy(rule)]));
  const overlap = (one: NotificationRule, other: NotificationRule): boolean =>
    keysOverlap(one, other) && shareOne(events.get(one) ?? NONE, events.get(other) ?? NONE);
  for (const [index, rule] of rules.entries()) {
    const other = rules.slice(index + 1).find(each => overlap(rule, each));
    if (!other) continue;
    const ids = `${rule.id}, ${other.id}`;
    if (rule.filter === undefined && other.filter === undefined) throw sharedEvent(ids);
    throw invalidArgument(
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
      'NotificationConfiguration',
      ids,
    );
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The events that a rule wants, those of its `*` one by one. */
function coveredBy({ events }: NotificationRule): Set<string> {
  return new Set([...EVENTS].filter(event => events.some(each => covers(each, event))));
}

function shareOne(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const event of one) if (other.has(event)) return true;
  return false;
}

function keysOverlap(one: NotificationRule, other: NotificationRule): boolean {
  const [prefix, otherPrefix] = [filterValue(one, 'Prefix'), filterValue(other, 'Prefix')];
  const [suffix, otherSuffix] = [filterValue(one, 'Suffix'), filterValue(other, 'Suffix')];
  return (
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}

function sharesEvent(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function sharedEvent(value: string): ReturnType<typeof invalidArgument> {
  return invalidArgument(
    'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
    'NotificationConfiguration',
    value,
  );
}
