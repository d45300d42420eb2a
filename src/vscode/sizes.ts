import { dateFormat, numberFormat } from './formatters.ts';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A number of bytes for people: `734 B`, `1.2 MB`; 1 KB is 1,024 bytes, as in VS Code. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 100 ? 1 : 0;
  return `${numberFormat(digits).format(value)} ${UNITS[unit] ?? ''}`;
}

/** A date in the user's language and time zone. */
export function formatDay(date: Date): string {
  // Another service may send what is no date.
  return Number.isNaN(date.getTime()) ? '' : dateFormat().format(date);
}
