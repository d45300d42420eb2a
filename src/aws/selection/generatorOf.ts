import type { ManifestGenerator } from '../manifest/jobManifest.ts';
import type { ObjectSelection } from './selection.ts';

/** What S3's own generator takes of storage classes (Amazon S3 API, "JobManifestGeneratorFilter"). */
const CLASSES = new Set([
  ...['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER', 'GLACIER_IR', 'INTELLIGENT_TIERING'],
  'DEEP_ARCHIVE',
]);

/**
 * The selection for S3's own manifest generator, which lists nothing here and takes billions of objects;
 * undefined where it can't tell the objects that way: it takes one prefix, one suffix and one substring,
 * current versions only, and no tags or patterns.
 */
export function generatorOf(
  selection: ObjectSelection,
): Omit<ManifestGenerator, 'output'> | undefined {
  if (selection.kind !== 'listing' || selection.versions === 'all') return undefined;
  const { bucket, prefixes, filter, objects = [] } = selection;
  const [prefix, ...more] = prefixes;
  const { glob, regex, tags = [], storageClasses = [], ...rest } = filter;
  const can =
    prefix !== undefined &&
    more.length === 0 &&
    objects.length === 0 &&
    glob === undefined &&
    regex === undefined &&
    tags.length === 0 &&
    storageClasses.every(one => CLASSES.has(one));
  if (!can) return undefined;
  return {
    sourceBucket: bucket,
    ...(prefix !== '' && { prefix }),
    ...rest,
    ...(storageClasses.length > 0 && { storageClasses }),
  };
}
