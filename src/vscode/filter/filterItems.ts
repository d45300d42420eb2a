import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import type { ObjectFilter } from '../../aws/selection/selection.ts';
import { visible } from '../visibleText.ts';
import { partText, type FilterPart } from './filterText.ts';

/** Each condition of a filter as an entry of a list, with what it is now. */
export function filterItems(
  filter: ObjectFilter,
): (QuickPickItem & { readonly choice: FilterPart })[] {
  const item = (choice: FilterPart, icon: string, label: string) => ({
    ...{ label, description: visible(partText(choice, filter) ?? l10n.t('any')), choice },
    iconPath: new ThemeIcon(icon),
  });
  return [
    item('contains', 'symbol-string', l10n.t('Key Contains')),
    item('suffix', 'symbol-key', l10n.t('Key Ends in')),
    item('glob', 'symbol-operator', l10n.t('Key Matches Glob')),
    item('regex', 'regex', l10n.t('Key Matches Regular Expression')),
    item('size', 'symbol-ruler', l10n.t('Size')),
    item('modified', 'calendar', l10n.t('Last Modified')),
    item('storageClass', 'archive', l10n.t('Storage Class')),
    item('tags', 'tag', l10n.t('Tags')),
  ];
}
