import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import type { Listing } from '../../aws/selection/selection.ts';
import {
  BackPressed,
  askText,
  pick,
  pickMany,
  type PickOptions,
  type PromptPosition,
} from '../prompts.ts';
import { settledBefore } from '../settledBefore.ts';
import { visible } from '../visibleText.ts';
import { askFilterPart } from '../filter/askFilterPart.ts';
import { filterItems } from '../filter/filterItems.ts';
import type { FilterPart } from '../filter/filterText.ts';
import { placeText } from './selectionText.ts';

interface ListingItem extends QuickPickItem {
  readonly choice?: 'use' | 'prefixes' | 'versions' | FilterPart;
}

interface AskListingOptions {
  /** What the objects come to, in words; undefined where that isn't known. */
  readonly count: (listing: Listing, signal: AbortSignal) => Promise<string | undefined>;
  /** How the objects will be found, in words. */
  readonly how: (listing: Listing) => string;
}

/** Milliseconds that the list waits for a count; one that takes longer comes into it later. */
const TIMEOUT_MS = 1_500;

/**
 * Shows which objects are meant, and lets each part of it be changed until it is agreed to.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askListing(
  position: PromptPosition,
  before: Listing,
  options: AskListingOptions,
): Promise<Listing> {
  let listing = before;
  let last: ListingItem['choice'] = 'use';
  for (;;) {
    const shown = listing;
    const { choice } = await pick<ListingItem>({
      ...position,
      placeholder: l10n.t('Select objects in {0}', placeText(shown)),
      ...countedItems(shown, options),
      active: item => item.choice === last,
    });
    if (choice === 'use') return listing;
    if (choice === undefined) continue;
    last = choice;
    try {
      listing = await change({ ...position, canGoBack: true }, listing, choice);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

async function change(
  position: PromptPosition,
  listing: Listing,
  choice: NonNullable<ListingItem['choice']>,
): Promise<Listing> {
  switch (choice) {
    case 'use':
      return listing;
    case 'prefixes':
      return { ...listing, prefixes: await askPrefixes(position, listing.prefixes) };
    case 'versions':
      return { ...listing, versions: await askVersions(position, listing.versions) };
    default:
      return { ...listing, filter: await askFilterPart(choice, position, listing.filter) };
  }
}

function countedItems(
  listing: Listing,
  { count, how }: AskListingOptions,
): Pick<PickOptions<ListingItem>, 'items' | 'later'> {
  let counting: Promise<string | undefined> | undefined;
  return {
    items: async signal => {
      counting = count(listing, signal);
      const isCounted = await settledBefore(counting, TIMEOUT_MS);
      const items = listingItems(listing, how, isCounted ? await counting : undefined);
      if (isCounted) counting = undefined;
      return items;
    },
    later: async () => counting && listingItems(listing, how, await counting),
  };
}

function listingItems(
  listing: Listing,
  how: AskListingOptions['how'],
  counted: string | undefined,
): ListingItem[] {
  const prefixes = listing.prefixes.filter(prefix => prefix !== '');
  return [
    {
      label: l10n.t('Use These Objects'),
      ...(counted !== undefined && { description: counted }),
      detail: how(listing),
      iconPath: new ThemeIcon('check'),
      choice: 'use',
    },
    { label: l10n.t('Filter'), kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('Prefix'),
      description: visible(prefixes.join(' · ') || l10n.t('whole bucket')),
      iconPath: new ThemeIcon('folder'),
      choice: 'prefixes',
    },
    ...filterItems(listing.filter),
    {
      label: l10n.t('Versions'),
      description:
        listing.versions === 'all' ? l10n.t('all versions') : l10n.t('current versions only'),
      iconPath: new ThemeIcon('versions'),
      choice: 'versions',
    },
  ];
}

/** One prefix is typed; of several some may be left out. */
async function askPrefixes(
  position: PromptPosition,
  prefixes: readonly string[],
): Promise<readonly string[]> {
  if (prefixes.length > 1) {
    const chosen = await pickMany({
      ...position,
      placeholder: l10n.t('Select prefixes'),
      items: prefixes.map(label => ({ label })),
      picked: () => true,
    });
    return chosen.map(({ label }) => label);
  }
  const prefix = await askText({
    ...position,
    prompt: l10n.t('Key prefix. Case-sensitive. Leave empty for the whole bucket.'),
    placeholder: l10n.t('For example: {0}', 'photos/2026/'),
    value: prefixes[0] ?? '',
  });
  return [prefix];
}

async function askVersions(
  position: PromptPosition,
  before: Listing['versions'],
): Promise<Listing['versions']> {
  const { versions } = await pick({
    ...position,
    placeholder: l10n.t('Select versions of the objects'),
    items: [
      {
        label: l10n.t('Current Versions'),
        description: l10n.t('those that are current when the job runs'),
        versions: 'current' as const,
      },
      {
        label: l10n.t('All Versions'),
        description: l10n.t('each with its version ID, without delete markers'),
        versions: 'all' as const,
      },
    ],
    active: item => item.versions === before,
  });
  return versions;
}
