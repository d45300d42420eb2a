import { l10n, workspace } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { pricesWith, type Prices } from '../../aws/cost/prices.ts';
import type { SelectionCount } from '../../aws/selection/countSelection.ts';
import type { Listing, ObjectSelection } from '../../aws/selection/selection.ts';
import type { Session } from '../../services.ts';
import { formatSize } from '../sizes.ts';
import { dollars, formatObjects } from '../formats.ts';

/** Objects that are looked at while a person waits: ten pages of S3. */
const MAX_SEEN = 10_000;

/** Counts what is selected, up to 10,000 objects; undefined for callers who may not list. */
export async function countSelected(
  { clients }: Session,
  selection: ObjectSelection,
  signal: AbortSignal,
): Promise<SelectionCount | undefined> {
  const { countSelection } = await import('../../aws/selection/countSelection.ts');
  return await recoverFrom(['AccessDenied'], undefined, () =>
    countSelection(clients, selection, { signal, limit: MAX_SEEN }),
  );
}

/** `37 objects · 12 MB`, or `at least 8,000 objects · 3 GB` where that is all that is known. */
export function selectedText({ objects, bytes, complete }: SelectionCount): string {
  // Of what was chosen one by one, or is named in a file, no sizes need be known.
  const size = bytes === 0 ? [] : [formatSize(bytes)];
  const text = [formatObjects(objects), ...size].join(' · ');
  return complete ? text : l10n.t('at least {0}', text);
}

/**
 * What it costs to find out which of so many objects have the tags that a filter asks for: a
 * GetObjectTagging request each.
 */
export function tagReadingText(
  { objects, complete }: Pick<SelectionCount, 'objects' | 'complete'>,
  { getThousandRequests }: Prices,
): string {
  const cost = dollars((objects / 1000) * getThousandRequests);
  return complete
    ? l10n.t('reads the tags of {0}: {1}', formatObjects(objects), cost)
    : l10n.t('reads the tags of at least {0}: at least {1}', formatObjects(objects), cost);
}

/**
 * What is selected comes to, in words; of what tags leave of it, what it costs to read them.
 * Undefined for callers who may not list.
 */
export async function selectionCountText(
  session: Session,
  selection: ObjectSelection,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (selection.kind === 'listing') {
    const { tags, ...filter } = selection.filter;
    const rest = { ...selection, filter };
    if (tags !== undefined) return await tagReadingWords(session, rest, signal);
  }
  const count = await countSelected(session, selection, signal);
  return count && selectedText(count);
}

/** @param listing without the filter on tags */
async function tagReadingWords(
  session: Session,
  listing: Listing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const count = await countSelected(session, listing, signal);
  const own = workspace.getConfiguration('bucketBrigade').get('cost.prices');
  return count && tagReadingText(count, pricesWith(own));
}
