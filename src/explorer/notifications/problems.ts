import { l10n } from 'vscode';
import { overlaps, type BucketNotification } from '../../aws/notifications/notification.ts';
import {
  isFilterTooLong,
  MAX_FILTER_BYTES,
  MAX_NOTIFICATIONS,
} from '../../aws/notifications/notificationRules.ts';
import { EVERY_KEY, type KeyFilter } from './draft.ts';
import { destinationName, keyPattern, summary } from './notificationText.ts';

function textProblem(text: string): string | undefined {
  if (text.includes('*')) {
    return l10n.t("S3 doesn't support wildcards within a prefix or suffix.");
  }
  if (isFilterTooLong(text)) {
    return l10n.t('Longer than the {0} bytes that S3 allows, encoded.', MAX_FILTER_BYTES);
  }
  return undefined;
}

/**
 * What S3 would refuse of new entries with these filters.
 *
 * @param others the entries that the bucket keeps
 */
export function filtersProblem(
  filters: readonly KeyFilter[],
  events: readonly string[],
  others: readonly BucketNotification[],
): string | undefined {
  const texts = filters.flatMap(({ prefix, suffix }) => [prefix, suffix]);
  const wrong = texts.map(textProblem).find(problem => problem !== undefined);
  if (wrong !== undefined) return wrong;
  const scopes = (filters.length === 0 ? [EVERY_KEY] : filters).map(each => ({ ...each, events }));
  if (others.length + scopes.length > MAX_NOTIFICATIONS) {
    return l10n.t('A bucket can have {0} event notifications at most.', MAX_NOTIFICATIONS);
  }
  for (const [index, scope] of scopes.entries()) {
    const clash = scopes.slice(index + 1).find(each => overlaps(scope, each));
    if (clash) {
      const names = [keyPattern(scope), keyPattern(clash)];
      return l10n.t('{0} and {1} overlap: a key could match both.', ...names);
    }
    const other = others.find(one => overlaps(one, scope));
    if (other) return overlapText(other);
  }
  return undefined;
}

/** Says which entry is in the way. */
export function overlapText(other: BucketNotification): string {
  return l10n.t(
    'S3 sends an event to one destination only. This overlaps with {0}: {1}',
    destinationName(other),
    summary(other),
  );
}
