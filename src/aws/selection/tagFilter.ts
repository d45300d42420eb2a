import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { getObjectTags } from '../objects/tags.ts';
import { Pace } from '../pace.ts';
import { matchesTags } from './objectFilter.ts';
import type { Listing, ObjectRef } from './selection.ts';

/** Requests at a time. */
const MAX_CONCURRENCY = 32;

/**
 * Keeps the objects whose tags match the filter: one GetObjectTagging each. An object that has been
 * deleted by then doesn't match.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetObjectTagging): a filter can't skip what it may not read
 */
export function tagFilter(
  clients: AwsClients,
  { bucket, filter }: Pick<Listing, 'bucket' | 'filter'>,
  options: CallOptions,
): (refs: readonly ObjectRef[]) => Promise<readonly ObjectRef[]> {
  const conditions = filter.tags ?? [];
  if (conditions.length === 0) return refs => Promise.resolve(refs);
  const pace = new Pace({ most: MAX_CONCURRENCY });
  return async refs => {
    const client = await clients.s3ForBucket(bucket, options.signal);
    const matches = refs.map(async ref => {
      try {
        const tags = await pace.run(() => getObjectTags(client, ref, options), options);
        return matchesTags(tags, conditions);
      } catch (error) {
        if (error instanceof BrigadeError && error.code === 'NotFound') return false;
        throw error;
      }
    });
    const found = await Promise.all(matches);
    return refs.filter((_, index) => found[index]);
  };
}
