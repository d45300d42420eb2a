import { env } from 'vscode';
import type { EntryRow } from './readRows.ts';
import type { PrefixRow } from './rows.ts';

/** How what is loaded of a bucket or prefix is sorted; `s3` is the order in which S3 lists it. */
export type SortOrder = 's3' | 'name' | 'size' | 'modified';

export const SORT_ORDERS: readonly SortOrder[] = ['s3', 'name', 'size', 'modified'];

type Sortable = Exclude<EntryRow, PrefixRow>;

/**
 * Prefixes and objects, each in order. By name they are as a person sorts files: `a2` before `a10`,
 * ignoring case. The largest and the newest come first; prefixes have neither size nor date
 * and stay as S3 lists them.
 */
export function sorted(
  prefixes: readonly PrefixRow[],
  objects: readonly Sortable[],
  order: SortOrder,
): { readonly prefixes: readonly PrefixRow[]; readonly objects: readonly Sortable[] } {
  switch (order) {
    case 's3':
      return { prefixes, objects };
    case 'name': {
      const { compare } = new Intl.Collator(env.language, { numeric: true });
      const byName = (a: { key: string }, b: { key: string }): number => compare(a.key, b.key);
      return { prefixes: prefixes.toSorted(byName), objects: objects.toSorted(byName) };
    }
    case 'size':
      return { prefixes, objects: objects.toSorted((a, b) => b.summary.size - a.summary.size) };
    case 'modified':
      return { prefixes, objects: objects.toSorted((a, b) => time(b) - time(a)) };
  }
}

function time({ summary }: Sortable): number {
  return summary.lastModified?.getTime() ?? 0;
}
