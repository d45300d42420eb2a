import { l10n } from 'vscode';
import type { BucketNotification, DestinationKind } from '../../aws/notifications/notification.ts';
import { parseDestinationArn } from '../../aws/notifications/notificationRules.ts';
import { visible } from '../../vscode/visibleText.ts';

/** What a destination is called: a function with its alias, a queue, a topic; else its ARN. */
export function destinationName({ destination }: Pick<BucketNotification, 'destination'>): string {
  const parsed = parseDestinationArn(destination.arn);
  if (!parsed) return visible(destination.arn.split(':').at(-1) ?? destination.arn);
  return parsed.qualifier === undefined ? parsed.name : `${parsed.name}:${parsed.qualifier}`;
}

/** What a destination is. */
export function kindName(kind: DestinationKind): string {
  switch (kind) {
    case 'lambda':
      return l10n.t('Lambda function');
    case 'queue':
      return l10n.t('SQS queue');
    case 'topic':
      return l10n.t('SNS topic');
  }
}

/** `ObjectCreated:*, ObjectRemoved:Delete`, without the `s3:` that all of them begin with. */
export function eventNames(events: readonly string[]): string {
  return events.map(event => visible(event.replace(/^s3:/, ''))).join(', ');
}

/** `photos/*.jpg`: the keys that an entry is about, the asterisk for whatever is between. */
export function keyPattern({
  prefix,
  suffix,
}: Pick<BucketNotification, 'prefix' | 'suffix'>): string {
  return `${visible(prefix)}*${visible(suffix)}`;
}

/** Patterns that are written out; a row is one line. */
const MAX_PATTERNS = 3;

/** Entries in a line, what differs most first: `photos/*.jpg, *.png · ObjectCreated:*`. */
export function summary(first: BucketNotification, ...others: BucketNotification[]): string {
  const all = [first, ...others];
  const isEvery = all.some(({ prefix, suffix }) => prefix === '' && suffix === '');
  const patterns = all.slice(0, MAX_PATTERNS).map(keyPattern).join(', ');
  const rest = all.length - MAX_PATTERNS;
  const keys = rest > 0 ? l10n.t('{0} and {1} more', patterns, rest) : patterns;
  return `${isEvery ? l10n.t('all objects') : keys} · ${eventNames(first.events)}`;
}
