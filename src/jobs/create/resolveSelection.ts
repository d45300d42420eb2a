import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { generatorOf } from '../../aws/selection/generatorOf.ts';
import type { Listing, ObjectSelection } from '../../aws/selection/selection.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askListing } from '../../vscode/selection/askListing.ts';
import { chooseManifestPlace } from '../selection/chooseManifestPlace.ts';
import { countSelected, selectionCountText } from '../../vscode/selection/countSelected.ts';
import { placeText } from '../../vscode/selection/selectionText.ts';
import { writeManifest } from '../selection/writeManifest.ts';
import type { PromptContext, DraftManifest } from './draft.ts';
import { readManifestOf, settleProblems } from './readManifest.ts';

type Resolving = Pick<PromptContext, 'session' | 'documents' | 'context' | 'worker'>;

/**
 * What a job is made of for the objects that are selected: what S3's own generator finds, or a manifest
 * that is written for it. Of folders it is asked first which objects in them are meant.
 *
 * @returns undefined to choose other objects
 * @throws BrigadeError `Cancelled`, BackPressed …
 */
export async function resolveSelection(
  position: PromptPosition,
  asking: Resolving,
  selection: ObjectSelection,
): Promise<DraftManifest | undefined> {
  if (selection.kind === 'manifest') return await readSettled(asking, selection);
  if (selection.kind !== 'listing') return await written(position, asking, selection);
  let listing = selection;
  for (;;) {
    listing = await askListing(position, listing, {
      count: (shown, signal) => selectionCountText(asking.session, shown, signal),
      how: howFound,
    });
    try {
      return await resolveListing({ ...position, canGoBack: true }, asking, listing);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

async function resolveListing(
  position: PromptPosition,
  asking: Resolving,
  listing: Listing,
): Promise<DraftManifest | undefined> {
  const generator = generatorOf(listing);
  if (generator === undefined) return await written(position, asking, listing);
  const title = l10n.t('Counting objects in {0}', placeText(listing));
  const count = await withCancellableProgress({ title }, signal =>
    countSelected(asking.session, listing, signal),
  );
  if (count?.objects === 0 && count.complete) throw nothingSelected(listing);
  const { objects = 0, complete = false } = count ?? {};
  return { ...generator, ...(count && { count: { objects, complete } }) };
}

function nothingSelected({ bucket, prefixes }: Listing): BrigadeError {
  const subject = formatS3Uri({ bucket, key: prefixes[0] ?? '' });
  return new BrigadeError('InvalidInput', l10n.t('No objects match the filter.'), { subject });
}

function howFound(listing: Listing): string {
  if (generatorOf(listing) !== undefined) {
    return l10n.t('S3 lists them when it prepares the job; nothing is listed now.');
  }
  return listing.filter.tags === undefined
    ? l10n.t('They are listed here and written to a manifest.')
    : l10n.t(
        'They are listed here, with one GetObjectTagging request each, and written to a manifest.',
      );
}

/** Writes a manifest of what S3's generator can't find, and reads it as any other. */
async function written(
  position: PromptPosition,
  asking: Resolving,
  selection: Exclude<ObjectSelection, { readonly kind: 'manifest' }>,
): Promise<DraftManifest | undefined> {
  const bucket = bucketOfSelection(selection);
  const { session, context } = asking;
  const to = await chooseManifestPlace(position, session, context.workspaceState, bucket);
  const { key } = await writeManifest(asking, session, selection, to);
  return await readSettled(asking, { bucket: to.bucket, key });
}

/** The bucket of the objects. */
function bucketOfSelection(
  selection: Exclude<ObjectSelection, { readonly kind: 'manifest' }>,
): string {
  return selection.kind === 'objects' ? (selection.objects[0]?.bucket ?? '') : selection.bucket;
}

async function readSettled(
  { session, documents }: Resolving,
  place: { readonly bucket: string; readonly key: string },
): Promise<DraftManifest | undefined> {
  const read = await readManifestOf(session, place);
  const settled = await settleProblems(session, documents, read);
  return settled === 'another' ? undefined : settled;
}
