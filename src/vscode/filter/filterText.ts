import { l10n } from 'vscode';
import type { ObjectFilter } from '../../aws/selection/selection.ts';
import { formatDate } from '../formats.ts';
import { formatSize } from '../sizes.ts';
import { formatTagConditions } from './tagConditionText.ts';

/** The parts of a filter that are asked for one by one. */
export type FilterPart =
  'suffix' | 'contains' | 'glob' | 'regex' | 'size' | 'modified' | 'storageClass' | 'tags';

/** `.png`, `10 MB or more` …; undefined where any object does. */
export function partText(part: FilterPart, filter: ObjectFilter): string | undefined {
  switch (part) {
    case 'suffix':
    case 'contains':
    case 'glob':
    case 'regex':
      return filter[part];
    case 'size':
      return sizeText(filter);
    case 'modified':
      return dateText(filter);
    case 'storageClass':
      return filter.storageClasses?.join(', ');
    case 'tags':
      return filter.tags && formatTagConditions(filter.tags);
  }
}

function sizeText({ minBytes, maxBytes }: ObjectFilter): string | undefined {
  if (minBytes !== undefined && maxBytes !== undefined) {
    if (minBytes === maxBytes) return l10n.t('exactly {0}', formatSize(minBytes));
    return l10n.t('{0} to {1}', formatSize(minBytes), formatSize(maxBytes));
  }
  if (minBytes !== undefined) return l10n.t('{0} or more', formatSize(minBytes));
  return maxBytes === undefined ? undefined : l10n.t('{0} or less', formatSize(maxBytes));
}

function dateText({ modifiedAfter, modifiedBefore }: ObjectFilter): string | undefined {
  const from = modifiedAfter === undefined ? undefined : formatDate(new Date(modifiedAfter));
  const to = modifiedBefore === undefined ? undefined : formatDate(new Date(modifiedBefore));
  if (from !== undefined && to !== undefined) return l10n.t('{0} to {1}', from, to);
  if (from !== undefined) return l10n.t('since {0}', from);
  return to === undefined ? undefined : l10n.t('before {0}', to);
}

/** What must be true of an object, a sentence each; nothing for all objects. */
export function filterLines(filter: ObjectFilter): string[] {
  const line = (part: FilterPart, text: (value: string) => string): string[] => {
    const value = partText(part, filter);
    return value === undefined ? [] : [text(value)];
  };
  return [
    ...line('suffix', value => l10n.t('Key ends in {0}', value)),
    ...line('contains', value => l10n.t('Key contains {0}', value)),
    ...line('glob', value => l10n.t('Key matches {0}', value)),
    ...line('regex', value => l10n.t('Key matches the regular expression {0}', value)),
    ...line('size', value => l10n.t('Size: {0}', value)),
    ...line('modified', value => l10n.t('Last modified: {0}', value)),
    ...line('storageClass', value => l10n.t('Storage class: {0}', value)),
    ...line('tags', value => l10n.t('Tags: {0}', value)),
  ];
}
