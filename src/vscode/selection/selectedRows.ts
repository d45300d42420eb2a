import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import type { ObjectFilter, ObjectRef, ObjectSelection } from '../../aws/selection/selection.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';

/** Nothing is filtered out. */
export const NO_FILTER: ObjectFilter = {};

/**
 * The objects that rows of the Buckets view, or places given otherwise, stand for. One object that looks
 * like a manifest is taken for one; among others it is an object like them.
 *
 * @returns `severalBuckets` for folders of more than one bucket, or folders of one and objects of
 *   another: a job goes over one
 */
export function selectionOf(
  places: readonly S3Location[],
): ObjectSelection | 'severalBuckets' | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  if (places.length === 1 && isObject(first) && looksLikeManifest(first.key)) {
    return { kind: 'manifest', bucket: first.bucket, key: first.key };
  }
  if (new Set(places.map(({ bucket }) => bucket)).size > 1) return 'severalBuckets';
  const objects = distinct(places.filter(isObject));
  const folders = places.filter(place => !isObject(place));
  if (folders.length === 0) return { kind: 'objects', objects };
  const prefixes = outermost(folders.map(({ key = '' }) => key));
  const beside = objects.filter(({ key }) => !prefixes.some(prefix => key.startsWith(prefix)));
  return {
    kind: 'listing',
    bucket: first.bucket,
    prefixes,
    filter: NO_FILTER,
    versions: 'current',
    ...(beside.length > 0 && { objects: beside }),
  };
}

/** Whether a place is an object. Rows say what they are: an object's key may end in a slash. */
export function isObject(place: S3Location & { readonly kind?: unknown }): place is ObjectLocation {
  if (place.key === undefined || place.key === '') return false;
  return place.kind === undefined ? !place.key.endsWith('/') : place.kind === 'object';
}

/** What a row knows of its object besides its name. */
interface KnownObject extends ObjectLocation {
  readonly summary?: { readonly size?: number };
}

function distinct(places: readonly KnownObject[]): ObjectRef[] {
  const byKey = new Map(places.map(place => [place.key, place]));
  return [...byKey.values()].map(({ bucket, key, summary }) => {
    const size = summary?.size;
    return { bucket, key, ...(size !== undefined && { size }) };
  });
}

/** Without those that lie in another. */
function outermost(prefixes: readonly string[]): string[] {
  const all = [...new Set(prefixes)].sort();
  return all.filter(prefix => !all.some(other => other !== prefix && prefix.startsWith(other)));
}
