import type { AwsClients } from '../clients.ts';
import { Pace } from '../pace.ts';
import { boundedMatching } from './boundedMatching.ts';
import { rangesOf, type KeyPage, type KeyRange } from './keyRange.ts';
import { KeySpace } from './keySpace.ts';
import { listPage } from './listPage.ts';
import type { ReadSelectionOptions, SelectionReading } from './reading.ts';
import { readChosen } from './readChosen.ts';
import type { Listing, ObjectRef } from './selection.ts';
import { tagFilter } from './tagFilter.ts';

/** Ranges that are listed at a time: more than one process can read. */
const LANES = 16;

/** The objects below prefixes that match a filter, and those chosen beside them. */
export function readListing(
  clients: AwsClients,
  listing: Listing,
  options: ReadSelectionOptions,
): SelectionReading {
  const from = options.from?.kind === 'ranges' ? options.from : undefined;
  const { objects = [] } = listing;
  const chosen = readChosen(objects, { from: { kind: 'count', done: from?.chosen ?? 0 } });
  const keys = keySpaceOf(clients, listing, from?.left ?? rangesOf(listing), options);
  return {
    position: () => ({ kind: 'ranges', chosen: doneOf(chosen), left: keys.left }),
    async *[Symbol.asyncIterator]() {
      const matching = boundedMatching(listing.filter);
      const isChosen = chosenIn(listing);
      const filterTags = tagFilter(clients, listing, options);
      let seen = doneOf(chosen);
      yield* chosen;
      for await (const refs of keys.pages()) {
        seen += refs.length;
        options.onProgress?.(seen);
        const found = await filterTags(matching(refs).filter(ref => !isChosen(ref)));
        if (found.length > 0) yield found;
      }
    },
  };
}

function keySpaceOf(
  clients: AwsClients,
  { bucket, versions }: Listing,
  ranges: readonly KeyRange[],
  { signal }: ReadSelectionOptions,
): KeySpace {
  const pace = new Pace({ most: LANES });
  const list = async (range: KeyRange, most?: number): Promise<KeyPage> => {
    const client = await clients.s3ForBucket(bucket, signal);
    const input = { bucket, versions, range, most };
    return await pace.run(() => listPage(client, input, { signal }), { signal });
  };
  const probe = (range: KeyRange) => async (after: string) => {
    const { refs, rest } = await list({ prefix: range.prefix, after }, 1);
    // A delete marker is no object, but a key.
    return refs[0]?.key ?? rest?.after;
  };
  return new KeySpace(ranges, { list: range => list(range), probe, most: LANES });
}

function doneOf(chosen: SelectionReading): number {
  const position = chosen.position();
  return position.kind === 'count' ? position.done : 0;
}

/** What was chosen beside the prefixes is not given again by the listing. */
function chosenIn({ bucket, objects = [] }: Listing): (ref: ObjectRef) => boolean {
  const names = objects.filter(ref => ref.bucket === bucket).map(versionKey);
  const chosen = new Set(names);
  return chosen.size === 0 ? () => false : ref => chosen.has(versionKey(ref));
}

function versionKey({ key, versionId = '' }: ObjectRef): string {
  return `${versionId} ${key}`;
}
