import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { globToRegExp } from '../../aws/selection/glob.ts';
import type { Listing, ObjectFilter } from '../../aws/selection/selection.ts';
import type { Session } from '../../services.ts';
import { askFilterPart } from '../../vscode/filter/askFilterPart.ts';
import { regexProblem } from '../../vscode/filter/filterInput.ts';
import { filterItems } from '../../vscode/filter/filterItems.ts';
import { filterLines, type FilterPart } from '../../vscode/filter/filterText.ts';
import { BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { selectionCountText } from '../../vscode/selection/countSelected.ts';
import { visible, visibleLabel } from '../../vscode/visibleText.ts';
import { placesText } from './searchText.ts';

interface FindItem extends QuickPickItem {
  readonly choice?: FilterPart | { readonly filter: ObjectFilter };
}

/**
 * Asks what to find: what is typed is a part of the key, a glob or a regular expression, and Enter finds it;
 * size, date, storage class and tags are conditions beside it. What tags cost is said before they are
 * read.
 *
 * @returns what to list
 * @throws BrigadeError `Cancelled`
 */
export async function askFind(
  session: Session,
  before: readonly Listing[],
): Promise<readonly Listing[]> {
  const position = { title: l10n.t('Find Objects'), keepOpen: true };
  let filter = before[0]?.filter ?? {};
  for (;;) {
    const shown = filter;
    const { choice } = await pick<FindItem>({
      ...position,
      placeholder: l10n.t('Find in {0}: part of a key, a glob…', placesText(before)),
      items: conditionItems(shown),
      itemFor: typed => typedItems(typed, shown),
    });
    if (choice === undefined) continue;
    const inside = { ...position, canGoBack: true };
    try {
      if (typeof choice === 'object') {
        const listings = before.map(listing => ({ ...listing, filter: choice.filter }));
        filter = choice.filter;
        if (filter.tags !== undefined) await agreeToTags(inside, session, listings);
        return listings;
      }
      filter = await askFilterPart(choice, inside, filter);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

/** The likeliest meaning first; what is no glob or regular expression is not offered as one. */
function typedItems(typed: string, filter: ObjectFilter): FindItem[] {
  const item = (icon: string, description: string, part: ObjectFilter): FindItem => ({
    ...{ label: visibleLabel(typed), description, alwaysShow: true },
    ...{ iconPath: new ThemeIcon(icon), choice: { filter: withKey(filter, part) } },
  });
  const contains = item('search', l10n.t('the key contains this'), { contains: typed });
  const glob =
    globToRegExp(typed) === undefined
      ? []
      : [item('symbol-operator', l10n.t('the whole key matches this glob'), { glob: typed })];
  const regex =
    regexProblem(typed) === undefined
      ? [item('regex', l10n.t('the key matches this regular expression'), { regex: typed })]
      : [];
  return /[*?]/.test(typed) ? [...glob, contains, ...regex] : [contains, ...glob, ...regex];
}

/** What is typed stands in place of what keys had to be like before; other conditions stay. */
function withKey(filter: ObjectFilter, part: ObjectFilter): ObjectFilter {
  const replaced = new Set(['contains', 'glob', 'regex']);
  const rest = Object.entries(filter).filter(([name]) => !replaced.has(name));
  return { ...Object.fromEntries(rest), ...part };
}

function conditionItems(filter: ObjectFilter): FindItem[] {
  const lines = filterLines(filter);
  return [
    {
      label: lines.length === 0 ? l10n.t('Find All Objects') : l10n.t('Find'),
      description: visible(lines.join(' · ')),
      iconPath: new ThemeIcon('search'),
      choice: { filter },
    },
    { label: l10n.t('Conditions'), kind: QuickPickItemKind.Separator },
    ...filterItems(filter),
  ];
}

/** Says how many requests tags take and what they cost. @throws BackPressed */
async function agreeToTags(
  position: PromptPosition,
  session: Session,
  listings: readonly Listing[],
): Promise<void> {
  await pick({
    ...position,
    placeholder: l10n.t('S3 doesn’t list tags, so they are read object by object.'),
    items: async signal => {
      const words = listings.map(listing => selectionCountText(session, listing, signal));
      const counted = (await Promise.all(words)).filter(text => text !== undefined);
      return [
        {
          label: l10n.t('Read Tags and Find'),
          description: counted.join(' · ') || l10n.t('one GetObjectTagging request per object'),
          iconPath: new ThemeIcon('check'),
        },
      ];
    },
  });
}
