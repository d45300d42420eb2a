import { l10n, window } from 'vscode';
import { cancelled } from '../../vscode/cancellation.ts';
import { visible } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';

/** How many names a question lists before it says "and more". */
const NAMES_SHOWN = 10;

/** A list of names for the detail of a question, cut where it would fill the screen. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map(visible);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join('\n');
}

export interface OverwriteQuestion<T> {
  readonly items: readonly T[];
  /** Those of them that something is in the way of. */
  readonly existing: readonly T[];
  readonly nameOf: (item: T) => string;
  readonly question: string;
}

/**
 * Asks before something is overwritten, naming what and how many.
 *
 * @returns the items to continue with: all of them, or those that overwrite nothing
 * @throws BrigadeError `Cancelled`
 */
export async function confirmOverwrite<T>({
  items,
  existing,
  nameOf,
  question,
}: OverwriteQuestion<T>): Promise<readonly T[]> {
  if (existing.length === 0) return items;
  const overwrite = l10n.t('Overwrite');
  const skip = l10n.t('Skip Existing');
  const taken = new Set(existing);
  const rest = items.filter(item => !taken.has(item));
  const answer = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail: nameList(existing.map(nameOf)) },
    ...(rest.length > 0 ? [overwrite, skip] : [overwrite]),
  );
  if (answer === undefined) throw cancelled();
  return answer === overwrite ? items : rest;
}
