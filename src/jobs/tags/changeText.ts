import { l10n } from 'vscode';
import { formatTagText } from '../../aws/objects/tagText.ts';
import type { TagChange } from '../../aws/tagChanges/tagChange.ts';
import { formatList } from '../../vscode/formats.ts';

/** What a change does, on one line: `Set phototype=finished`. */
export function changeText(change: TagChange): string {
  switch (change.kind) {
    case 'add':
      return l10n.t('Set {0}', formatTagText(change.tags));
    case 'addMissing':
      return l10n.t('Set {0} where the key is missing', formatTagText(change.tags));
    case 'rename':
      return l10n.t('Rename the tag key {0} to {1}', change.from, change.to);
    case 'remove':
      return l10n.t('Remove the tags {0}', formatList(change.keys));
    case 'removeAll':
      return l10n.t('Remove all tags');
    case 'replaceAll':
      return l10n.t('Replace all tags with {0}', formatTagText(change.tags));
  }
}
