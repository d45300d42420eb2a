import { compareKeys } from './keyOrder.ts';
import type { Listing, ObjectRef } from './selection.ts';

/** A part of a bucket's keys that one listing goes through; as JSON, to be continued later. */
export interface KeyRange {
  readonly prefix: string;
  /** Keys up to this one are done. */
  readonly after?: string;
  /** Of the key `after`, versions up to this one are done; absent: all of them. */
  readonly afterVersion?: string;
  /** The last key, where it ends before the prefix does. */
  readonly until?: string;
}

/** What a listing goes through, no key twice. */
export function rangesOf({ prefixes }: Pick<Listing, 'prefixes'>): KeyRange[] {
  const sorted = [...new Set(prefixes)].sort(compareKeys);
  let last: string | undefined;
  return sorted.flatMap(prefix => {
    if (last !== undefined && prefix.startsWith(last)) return [];
    last = prefix;
    return [{ prefix }];
  });
}

/** A page of a range. */
export interface KeyPage {
  readonly refs: readonly ObjectRef[];
  /** What is left of the range; undefined at its end. */
  readonly rest: KeyRange | undefined;
}

/** What is in a range of a page that may go beyond its end. */
export function cutPage(range: KeyRange, { refs, rest }: KeyPage): KeyPage {
  const { until } = range;
  if (until === undefined) return { refs, rest };
  const beyond = ({ key }: { key: string }): boolean => compareKeys(key, until) > 0;
  const last = refs.at(-1);
  if (last && beyond(last)) return { refs: refs.slice(0, refs.findIndex(beyond)), rest: undefined };
  const ended = rest?.after !== undefined && compareKeys(rest.after, until) >= 0;
  // Versions of the last key may still follow.
  const more = rest?.afterVersion !== undefined && rest.after === until;
  return { refs, rest: rest && (!ended || more) ? { ...rest, until } : undefined };
}
