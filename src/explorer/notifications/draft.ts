import { l10n } from 'vscode';
import type {
  BucketNotification,
  NotificationDestination,
} from '../../aws/notifications/notification.ts';

/** Which keys an entry is about. */
export type KeyFilter = Pick<BucketNotification, 'prefix' | 'suffix'>;

/** The answers so far to what the entries are to be. */
export interface Draft {
  events?: readonly string[];
  /** Each makes an entry of its own; none for every key. */
  filters?: readonly KeyFilter[];
  destination?: NotificationDestination;
}

export type CompleteDraft = Required<Draft>;

/** What has to be known, in the order it is asked. */
export const QUESTIONS = ['events', 'filters', 'destination'] as const;
export type Question = (typeof QUESTIONS)[number];

export const EVERY_KEY: KeyFilter = { prefix: '', suffix: '' };

/** The draft, if nothing is missing. */
export function completed({ events, filters, destination }: Draft): CompleteDraft | undefined {
  if (!events || !filters || !destination) return undefined;
  return { events, filters, destination };
}

/**
 * One entry for each filter, or one for all keys.
 *
 * @param replaced entries in whose place they are: where a filter stays, its entry keeps its id
 * @param newId gives an id that no entry has
 */
export function notificationsOf(
  { filters, events, destination }: CompleteDraft,
  newId: (filter: KeyFilter) => string,
  replaced: readonly BucketNotification[] = [],
): BucketNotification[] {
  const each = filters.length === 0 ? [EVERY_KEY] : filters;
  const [only] = replaced.length === 1 ? replaced : [];
  const sameAs = ({ prefix, suffix }: KeyFilter) =>
    replaced.find(old => old.prefix === prefix && old.suffix === suffix);
  const isOnlyKept = each.some(filter => sameAs(filter) === only);
  return each.map((filter, index) => {
    const old = sameAs(filter) ?? (index === 0 && !isOnlyKept ? only : undefined);
    return { id: old?.id ?? newId(filter), destination, events, ...filter };
  });
}

/** Entries that differ by their filters only: people think of them as one. */
export function groupNotifications(
  notifications: readonly BucketNotification[],
): (readonly [BucketNotification, ...BucketNotification[]])[] {
  const groups = new Map<string, [BucketNotification, ...BucketNotification[]]>();
  for (const notification of notifications) {
    const { id, destination, events } = notification;
    // Without an id an entry can't be changed together with others.
    const key = JSON.stringify([id === '', destination.arn, [...events].sort()]);
    const group = groups.get(key);
    if (group) group.push(notification);
    else groups.set(key, [notification]);
  }
  return [...groups.values()];
}

/** Filters in a line: `photos/*.jpg, *.png`. Empty for every key. */
export function formatFilters(filters: readonly KeyFilter[]): string {
  const isEvery = filters.every(({ prefix, suffix }) => prefix === '' && suffix === '');
  return isEvery ? '' : filters.map(formatFilter).join(', ');
}

function formatFilter({ prefix, suffix }: KeyFilter): string {
  const text = `${prefix}*${suffix}`;
  return /[,"]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The filters in a line: what keys begin with, `*`, what they end with, separated by commas; in quotation
 * marks where there is a comma in one. `photos/` is taken for a beginning and `.jpg` for an end.
 *
 * @returns undefined for a part that is neither
 */
export function parseFilters(text: string): readonly KeyFilter[] | undefined {
  const parts = partsOf(text);
  if (parts.length === 0) return [];
  const filters = parts.map(filterOf);
  return filters.every(filter => filter !== undefined) ? filters : undefined;
}

function partsOf(text: string): string[] {
  const quoted = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g;
  return [...text.matchAll(quoted)]
    .map(([, inQuotes, plain = '']) => inQuotes?.replaceAll('""', '"') ?? plain.trim())
    .filter(part => part !== '');
}

function filterOf(part: string): KeyFilter | undefined {
  const [prefix = '', suffix, ...more] = part.split('*');
  if (more.length > 0) return undefined;
  if (suffix !== undefined) return { prefix, suffix };
  if (part.endsWith('/')) return { ...EVERY_KEY, prefix: part };
  return part.startsWith('.') ? { ...EVERY_KEY, suffix: part } : undefined;
}

/** What to do about a part that is no filter. */
export function unreadableFilters(): string {
  return l10n.t(
    'Enter a prefix, one *, and a suffix, such as photos/*.jpg or *.png. Separate several with commas.',
  );
}
