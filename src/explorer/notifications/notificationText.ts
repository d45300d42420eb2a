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

/** `photos/*.jpg`: the keys that an entry is about, the asterisk for whatever is between. */
export function keyPattern({
  prefix,
  suffix,
}: Pick<BucketNotification, 'prefix' | 'suffix'>): string {
  return `${visible(prefix)}*${visible(suffix)}`;
}
