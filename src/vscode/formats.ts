import { env } from 'vscode';

/** A whole number as the user's language writes it: 1,234. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(env.language).format(count);
}

/** A date and time in the user's language and time zone, to the minute: `Nov 22, 2026, 2:24 PM`. */
export function formatDate(date: Date): string {
  return new Intl.DateTimeFormat(env.language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    date,
  );
}
