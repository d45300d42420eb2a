import type { ToPanel } from '../../src/metrics/protocol.ts';

let texts: Readonly<Record<string, string>> = {};
let language = 'en';

/** Takes the texts that the host has in the user's language. */
export function useTexts(start: Extract<ToPanel, { kind: 'start' }>): void {
  texts = start.texts;
  language = start.language;
}

/** A text by its name, `{0}` … filled. */
export function text(name: string, ...values: readonly (string | number)[]): string {
  const found = texts[name] ?? name;
  return found.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** A count, milliseconds or percent as the user's language writes them. */
export function formatNumber(value: number, digits = 2): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A moment, to the minute. @param seconds since 1970 */
export function formatTime(seconds: number, utc: boolean): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(utc && { timeZone: 'UTC' }),
  }).format(new Date(seconds * 1000));
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
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
    seconds / size,
  );
}
