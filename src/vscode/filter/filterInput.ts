import type { ObjectFilter, TagCondition } from '../../aws/selection/selection.ts';

/** What people type for the parts of a filter, read and written. Nothing here asks. */

export type SizeRange = Pick<ObjectFilter, 'minBytes' | 'maxBytes'>;
export type DateRange = Pick<ObjectFilter, 'modifiedAfter' | 'modifiedBefore'>;

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/**
 * Reads `> 10 MB`, `<= 1 GB`, `10 MB to 1 GB`, `10 MB` (exactly so many bytes); 1 KB is 1,024 bytes.
 *
 * @returns undefined for anything else, and for ranges in which nothing lies
 */
export function parseSizes(text: string): SizeRange | undefined {
  const between = /^(.+?)\s*(?:\bto\b|\.\.|-|–)\s*(.+)$/i.exec(text.trim());
  if (between) {
    const [minBytes, maxBytes] = [parseSize(between[1]), parseSize(between[2])];
    if (minBytes === undefined || maxBytes === undefined || minBytes > maxBytes) return undefined;
    return { minBytes, maxBytes };
  }
  const [, sign = '=', size] = /^([<>]=?)?\s*(.+)$/.exec(text.trim()) ?? [];
  const bytes = parseSize(size);
  if (bytes === undefined) return undefined;
  switch (sign) {
    case '>':
      return { minBytes: bytes + 1 };
    case '>=':
      return { minBytes: bytes };
    case '<':
      return bytes === 0 ? undefined : { maxBytes: bytes - 1 };
    case '<=':
      return { maxBytes: bytes };
    default:
      return { minBytes: bytes, maxBytes: bytes };
  }
}

function parseSize(text = ''): number | undefined {
  const [, number, unit = 'B'] = /^([\d,]+(?:\.\d+)?)\s*([KMGT]?i?B?)$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const letter = unit.toUpperCase().replace(/I?B?$/, '');
  const power = letter === '' ? 0 : UNITS.findIndex(one => one.startsWith(letter));
  return Math.round(Number(number.replaceAll(',', '')) * 1024 ** power);
}

/** The way back: what `parseSizes` reads as the same range. */
export function formatSizes({ minBytes, maxBytes }: SizeRange): string {
  if (minBytes !== undefined && maxBytes !== undefined) {
    return minBytes === maxBytes
      ? exactSize(minBytes)
      : `${exactSize(minBytes)} to ${exactSize(maxBytes)}`;
  }
  if (minBytes !== undefined) return `>= ${exactSize(minBytes)}`;
  return maxBytes === undefined ? '' : `<= ${exactSize(maxBytes)}`;
}

/** In the largest unit in which it is a whole number. */
function exactSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value > 0 && value % 1024 === 0 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value} ${UNITS[unit] ?? ''}`;
}

/**
 * Reads `after 2026-01-31`, `before 2026-03-01`, `2026-01-01 to 2026-01-31` (both days included), `last 30
 * days`, `older than 90 days`. Days are those of this computer's time zone; a time may follow, as in
 * `2026-01-31T12:00Z`.
 *
 * @param now milliseconds since 1970
 */
export function parseDates(text: string, now: number): DateRange | undefined {
  const typed = text.trim().toLowerCase();
  const between = /^(\S+)\s+(?:to|\.\.|–)\s+(\S+)$/.exec(typed);
  if (between) {
    const [from, to] = [dayStart(between[1]), dayEnd(between[2])];
    if (from === undefined || to === undefined || from >= to) return undefined;
    return { modifiedAfter: from, modifiedBefore: to };
  }
  const [, word = '', rest] =
    /^(after|since|from|>=?|before|until|<=?|last|within|newer than|older than)\s*(.+)$/.exec(
      typed,
    ) ?? [];
  const ago = agoOf(rest, now);
  switch (word) {
    case 'last':
    case 'within':
    case 'newer than':
      return given('modifiedAfter', ago);
    case 'older than':
      return given('modifiedBefore', ago);
    case 'after':
    case 'since':
    case 'from':
    case '>':
    case '>=':
      return given('modifiedAfter', dayStart(rest));
    case 'before':
    case '<':
      return given('modifiedBefore', dayStart(rest));
    case 'until':
    case '<=':
      return given('modifiedBefore', dayEnd(rest));
    default:
      return undefined;
  }
}

function given(name: keyof DateRange, date: string | undefined): DateRange | undefined {
  return date === undefined ? undefined : { [name]: date };
}

const AGO: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30, y: 365 };
const DAY_MS = 24 * 60 * 60 * 1000;

/** `30 days`, `12h`, `year`. */
function agoOf(text: string | undefined, now: number): string | undefined {
  const match = /^(\d+)?\s*(hours?|h|days?|d|weeks?|w|months?|years?|y)$/.exec(text ?? '');
  const days = AGO[match?.[2]?.[0] ?? ''];
  if (days === undefined) return undefined;
  return new Date(now - Number(match?.[1] ?? 1) * days * DAY_MS).toISOString();
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

function dayStart(text = ''): string | undefined {
  return dateOf(text, 0);
}

/** The beginning of the day after, so that the day is included. */
function dayEnd(text = ''): string | undefined {
  return dateOf(text, 1);
}

function dateOf(text: string, daysLater: number): string | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  const date =
    year === undefined
      ? /^\d{4}-\d{2}-\d{2}t/.test(text)
        ? new Date(text.toUpperCase())
        : new Date(NaN)
      : new Date(Number(year), Number(month) - 1, Number(day) + daysLater);
  if (Number.isNaN(date.getTime())) return undefined;
  // 2026-02-31 is no date, though JavaScript makes one of it.
  const rolled = year !== undefined && daysLater === 0 && date.getDate() !== Number(day);
  return rolled ? undefined : date.toISOString();
}

/**
 * Reads `project=x, owner, !archived`: a tag that must have a value, one that must be there, one that
 * must not. A key or value with a comma or an equals sign stands in quotation marks.
 *
 * @returns undefined for anything else
 */
export function parseTagConditions(text: string): TagCondition[] | undefined {
  const parts = text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  const conditions = parts.map(part => parseCondition(part.trim()));
  return conditions.length > 0 && conditions.every(one => one !== undefined)
    ? conditions
    : undefined;
}

function parseCondition(part: string): TagCondition | undefined {
  const match = /^(!)?\s*("[^"]+"|[^"=]+?)\s*(?:(=)\s*("[^"]*"|[^"]*))?$/.exec(part);
  const [, not, name = '', equals, value = ''] = match ?? [];
  const key = unquoted(name);
  if (match === null || key === '' || (not && equals)) return undefined;
  if (equals) return { kind: 'equals', key, value: unquoted(value) };
  return { kind: not ? 'lacks' : 'has', key };
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text.trim();
}

/** Why a regular expression can't be used, or undefined. */
export function regexProblem(source: string): string | undefined {
  try {
    new RegExp(source, 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*?: /, '') : '';
  }
}
