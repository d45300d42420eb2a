import { l10n } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import { eventLabel } from '../../vscode/eventText.ts';
import { visible } from '../../vscode/visibleText.ts';
import { keyPattern } from './notificationText.ts';

/** `All object create events, Delete marker created`, as the console calls them. */
export function eventNames(events: readonly string[]): string {
  return events.map(eventLabel).join(', ');
}

/** `All object create events (s3:ObjectCreated:*)`, for a tooltip. */
export function eventFacts(events: readonly string[]): string {
  return events.map(event => `${eventLabel(event)} (${visible(event)})`).join(', ');
}

/** Patterns that are written out; a row is one line. */
const MAX_PATTERNS = 3;

/** Entries in a line, what differs most first: `photos/*.jpg, *.png · All object create events`. */
export function summary(first: BucketNotification, ...others: BucketNotification[]): string {
  const all = [first, ...others];
  const isEvery = all.some(({ prefix, suffix }) => prefix === '' && suffix === '');
  const patterns = all.slice(0, MAX_PATTERNS).map(keyPattern).join(', ');
  const rest = all.length - MAX_PATTERNS;
  const keys = rest > 0 ? l10n.t('{0} and {1} more', patterns, rest) : patterns;
  return `${isEvery ? l10n.t('all objects') : keys} · ${eventNames(first.events)}`;
}
