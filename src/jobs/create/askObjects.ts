import { ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import { MAX_KEY_FILTER_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { BackPressed, askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { showError } from '../../vscode/showError.ts';
import {
  countFound,
  countText,
  countUnlessDenied,
  nothingFound,
  readManifestOf,
  settleProblems,
  type ManifestPlace,
} from './readManifest.ts';
import type { Asking, DraftManifest, FoundObjects } from './draft.ts';

/**
 * Asks what a job goes over: the objects of a bucket or prefix, which S3 finds itself, or what a
 * manifest names. A bucket or prefix to begin in is taken, and can be left with Back.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForObjects(
  position: PromptPosition,
  asking: Asking,
): Promise<DraftManifest> {
  const begin = beginOf(asking);
  let chosen = begin !== undefined && !isObject(begin) ? begin : undefined;
  let from = begin && isObject(begin) ? parent(begin) : begin;
  for (;;) {
    chosen ??= await askPlace(position, asking.session, from);
    try {
      const answer = await settle({ ...position, canGoBack: true }, asking, chosen);
      if (answer !== undefined) return answer;
    } catch (error) {
      if (!isNothingFound(error) && !(error instanceof BackPressed)) throw error;
      // Another place may hold what is meant.
      if (!(error instanceof BackPressed)) void showError(error, { doing: 'choosing objects' });
    }
    from = isObject(chosen) ? parent(chosen) : chosen;
    chosen = undefined;
  }
}

function isNothingFound(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'InvalidInput';
}

/** What was answered before, or where the command was called. */
function beginOf({ draft: { manifest }, from }: Asking): S3Location | undefined {
  if (manifest === undefined) return from;
  return isGenerator(manifest)
    ? { bucket: manifest.sourceBucket, ...(manifest.prefix && { key: manifest.prefix }) }
    : { bucket: manifest.bucket, key: manifest.key };
}

function isObject(place: S3Location): place is Required<S3Location> {
  return place.key !== undefined && place.key !== '' && !place.key.endsWith('/');
}

async function askPlace(
  position: PromptPosition,
  { clients }: Session,
  from: S3Location | undefined,
): Promise<S3Location> {
  const options = { ...position, kind: 'any', accepts: looksLikeManifest } as const;
  return await pickS3Location(clients, { ...options, ...(from && { from }) });
}

/** The objects of the place that was chosen, or undefined to choose another. */
async function settle(
  position: PromptPosition,
  { session, documents, draft: { manifest } }: Asking,
  place: S3Location,
): Promise<DraftManifest | undefined> {
  if (!isObject(place)) {
    const before = manifest !== undefined && isGenerator(manifest) ? manifest.suffix : undefined;
    return await askKeys(position, session, place, before);
  }
  const settled = await settleProblems(session, documents, await readManifestOf(session, place));
  return settled === 'another' ? undefined : settled;
}

interface KeysItem extends QuickPickItem {
  readonly found: FoundObjects | 'enter';
}

/** Suffixes offered: those of most objects. */
const OFFERED = 5;

/** Asks which keys below a bucket or prefix are meant: all, or those with one suffix. */
async function askKeys(
  position: PromptPosition,
  session: Session,
  { bucket, key }: S3Location,
  before: string | undefined,
): Promise<FoundObjects> {
  const place: FoundObjects = { sourceBucket: bucket, ...(key && { prefix: key }) };
  const { found } = await pick<KeysItem>({
    ...position,
    placeholder: l10n.t('Which objects in {0}?', formatS3Uri({ bucket, key })),
    items: signal => keysItems(session, place, signal),
    active: item => item.found !== 'enter' && item.found.suffix === before,
  });
  if (found !== 'enter') return found;
  const suffix = await askSuffix(position, before);
  return await countFound(session, { ...place, suffix });
}

async function keysItems(
  session: Session,
  place: FoundObjects,
  signal: AbortSignal,
): Promise<KeysItem[]> {
  const { sourceBucket: bucket, prefix } = place;
  const count = await countUnlessDenied(session, { bucket, prefix }, signal);
  if (count?.objects === 0 && count.complete) throw nothingFound(place);
  const complete = count?.complete ?? false;
  const several = (count?.suffixes ?? []).filter(({ objects }) => objects !== count?.objects);
  return [
    keysItem(l10n.t('All Objects'), { ...place, ...(count && { count }) }),
    ...several.slice(0, OFFERED).map(({ suffix, objects }) => {
      const label = l10n.t('Those Ending in {0}', suffix);
      return keysItem(label, { ...place, suffix, count: { objects, complete } });
    }),
    {
      label: l10n.t('Those Ending in…'),
      iconPath: new ThemeIcon('edit'),
      found: 'enter',
    },
  ];
}

function keysItem(label: string, found: FoundObjects): KeysItem {
  const { count, suffix } = found;
  const iconPath = new ThemeIcon(suffix === undefined ? 'files' : 'filter');
  return { label, iconPath, found, ...(count && { description: countText(count) }) };
}

async function askSuffix(position: PromptPosition, value: string | undefined): Promise<string> {
  return await askText({
    ...position,
    prompt: l10n.t('What the keys end with; S3 tells capitals apart'),
    placeholder: l10n.t('For example: .png'),
    ...(value !== undefined && { value }),
    validate: text =>
      text.length >= 1 && text.length <= MAX_KEY_FILTER_LENGTH
        ? undefined
        : l10n.t('1 to {0} characters.', MAX_KEY_FILTER_LENGTH),
  });
}

/**
 * Lets a person choose a manifest, reads it, and asks again until one is chosen that can be used.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askUsableManifest(
  position: PromptPosition,
  { session, documents, from, draft: { manifest } }: Asking,
): Promise<ManifestSummary> {
  const begin = manifest === undefined || isGenerator(manifest) ? from : parent(manifest);
  for (;;) {
    const place = await askForManifest(position, session, begin);
    const read = await readManifestOf(session, place);
    const settled = await settleProblems(session, documents, read);
    if (settled !== 'another') return settled;
  }
}

/** Lets a person walk from the buckets to a manifest, or type its S3 URI. */
async function askForManifest(
  position: PromptPosition,
  { clients }: Session,
  from: S3Location | undefined,
): Promise<ManifestPlace> {
  const question = l10n.t('Which manifest names the objects?');
  const options = { ...position, question, kind: 'object', accepts: looksLikeManifest } as const;
  const { bucket, key } = await pickS3Location(clients, { ...options, ...(from && { from }) });
  if (key === undefined) throw new BackPressed();
  return { bucket, key };
}

/** The prefix an object lies in. */
export function parent({ bucket, key }: { bucket: string; key: string }): S3Location {
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  return prefix === '' ? { bucket } : { bucket, key: prefix };
}
