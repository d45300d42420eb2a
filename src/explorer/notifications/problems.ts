import { l10n } from 'vscode';
import { overlaps, type BucketNotification } from '../../aws/notifications/notification.ts';
import {
  clashingSuffixes,
  isFilterTooLong,
  MAX_FILTER_BYTES,
  MAX_NOTIFICATIONS,
} from '../../aws/notifications/notificationRules.ts';
import { visible } from '../../vscode/visibleText.ts';
import { destinationName, summary } from './notificationText.ts';

/** What S3 would refuse of a prefix or suffix, or read in another way than it looks. */
export function filterProblem(text: string): string | undefined {
  if (text.includes('*')) {
    return l10n.t('S3 knows no wildcards here: leave the * away.');
  }
  if (isFilterTooLong(text)) {
    return l10n.t('Longer than the {0} bytes that S3 takes, encoded.', MAX_FILTER_BYTES);
  }
  return undefined;
}

type Scope = Pick<BucketNotification, 'events' | 'prefix'>;

/**
 * What S3 would refuse of new entries with these suffixes.
 *
 * @param others the entries that the bucket keeps
 */
export function suffixesProblem(
  suffixes: readonly string[],
  scope: Scope,
  others: readonly BucketNotification[],
): string | undefined {
  const wrong = suffixes.map(filterProblem).find(problem => problem !== undefined);
  if (wrong !== undefined) return wrong;
  const clash = clashingSuffixes(suffixes);
  if (clash) {
    const [one, other] = clash;
    const names = [visible(one), visible(other)];
    return l10n.t('Of {0} and {1} one ends with the other: S3 takes only one.', ...names);
  }
  if (others.length + Math.max(suffixes.length, 1) > MAX_NOTIFICATIONS) {
    return l10n.t('A bucket can have {0} event notifications at most.', MAX_NOTIFICATIONS);
  }
  for (const suffix of suffixes.length === 0 ? [''] : suffixes) {
    const other = others.find(one => overlaps(one, { ...scope, suffix }));
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
