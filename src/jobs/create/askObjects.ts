import { ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import { MAX_KEY_FILTER_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pickS3LocationOr } from '../../vscode/pickS3Location.ts';
import { BackPressed, askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { showError } from '../../vscode/showError.ts';
import {
  countFound,
  countText,
  countIfPermitted,
  nothingFound,
  readManifestOf,
  settleProblems,
} from './readManifest.ts';
import { askKeyFile } from '../selection/askKeyFile.ts';
import { NO_FILTER } from '../../vscode/selection/selectedRows.ts';
import type { PromptContext, DraftManifest, FoundObjects } from './draft.ts';
import { resolveSelection } from './resolveSelection.ts';

/**
 * Asks what a job goes over: the objects of a bucket or prefix, those that a filter leaves, what a
 * manifest names, or the keys in a file. What is selected is taken, and can be left with Back.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForObjects(
  position: PromptPosition,
  asking: PromptContext,
): Promise<DraftManifest> {
  const begin = beginOf(asking);
  const { selected } = asking.draft.manifest === undefined ? asking : { selected: undefined };
  let chosen: Chosen | undefined =
    selected ?? (begin !== undefined && !isObject(begin) ? begin : undefined);
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
    if (chosen !== 'keyFile' && !isSelection(chosen)) {
      from = isObject(chosen) ? parent(chosen) : chosen;
    }
    chosen = undefined;
  }
}

/** A place in S3, what is selected, or a file that is still to be chosen. */
type Chosen = S3Location | ObjectSelection | 'keyFile';

function isNothingFound(error: unknown): boolean {
  return (
    error instanceof BrigadeError && (error.code === 'InvalidInput' || error.reason === 'NoObjects')
  );
}

/** What was answered before, or where the command was called. */
function beginOf({ draft: { manifest }, from }: PromptContext): S3Location | undefined {
  if (manifest === undefined) return from;
  return isGenerator(manifest)
    ? { bucket: manifest.sourceBucket, ...(manifest.prefix && { key: manifest.prefix }) }
    : { bucket: manifest.bucket, key: manifest.key };
}

function isObject(place: S3Location): place is ObjectLocation {
  return place.key !== undefined && place.key !== '' && !place.key.endsWith('/');
}

async function askPlace(
  position: PromptPosition,
  { clients }: Session,
  from: S3Location | undefined,
): Promise<S3Location | 'keyFile'> {
  const chosen = await pickS3LocationOr(clients, {
    ...position,
    question: l10n.t('Select objects, or a manifest that lists them'),
    kind: 'any',
    accepts: looksLikeManifest,
    ...(from && { from }),
    others: [
      {
        label: l10n.t('Keys in a File on This Computer…'),
        description: l10n.t('a CSV, or one key per line'),
        iconPath: new ThemeIcon('file'),
        value: 'keyFile' as const,
      },
    ],
  });
  return chosen.place ?? chosen.value;
}

/** The objects of the place that was chosen, or undefined to choose another. */
async function settle(
  position: PromptPosition,
  asking: PromptContext,
  place: Chosen,
): Promise<DraftManifest | undefined> {
  const {
    session,
    documents,
    draft: { manifest },
  } = asking;
  if (place === 'keyFile') {
    return await resolveSelection(position, asking, await askKeyFile(position, session));
  }
  if (isSelection(place)) return await resolveSelection(position, asking, place);
  if (!isObject(place)) {
    const before = manifest !== undefined && isGenerator(manifest) ? manifest.suffix : undefined;
    const found = await askKeys(position, session, place, before);
    if (found !== 'filter') return found;
    const { bucket, key = '' } = place;
    const all = { kind: 'listing', bucket, filter: NO_FILTER, versions: 'current' } as const;
    return await resolveSelection(position, asking, { ...all, prefixes: [key] });
  }
  const settled = await settleProblems(session, documents, await readManifestOf(session, place));
  return settled === 'another' ? undefined : settled;
}

/** Rows of the Buckets view have a kind too, but none of these. */
function isSelection(place: S3Location | ObjectSelection): place is ObjectSelection {
  return 'kind' in place && /^(objects|listing|manifest|file)$/.test(place.kind);
}

interface KeysItem extends QuickPickItem {
  readonly found: FoundObjects | 'enter' | 'filter';
}

/** Suffixes offered: those of most objects. */
const OFFERED = 5;

/** Asks which keys below a bucket or prefix are meant: all, or those with one suffix. */
async function askKeys(
  position: PromptPosition,
  session: Session,
  { bucket, key }: S3Location,
  before: string | undefined,
): Promise<FoundObjects | 'filter'> {
  const place: FoundObjects = { sourceBucket: bucket, ...(key && { prefix: key }) };
  const { found } = await pick<KeysItem>({
    ...position,
    placeholder: l10n.t('Select objects in {0}', formatS3Uri({ bucket, key })),
    items: signal => keysItems(session, place, signal),
    active: ({ found: item }) => typeof item === 'object' && item.suffix === before,
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
  const count = await countIfPermitted(session, { bucket, prefix }, signal);
  if (count?.objects === 0 && count.complete) throw nothingFound(place);
  const complete = count?.complete ?? false;
  const several = (count?.suffixes ?? []).filter(({ objects }) => objects !== count?.objects);
  return [
    keysItem(l10n.t('All Objects'), { ...place, ...(count && { count }) }),
    ...several.slice(0, OFFERED).map(({ suffix, objects }) => {
      const label = l10n.t('With Suffix {0}', suffix);
      return keysItem(label, { ...place, suffix, count: { objects, complete } });
    }),
    {
      label: l10n.t('Filter by Suffix…'),
      iconPath: new ThemeIcon('edit'),
      found: 'enter',
    },
    {
      label: l10n.t('Filter…'),
      description: l10n.t('by key, size, date, storage class, tags; versions'),
      iconPath: new ThemeIcon('filter'),
      found: 'filter',
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
    prompt: l10n.t('Key suffix (case-sensitive)'),
    placeholder: l10n.t('For example: .png'),
    ...(value !== undefined && { value }),
    validate: text =>
      text.length >= 1 && text.length <= MAX_KEY_FILTER_LENGTH
        ? undefined
        : l10n.t('1 to {0} characters.', MAX_KEY_FILTER_LENGTH),
  });
}

/** The prefix an object lies in. */
function parent({ bucket, key }: { bucket: string; key: string }): S3Location {
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  return prefix === '' ? { bucket } : { bucket, key: prefix };
}
