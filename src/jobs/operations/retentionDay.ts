import { l10n } from 'vscode';

/** What is wrong with a day to retain objects until, or undefined. */
export function dateProblem(text: string, now = new Date()): string | undefined {
  const date = endOfDay(text);
  if (Number.isNaN(date.getTime()) || isoDay(date) !== text.trim()) {
    return l10n.t('For example: {0}', '2030-12-31');
  }
  return date > now ? undefined : l10n.t('The day must be in the future.');
}

/** The last second of a day in UTC; an invalid date for what is none. */
export function endOfDay(text: string): Date {
  return new Date(`${text.trim()}T23:59:59Z`);
}

/** `2030-12-31`, in UTC; empty for an invalid date. */
export function isoDay(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
