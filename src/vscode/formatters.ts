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
export function dateFormat(timeStyle?: 'short' | 'medium'): Intl.DateTimeFormat {
  return timeFormat({ dateStyle: 'medium', timeStyle });
}

/** A format of what of a moment is asked for, in the user's language and time zone. */
export function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${env.language} ${JSON.stringify(options)}`;
  const known = dates.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(env.language, options);
  dates.set(name, made);
  return made;
}

/** A format of lists in sentences of the user's language: `a, b, and c`, or with `or`. */
export function listFormat(type: 'conjunction' | 'disjunction'): Intl.ListFormat {
  return new Intl.ListFormat(env.language, { type });
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
