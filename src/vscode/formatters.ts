import { env } from 'vscode';

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/**
 * A number format of the user's language. To make one takes thirty microseconds and a date's a hundred,
 * which a page of rows would spend two hundred times: each is made once.
 */
export function numberFormat(maximumFractionDigits: number): Intl.NumberFormat {
  const name = `${env.language} ${maximumFractionDigits}`;
  const known = numbers.get(name);
  if (known) return known;
  const made = new Intl.NumberFormat(env.language, { maximumFractionDigits });
  numbers.set(name, made);
  return made;
}

/** A format of dates, or of dates with times, in the user's language and time zone. */
export function dateFormat(timeStyle?: 'short'): Intl.DateTimeFormat {
  const name = `${env.language} ${timeStyle ?? ''}`;
  const known = dates.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(env.language, { dateStyle: 'medium', timeStyle });
  dates.set(name, made);
  return made;
}

/**
 * Makes the formats of rows before there are any: the first of a process take some 20 ms of work, which
 * the first page of objects would wait for.
 */
export function prepareFormats(): void {
  numberFormat(0).format(0);
  numberFormat(1).format(0);
  dateFormat().format(0);
}
