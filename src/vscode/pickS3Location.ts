import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError } from '../aws/errors.ts';
import { parentOf } from '../aws/keySegments.ts';
import type { ObjectSummary } from '../aws/objects/listing.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import { pastedAddress, typedAddress } from './describeAddress.ts';
import { formatCount, formatDate } from './formats.ts';
import { BackPressed, pick, type PromptPosition } from './prompts.ts';
import { visibleLabel } from './visibleText.ts';

export interface PickS3Options extends PromptPosition {
  /** What is asked for. A folder is a bucket or prefix; `any` takes an object or a folder. */
  readonly kind: 'bucket' | 'folder' | 'object' | 'any';
  /** What is looked for, as a question: `Which manifest names the objects?` */
  readonly question?: string;
  /** Where to begin; the list of buckets by default. */
  readonly from?: S3Location;
  /** Buckets to offer besides those that can be listed, such as ones added by name. */
  readonly moreBuckets?: readonly string[];
  /** Which objects to offer; all by default. A key that is typed is taken whatever it is. */
  readonly accepts?: (key: string) => boolean;
}

/** What may be chosen instead of a place in S3. */
interface OtherItem<T> extends QuickPickItem {
  readonly value: T;
}

interface LocationItem extends QuickPickItem {
  readonly action: 'choose' | 'enter' | 'more' | 'up' | 'other';
  readonly location?: S3Location;
}

/**
 * Lets the user browse from buckets into prefixes to objects, page by page, or type an S3 URI, a
 * bucket's name or a key, which also reaches what may be read but not listed.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back at the top.
 */
export async function pickS3Location(
  clients: AwsClients,
  options: PickS3Options,
): Promise<S3Location> {
  const { place } = await pickS3LocationOr<never>(clients, { ...options, others: [] });
  if (place === undefined) throw new Error('Something else than a place was chosen');
  return place;
}

/**
 * The same, with other things to choose below the list of buckets.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back at the top.
 */
export async function pickS3LocationOr<T>(
  clients: AwsClients,
  options: PickS3Options & { readonly others: readonly OtherItem<T>[] },
): Promise<
  | { readonly place: S3Location; readonly value?: undefined }
  | { readonly place?: undefined; readonly value: T }
> {
  let at = options.from;
  for (;;) {
    try {
      const chosen = at
        ? await pickInside(clients, at, options)
        : await pickBucket(clients, options, options.others);
      const other = options.others.find(({ label }) => label === chosen.label);
      if (chosen.action === 'other' && other) return { value: other.value };
      if (chosen.action === 'choose' && chosen.location) return { place: chosen.location };
      at = chosen.action === 'up' && at ? onePrefixUp(at) : chosen.location;
    } catch (error) {
      if (!(error instanceof BackPressed) || !at) throw error;
      at = onePrefixUp(at);
    }
  }
}

async function pickBucket(
  clients: AwsClients,
  options: PickS3Options,
  others: readonly QuickPickItem[],
): Promise<LocationItem> {
  const leaf = options.kind === 'bucket';
  let items: readonly LocationItem[] = [];
  return await pick<LocationItem>({
    ...options,
    placeholder: asking(options, l10n.t('Select a bucket, or enter its name or an S3 URI')),
    items: async signal => {
      items = await bucketItems(clients, options, signal);
      return [...items, ...otherItems(others)];
    },
    itemFor: typed => {
      if (items.some(item => item.location?.bucket === typed)) return undefined;
      const location = typedAddress(typed, clients.endpoint);
      return location && typedItem(leaf ? { bucket: location.bucket } : location, options);
    },
  });
}

function otherItems(others: readonly QuickPickItem[]): LocationItem[] {
  if (others.length === 0) return [];
  const separator = { label: l10n.t('Other'), kind: QuickPickItemKind.Separator };
  return [separator, ...others].map(item => ({ ...item, action: 'other' }));
}

async function bucketItems(
  clients: AwsClients,
  { kind, moreBuckets = [] }: PickS3Options,
  signal: AbortSignal,
): Promise<LocationItem[]> {
  const { listBuckets } = await import('../aws/objects/listing.ts');
  // A caller who may not list buckets can still type a name.
  const listed = await listBuckets(clients, { signal }).catch(emptyIfDenied);
  const regions = new Map(listed.map(bucket => [bucket.name, bucket.region]));
  const names = new Set([...regions.keys(), ...moreBuckets]);
  return [...names].sort().map(bucket => ({
    label: `$(database) ${bucket}`,
    description: regions.get(bucket) ?? '',
    action: kind === 'bucket' ? 'choose' : 'enter',
    location: { bucket },
  }));
}

function emptyIfDenied(error: unknown): [] {
  if (error instanceof BrigadeError && error.code === 'AccessDenied') return [];
  throw error;
}

/** Chooses below one bucket or prefix; later pages are added to the same list. */
async function pickInside(
  clients: AwsClients,
  at: S3Location,
  options: PickS3Options,
): Promise<LocationItem> {
  const items: LocationItem[] = headItems(at, options);
  let token: string | undefined;
  for (;;) {
    const before = items.length;
    const chosen = await pick<LocationItem>({
      ...options,
      canGoBack: true,
      placeholder: placeholderFor(at, options),
      items: async signal => {
        const page = await readPage(clients, at, options, token, signal);
        items.push(...page.items);
        token = page.nextToken;
        return token === undefined ? items : [...items, moreItem(items.length)];
      },
      active: item => before > 0 && item === items[before],
      itemFor: typed => {
        const location = pastedAddress(typed, clients.endpoint) ?? {
          ...at,
          key: (at.key ?? '') + typed,
        };
        if (items.some(item => item.location?.key === location.key)) return undefined;
        return typedItem(location, options);
      },
    });
    if (chosen.action !== 'more') return chosen;
  }
}

function placeholderFor(at: S3Location, options: PickS3Options): string {
  const where = formatS3Uri(at);
  const how =
    options.kind === 'folder'
      ? l10n.t('{0}: select a folder, or enter a prefix', where)
      : l10n.t('{0}: select an object, or enter its key', where);
  return asking(options, how);
}

function asking({ question }: PickS3Options, how: string): string {
  return question === undefined ? how : `${question} ${how}`;
}

function headItems(at: S3Location, { kind }: PickS3Options): LocationItem[] {
  const up: LocationItem = { label: '$(arrow-up) ..', action: 'up' };
  if (kind === 'object') return [up];
  const here: LocationItem = {
    label: l10n.t('$(check) Use this folder'),
    description: formatS3Uri(at),
    action: 'choose',
    location: at,
  };
  return [here, up];
}

async function readPage(
  clients: AwsClients,
  at: S3Location,
  { kind, accepts }: PickS3Options,
  continuationToken: string | undefined,
  signal: AbortSignal,
): Promise<{ items: LocationItem[]; nextToken?: string }> {
  const { listObjects } = await import('../aws/objects/listing.ts');
  const { bucket, key: prefix = '' } = at;
  const client = await clients.s3ForBucket(bucket, signal);
  const page = await listObjects(client, { bucket, prefix, continuationToken }, { signal });
  const folders = page.prefixes.map((key): LocationItem => ({
    label: `$(folder) ${visibleLabel(key.slice(prefix.length))}`,
    action: 'enter',
    location: { bucket, key },
  }));
  const offered = page.objects.filter(
    object => kind !== 'folder' && (accepts?.(object.key) ?? true),
  );
  const objects = offered.map(object => objectItem(at, object));
  return { items: [...folders, ...objects], nextToken: page.nextToken };
}

function objectItem({ bucket, key: prefix = '' }: S3Location, object: ObjectSummary): LocationItem {
  return {
    label: `$(file) ${visibleLabel(object.key.slice(prefix.length))}`,
    description: object.lastModified ? formatDate(object.lastModified) : '',
    action: 'choose',
    location: { bucket, key: object.key },
  };
}

function moreItem(loaded: number): LocationItem {
  const label = l10n.t('$(ellipsis) Load more');
  return {
    label,
    description: l10n.t('{0} loaded', formatCount(loaded)),
    action: 'more',
    alwaysShow: true,
  };
}

/** What was typed: taken as it is, but entered where it can't be the answer yet. */
function typedItem(typed: S3Location, { kind }: PickS3Options): LocationItem {
  const isFolder = typed.key === undefined || typed.key === '' || typed.key.endsWith('/');
  const enter = isFolder && (kind === 'object' || kind === 'any');
  const location = kind === 'folder' && !isFolder ? { ...typed, key: `${typed.key}/` } : typed;
  const uri = visibleLabel(formatS3Uri(location));
  return {
    label: enter ? l10n.t('$(folder) Go to {0}', uri) : uri,
    action: enter ? 'enter' : 'choose',
    location,
    alwaysShow: true,
  };
}

/** One prefix up; undefined above the bucket itself. */
function onePrefixUp({ bucket, key = '' }: S3Location): S3Location | undefined {
  if (key === '') return undefined;
  const parent = parentOf(key);
  return parent === '' ? { bucket } : { bucket, key: parent };
}
