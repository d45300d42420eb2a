import type {
  BucketNotification,
  NotificationDestination,
} from '../../aws/notifications/notification.ts';

/** The answers so far to what an entry shall be. */
export interface Draft {
  events?: readonly string[];
  prefix?: string;
  /** Each makes an entry of its own; none for every key. */
  suffixes?: readonly string[];
  destination?: NotificationDestination;
}

export type CompleteDraft = Required<Draft>;

/** What has to be known, in the order it is asked. */
export const QUESTIONS = ['events', 'prefix', 'suffixes', 'destination'] as const;
export type Question = (typeof QUESTIONS)[number];

/** The draft, if nothing is missing. */
export function completed({ events, prefix, suffixes, destination }: Draft) {
  if (!events || prefix === undefined || !suffixes || !destination) return undefined;
  return { events, prefix, suffixes, destination };
}

/** One entry for each suffix, or one for all keys. @param newId gives an id that no entry has. */
export function notificationsOf(
  { suffixes, ...rest }: CompleteDraft,
  newId: () => string,
): BucketNotification[] {
  const each = suffixes.length === 0 ? [''] : suffixes;
  return each.map(suffix => ({ ...rest, id: newId(), suffix }));
}

/** The suffixes in a line: `.jpg, .png`. */
export function parseSuffixes(text: string): string[] {
  return text
    .split(',')
    .map(suffix => suffix.trim())
    .filter(suffix => suffix !== '');
}
