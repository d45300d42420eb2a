import type { Tag } from '../objects/tagRules.ts';
import { checked, type AppliedChange } from './tagChange.ts';

/** What happens to an object some of whose tags were changed by someone since. */
export type WhenChanged = 'keep' | 'overwrite';

export interface FormerTags {
  /** What was there before the change that is undone. */
  readonly before: readonly Tag[];
  /** What it left; undefined where that is not known any more. */
  readonly after?: readonly Tag[];
}

/**
 * Undoes a change: the tags that it changed get their former values, or go, and all others stay,
 * those too that someone added since. A tag that it changed and someone else has changed again is
 * a problem, or goes back all the same with `overwrite`. Where it is not known what the change left,
 * the former set is restored as a whole.
 */
export function revertTagChange(
  current: readonly Tag[],
  { before, after }: FormerTags,
  whenChanged: WhenChanged,
): AppliedChange {
  if (after === undefined) return checked(current, before);
  const touched = touchedKeys(before, after);
  // What is as it was needs nothing, whoever has done that.
  const since = touched.filter(
    key =>
      valueOf(current, key) !== valueOf(after, key) &&
      valueOf(current, key) !== valueOf(before, key),
  );
  if (since.length > 0 && whenChanged === 'keep') {
    return { problem: { kind: 'changedSince', keys: since } };
  }
  const others = current.filter(({ key }) => !touched.includes(key));
  return checked(current, [...others, ...before.filter(({ key }) => touched.includes(key))]);
}

/** The keys of tags that differ between two sets. */
function touchedKeys(before: readonly Tag[], after: readonly Tag[]): string[] {
  const keys = new Set([...before, ...after].map(({ key }) => key));
  return [...keys].filter(key => valueOf(before, key) !== valueOf(after, key));
}

function valueOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(tag => tag.key === key)?.value;
}
