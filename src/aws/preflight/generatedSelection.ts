import type { JobGenerator } from '../manifest/jobManifest.ts';
import type { Listing } from '../selection/selection.ts';

/** What S3 would find, as it is listed here; filters that only S3 knows are left out. */
export function generatedSelection(generator: JobGenerator): Listing {
  const { sourceBucket: bucket, prefix = '', suffix, contains, storageClasses } = generator;
  const { minBytes, maxBytes, modifiedAfter, modifiedBefore } = generator;
  const sizes = { minBytes, maxBytes };
  const dates = { modifiedAfter, modifiedBefore };
  const filter = { suffix, contains, storageClasses, ...sizes, ...dates };
  return { kind: 'listing', bucket, prefixes: [prefix], filter, versions: 'current' };
}
