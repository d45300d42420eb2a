import { permanent } from './fault.ts';
import { checked, type Changed } from './tagChange.ts';
import { valueOf, type Tag } from './tag.ts';

/** One tag that a job changed: what its value was and what the job made of it; null: there was none. */
export type ChangedTag = readonly [key: string, before: string | null, after: string | null];

/** What an undo puts back: the tags that a job changed, or a whole set where only that is known. */
export type Former =
  { readonly changed: readonly ChangedTag[] } | { readonly whole: readonly Tag[] };

/** What happens to an object some of whose tags were changed by someone since. */
export type WhenChanged = 'keep' | 'overwrite';

/**
 * Undoes a change: the tags that it changed get their former values, or go, and all others stay, those too
 * that someone added since.
 *
 * @throws Fault permanent `ChangedSince` where someone has changed such a tag again and `keep` is wanted;
 *   `TooManyTags`, `InvalidTag`
 */
export function revert(current: readonly Tag[], former: Former, whenChanged: WhenChanged): Changed {
  if ('whole' in former) return checked(current, former.whole);
  const { changed } = former;
  // What is as it was needs nothing, whoever has done that.
  const since = changed.filter(([key, before, after]) => {
    const now = valueOf(current, key) ?? null;
    return now !== after && now !== before;
  });
  if (since.length > 0 && whenChanged === 'keep') {
    const keys = since.map(([key]) => JSON.stringify(key)).join(', ');
    throw permanent('ChangedSince', `Changed by someone since the job: ${keys}`);
  }
  const others = current.filter(([key]) => !changed.some(([one]) => one === key));
  const back = changed.flatMap(([key, before]): Tag[] => (before === null ? [] : [[key, before]]));
  return checked(current, [...others, ...back]);
}

/** The tags that differ between two sets. */
export function changedBetween(before: readonly Tag[], after: readonly Tag[]): ChangedTag[] {
  const keys = new Set([...before, ...after].map(([key]) => key));
  return [...keys]
    .map(key => [key, valueOf(before, key) ?? null, valueOf(after, key) ?? null] as const)
    .filter(([, one, other]) => one !== other);
}
