import { env, l10n } from 'vscode';
import { dateFormat, listFormat, numberFormat, timeFormat } from './formatters.ts';

/** A whole number as the user's language writes it: 1,234. */
export function formatCount(count: number): string {
  return numberFormat(3).format(count);
}

/** A date and time in the user's language and time zone, to the minute: `Nov 22, 2026, 2:24 PM`. */
export function formatDate(date: Date): string {
  return dateFormat('short').format(date);
}

/** `November 2026`, in the user's language. @param month as `2026-11` */
export function formatMonth(month: string): string {
  return timeFormat({ year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(month));
}

/**
 * Names in a sentence, as the user's language lists them: `a, b, and c`. Lists that stand alone, in a
 * cell or beside a row, keep their commas.
 */
export function formatList(
  names: Iterable<string>,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return listFormat(type).format(names);
}

/** `5 objects`, `1 object`. */
export function formatObjects(count: number): string {
  return count === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(count));
}

/** `$6.25`, and of little as much as there is: `$0.0004`. */
export function dollars(amount: number): string {
  return currency(amount, amount < 0.01 ? 6 : 2);
}

/** US dollars, with two digits behind the point or up to as many as are asked for. */
export function currency(amount: number, maximumFractionDigits: number): string {
  return new Intl.NumberFormat(env.language, {
    ...{ style: 'currency', currency: 'USD' },
    ...{ minimumFractionDigits: 2, maximumFractionDigits },
  }).format(amount);
}
