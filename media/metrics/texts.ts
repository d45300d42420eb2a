import type { TimeSpan } from '../../src/metrics/protocol.ts';
import { languageInUse } from '../texts.ts';

const THOUSAND = 1000;

/** What a number is of; undefined where it counts something. */
export type Unit = 'millisecond' | 'second' | 'percent' | undefined;

/** A number with its unit, as the user's language writes it: `12 ms`, `99.9%`. */
export function formatUnit(value: number, unit: Unit, digits = 2): string {
  return new Intl.NumberFormat(languageInUse(), {
    maximumFractionDigits: digits,
    ...(unit !== undefined && { style: 'unit', unit, unitDisplay: 'short' }),
  }).format(value);
}

/** A number along an axis, short whatever it is: `10K`, `12 sec`. */
export function axisNumber(value: number, unit: Unit): string {
  if (value < 10 * THOUSAND) return formatUnit(value, unit);
  if (unit === 'millisecond') return formatUnit(value / THOUSAND, 'second', 1);
  return new Intl.NumberFormat(languageInUse(), {
    maximumFractionDigits: 2,
    notation: 'compact',
  }).format(value);
}

/** A moment, to the minute or (`medium`) the second. @param seconds since 1970 */
export function formatTime(
  seconds: number,
  utc: boolean,
  timeStyle: 'short' | 'medium' = 'short',
): string {
  const moment = new Date(seconds * 1000);
  const zone = utc ? { timeZone: 'UTC' } : {};
  const shown = new Intl.DateTimeFormat(languageInUse(), {
    dateStyle: 'medium',
    timeStyle,
    ...zone,
  });
  const said = shown.format(moment);
  return !utc && comesTwice(seconds) ? `${said} ${zoneName(moment)}` : said;
}

/** From when to when, with the day once where it is the same. */
export function formatSpan({ start, end }: TimeSpan, utc: boolean): string {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const shown = new Intl.DateTimeFormat(languageInUse(), {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...zone,
  });
  return shown.formatRange(new Date(start * 1000), new Date(end * 1000));
}

const DAY = 86_400;

/** Moments along an axis: the time, with the day below it where the day is another. @param step seconds */
export function momentTexts(moments: readonly number[], step: number, utc: boolean): string[] {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const format = (options: Intl.DateTimeFormatOptions) => {
    const shown = new Intl.DateTimeFormat(languageInUse(), { ...options, ...zone });
    return (seconds: number): string => shown.format(new Date(seconds * 1000));
  };
  const day = format({ month: 'short', day: 'numeric' });
  const time = format({ timeStyle: step < 60 ? 'medium' : 'short' });
  return moments.map((moment, index) => {
    const today = day(moment);
    if (step >= DAY) return today;
    const before = moments[index - 1];
    const isNew = before === undefined || day(before) !== today;
    return isNew ? `${time(moment)}\n${today}` : time(moment);
  });
}

/** Whether clocks show the hour of a moment twice: they are put back. */
function comesTwice(seconds: number): boolean {
  const offset = (at: number): number => new Date(at * 1000).getTimezoneOffset();
  return offset(seconds + 3600) > offset(seconds) || offset(seconds) > offset(seconds - 3600);
}

function zoneName(moment: Date): string {
  const parts = new Intl.DateTimeFormat(languageInUse(), { timeZoneName: 'short' }).formatToParts(
    moment,
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

const UNITS = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `3 hours`. */
export function formatLength(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0) ?? UNITS[4];
  return new Intl.NumberFormat(languageInUse(), {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(seconds / size);
}

/** `12 minutes ago`. @param since seconds, as `now` */
export function formatAge(since: number, now: number): string {
  const age = Math.max(0, now - since);
  const [size, unit] = UNITS.find(([each]) => age >= each) ?? UNITS[4];
  return new Intl.RelativeTimeFormat(languageInUse(), { numeric: 'always' }).format(
    -Math.floor(age / size),
    unit,
  );
}
