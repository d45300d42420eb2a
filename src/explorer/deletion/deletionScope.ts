import type { ObjectRef, ObjectSelection } from '../../aws/selection/selection.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { isObject, isRow } from '../tree/rows.ts';

/** What a delete is about: objects that were chosen, and all that is below prefixes. */
export interface DeletionScope {
  readonly objects: readonly ObjectRef[];
  readonly prefixes: readonly { readonly bucket: string; readonly key: string }[];
}

/** The objects and prefixes of a selection, each once. A bucket is never emptied so. */
export function scopeOf(chosen: readonly S3Location[]): DeletionScope {
  const objects = new Map<string, ObjectRef>();
  const prefixes = new Map<string, { bucket: string; key: string }>();
  for (const location of chosen) {
    const { bucket, key } = location;
    if (isObject(location)) objects.set(formatS3Uri(location), refOf(location));
    else if (key && !(isRow(location) && location.kind !== 'prefix')) {
      prefixes.set(formatS3Uri(location), { bucket, key });
    }
  }
  return { objects: [...objects.values()], prefixes: [...prefixes.values()] };
}

function refOf(location: S3Location & { readonly key: string }): ObjectRef {
  const { bucket, key } = location;
  const size = isRow(location) && location.kind === 'object' ? location.summary.size : undefined;
  return { bucket, key, ...(size !== undefined && { size }) };
}

/** The same as what the worker reads, a selection a bucket. */
export function selectionsOf({ objects, prefixes }: DeletionScope): ObjectSelection[] {
  return bucketsOf({ objects, prefixes }).map(bucket => {
    const own = objects.filter(object => object.bucket === bucket);
    const below = prefixes.filter(prefix => prefix.bucket === bucket).map(({ key }) => key);
    if (below.length === 0) return { kind: 'objects', objects: own };
    return {
      ...{ kind: 'listing', bucket, prefixes: below, filter: {}, versions: 'current' },
      objects: own.filter(({ key }) => !below.some(prefix => key.startsWith(prefix))),
    };
  });
}

export function bucketsOf({ objects, prefixes }: DeletionScope): string[] {
  return [...new Set([...objects, ...prefixes].map(({ bucket }) => bucket))];
}

/** As people know it: keys of objects, and prefixes. */
export function namesOf({ objects, prefixes }: DeletionScope): string[] {
  return [...prefixes, ...objects].map(({ key }) => key);
}
