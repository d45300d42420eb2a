import { l10n } from 'vscode';
import { visible } from '../../vscode/visibleText.ts';

/** What the row of a prefix is called below its parent prefix: its last segment. */
export function prefixLabel(parent: string, prefix: string): string {
  const name = prefix.slice(parent.length, -1);
  return name === '' ? l10n.t('(empty name)') : visible(name);
}

/** What the row of an object is called below its parent prefix. */
export function objectLabel(parent: string, key: string): string {
  // The console's "Create folder" makes an object whose key is the prefix itself.
  return key === parent ? l10n.t('(folder marker)') : visible(key.slice(parent.length));
}
