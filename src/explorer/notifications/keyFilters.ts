import { l10n } from 'vscode';
import { EVERY_KEY, type KeyFilter } from './draft.ts';

/** Filters in a line: `photos/*.jpg, *.png`. Empty for every key. */
export function formatFilters(filters: readonly KeyFilter[]): string {
  const isEvery = filters.every(({ prefix, suffix }) => prefix === '' && suffix === '');
  return isEvery ? '' : filters.map(formatFilter).join(', ');
}

function formatFilter({ prefix, suffix }: KeyFilter): string {
  const text = `${prefix}*${suffix}`;
  return /[,"]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The filters in a line: what keys begin with, `*`, what they end with, separated by commas; in quotation
 * marks where there is a comma in one. `photos/` is taken for a beginning and `.jpg` for an end.
 *
 * @returns undefined for a part that is neither
 */
export function parseFilters(text: string): readonly KeyFilter[] | undefined {
  const parts = partsOf(text);
  if (parts.length === 0) return [];
  const filters = parts.map(filterOf);
  return filters.every(filter => filter !== undefined) ? filters : undefined;
}

function partsOf(text: string): string[] {
  const quoted = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g;
  return [...text.matchAll(quoted)]
    .map(([, inQuotes, plain = '']) => inQuotes?.replaceAll('""', '"') ?? plain.trim())
    .filter(part => part !== '');
}

function filterOf(part: string): KeyFilter | undefined {
  const [prefix = '', suffix, ...more] = part.split('*');
  if (more.length > 0) return undefined;
  if (suffix !== undefined) return { prefix, suffix };
  if (part.endsWith('/')) return { ...EVERY_KEY, prefix: part };
  return part.startsWith('.') ? { ...EVERY_KEY, suffix: part } : undefined;
}

/** What to do about a part that is no filter. */
export function unreadableFilters(): string {
  return l10n.t(
    'Write what keys begin with, one *, and what they end with: photos/*.jpg, *.png. Separate several by commas.',
  );
}
