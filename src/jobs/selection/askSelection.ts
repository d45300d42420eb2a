import { l10n, ThemeIcon } from 'vscode';
import type { Listing, ObjectSelection } from '../../aws/selection/selection.ts';
import type { Session } from '../../services.ts';
import { pickS3LocationOr } from '../../vscode/pickS3Location.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import { askKeyFile } from './askKeyFile.ts';
import { askListing } from '../../vscode/selection/askListing.ts';
import { selectionCountText } from '../../vscode/selection/countSelected.ts';
import { selectionOf } from '../../vscode/selection/selectedRows.ts';

/**
 * Asks where the objects are: a bucket, prefix, object or manifest, or a file of keys.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askSelection(
  position: PromptPosition,
  session: Session,
  question: string,
): Promise<ObjectSelection> {
  const { place } = await pickS3LocationOr(session.clients, {
    ...position,
    question,
    kind: 'any',
    others: [
      {
        label: l10n.t('Keys in a File on This Computer…'),
        description: l10n.t('a CSV, or one key per line'),
        iconPath: new ThemeIcon('file'),
        value: true,
      },
    ],
  });
  if (place === undefined) return await askKeyFile(position, session);
  const selected = selectionOf([place]);
  if (selected === undefined || selected === 'severalBuckets') throw new BackPressed();
  return selected;
}

/**
 * Asks which of the objects of a bucket or prefix are meant.
 *
 * @param how says what happens to them, and what tags as a filter cost
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askFiltered(
  position: PromptPosition,
  session: Session,
  listing: Listing,
  how: (withTags: boolean) => string,
): Promise<Listing> {
  return await askListing(position, listing, {
    count: async (shown, signal) => await selectionCountText(session, shown, signal),
    how: shown => how(shown.filter.tags !== undefined),
  });
}
