import { randomUUID } from 'node:crypto';
import type { XmlElement } from '../../xml.ts';
import { childOf, childText, childrenOf, element, malformedXml, textElement } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { invalidArgument } from '../errors.ts';
import type {
  DestinationKind,
  FilterRule,
  NotificationConfiguration,
  NotificationRule,
} from '../store/notificationConfiguration.ts';

/** The elements of the wire, which still has the names of Lambda's first days. */
const DESTINATIONS: Readonly<Record<DestinationKind, { configuration: string; arn: string }>> = {
  topic: { configuration: 'TopicConfiguration', arn: 'Topic' },
  queue: { configuration: 'QueueConfiguration', arn: 'Queue' },
  lambda: { configuration: 'CloudFunctionConfiguration', arn: 'CloudFunction' },
};
const KINDS = Object.keys(DESTINATIONS) as DestinationKind[];
const EVENT_BRIDGE = 'EventBridgeConfiguration';

const RULE: XmlShape = {
  Id: 'text',
  'Event*': 'text',
  Filter: { S3Key: { 'FilterRule*': { Name: 'text', Value: 'text' } } },
};
/** What a `<NotificationConfiguration>` document holds. */
export const NOTIFICATIONS: XmlShape = {
  [EVENT_BRIDGE]: {},
  ...Object.fromEntries(
    Object.values(DESTINATIONS).map(({ configuration, arn }) => [
      `${configuration}*`,
      { ...RULE, [arn]: 'text' as const },
    ]),
  ),
};

/**
 * Reads the body of PutBucketNotificationConfiguration. What it says is checked by `checkRules`.
 * @throws AwsError MalformedXML, InvalidArgument for the name of a filter rule.
 */
export function parseNotifications(root: XmlElement): NotificationConfiguration {
  const rules = KINDS.flatMap(kind =>
    childrenOf(root, DESTINATIONS[kind].configuration).map(each => parseRule(each, kind)),
  );
  return { rules, eventBridge: childOf(root, EVENT_BRIDGE) !== undefined };
}

function parseRule(configuration: XmlElement, kind: DestinationKind): NotificationRule {
  const name = DESTINATIONS[kind].arn;
  const arn = childText(configuration, name);
  const events = childrenOf(configuration, 'Event').map(event => event.text);
  if (arn === undefined || events.length === 0) throw malformedXml();
  return {
    id: childText(configuration, 'Id') || newId(),
    kind,
    arn,
    events,
    filter: parseFilter(childOf(configuration, 'Filter')),
  };
}

/** AWS's own ids are UUIDs in Base64. */
function newId(): string {
  return Buffer.from(randomUUID()).toString('base64');
}

function parseFilter(filter: XmlElement | undefined): FilterRule[] | undefined {
  if (filter === undefined) return undefined;
  return childrenOf(childOf(filter, 'S3Key'), 'FilterRule').map(parseFilterRule);
}

function parseFilterRule(rule: XmlElement): FilterRule {
  const [name, value] = [childText(rule, 'Name'), childText(rule, 'Value')];
  if (name === undefined || value === undefined) throw malformedXml();
  // Taken in any case, given back with a capital, as S3 does.
  if (name.toLowerCase() === 'prefix') return { name: 'Prefix', value };
  if (name.toLowerCase() === 'suffix') return { name: 'Suffix', value };
  throw invalidArgument(
    'filter rule name must be either prefix or suffix',
    'FilterRule.Name',
    name,
  );
}

/** The children of the answer to GetBucketNotificationConfiguration. */
export function renderNotifications({ rules, eventBridge }: NotificationConfiguration): string[] {
  const bridge = eventBridge ? [`<${EVENT_BRIDGE}/>`] : [];
  return [...rules.map(renderRule), ...bridge];
}

function renderRule({ id, kind, arn, events, filter }: NotificationRule): string {
  const { configuration, arn: name } = DESTINATIONS[kind];
  return element(
    configuration,
    textElement('Id', id),
    textElement(name, arn),
    ...events.map(event => textElement('Event', event)),
    filter === undefined
      ? ''
      : element('Filter', element('S3Key', ...filter.map(renderFilterRule))),
  );
}

function renderFilterRule({ name, value }: FilterRule): string {
  return element('FilterRule', textElement('Name', name), textElement('Value', value));
}
