import { l10n, type TreeView } from 'vscode';
import type { Listing, ObjectFilter } from '../../aws/selection/selection.ts';
import type { S3Location } from '../../commands.ts';
import { selectionOf } from '../../vscode/selection/selectedRows.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { isLocation, isRow, topOf, type BucketRow, type Row } from '../tree/rows.ts';
import type { FoundView } from './foundView.ts';

/**
 * Finds objects in buckets and prefixes: those that the command was called on, those that are selected,
 * or what the user chooses.
 *
 * @param filter what to find; asked for when absent
 * @returns how many were found
 */
export async function findObjects(
  explorer: Explorer,
  tree: TreeView<Row>,
  found: FoundView,
  targets: readonly S3Location[],
  filter?: ObjectFilter,
): Promise<number> {
  const session = await sessionFor(explorer, targets[0]);
  const given = targets.length > 0 ? targets : tree.selection.filter(isLocation);
  const title = l10n.t('Find Objects');
  const places =
    given.length > 0 ? given : [await askLocation(explorer, session, { title, kind: 'folder' })];
  const plain = listingsOf(places);
  let listings: readonly Listing[];
  if (filter) {
    listings = plain.map(listing => ({ ...listing, filter }));
  } else {
    const { askFind } = await import('./askFind.ts');
    listings = await askFind(session, plain);
  }
  return await found.find(session, listings, bucketRows(places));
}

/**
 * One listing a bucket. Of an object that is selected, what stands beside it is searched, unless buckets
 * or prefixes are selected too.
 */
export function listingsOf(places: readonly S3Location[]): Listing[] {
  const isObject = (place: S3Location): boolean => isRow(place) && place.kind === 'object';
  const areMixed = places.some(isObject) && !places.every(isObject);
  const chosen = areMixed ? places.filter(place => !isObject(place)) : places;
  const folders = chosen.map(place =>
    isObject(place) && place.key !== undefined
      ? { bucket: place.bucket, key: place.key.slice(0, place.key.lastIndexOf('/') + 1) }
      : place,
  );
  return [...Map.groupBy(folders, ({ bucket }) => bucket)].flatMap(([bucket, own]) => {
    const prefixes = own.map(({ key = '' }) => key);
    const whole = prefixes.includes('') ? [''] : prefixes;
    const selected = selectionOf(whole.map(key => ({ ...{ bucket, key }, kind: 'prefix' })));
    return selected !== 'severalBuckets' && selected?.kind === 'listing' ? [selected] : [];
  });
}

function bucketRows(places: readonly S3Location[]): Map<string, BucketRow> {
  const rows = places.flatMap(place => (isRow(place) && isLocation(place) ? topOf(place) : []));
  return new Map(rows.map(row => [row.bucket, row]));
}
