import { l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Listing } from '../../aws/selection/selection.ts';
import { ownerLabel } from '../../vscode/ownerLabel.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { filterLines } from '../../vscode/filter/filterText.ts';
import { placeText } from '../../vscode/selection/selectionText.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { Search } from './search.ts';

/** Where is searched: `s3://images/a/ and 2 more prefixes`, of several buckets each. */
export function placesText(listings: readonly Listing[]): string {
  return listings.map(placeText).join(', ');
}

/** What a search looks for, on one line. */
export function searchedText([first]: readonly Listing[]): string {
  const lines = filterLines(first?.filter ?? {});
  return lines.length === 0 ? l10n.t('All objects') : lines.join(' · ');
}

/** What stands above the rows of a search: how far it is, where, and what. */
export function searchMessage({ input, state, progress }: Search): string {
  const { seen = 0, found = 0, seconds = 0 } = progress ?? {};
  const speed = seconds < 0.5 ? [] : [Math.round(seen / seconds)];
  const figures = [
    l10n.t('{0} found', formatObjects(found)),
    l10n.t('{0} scanned', formatCount(seen)),
    ...speed.map(rate => l10n.t('{0} keys per second', formatCount(rate))),
  ].join(' · ');
  const what = `${visible(placesText(input.listings))}: ${visible(searchedText(input.listings))}`;
  return [stateText(state, figures), what, ownerLabel(input.session)].filter(Boolean).join(' · ');
}

function stateText(state: Search['state'], figures: string): string {
  switch (state) {
    case 'running':
      return l10n.t('Searching… {0}', figures);
    case 'done':
      return figures;
    case 'stopped':
      return l10n.t('Stopped. {0}', figures);
    case 'failed':
      return l10n.t('Failed. {0}', figures);
  }
}

/** The title of the task. */
export function searchTitle(listings: readonly Listing[]): string {
  const [first] = listings;
  const where = first ? formatS3Uri({ bucket: first.bucket, key: first.prefixes[0] }) : '';
  return l10n.t('Find objects in {0}', where);
}
