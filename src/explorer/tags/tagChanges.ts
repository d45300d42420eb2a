import type { ObjectTag } from '../../commands.ts';

/** One change of an object's tags: without `from` an addition, without `to` a removal. */
export interface TagChange {
  /** The key of the tag to change or remove. */
  readonly from?: string;
  readonly to?: ObjectTag;
}

/**
 * A tag set with changes made to it. S3 only replaces whole sets, so this is made to the set as it
 * is just before it is written: tags that no change names stay as they are, in their order.
 *
 * An addition never takes the place of a tag: where its key is there already, both are in the
 * result, for `validateTags` to refuse.
 */
export function applyTagChanges(
  tags: readonly ObjectTag[],
  changes: readonly TagChange[],
): ObjectTag[] {
  let result = [...tags];
  for (const { from, to } of changes) {
    const at = from === undefined ? -1 : result.findIndex(tag => tag.key === from);
    if (at < 0) result = to ? [...result, to] : result;
    else result = result.flatMap((tag, index) => (index !== at ? [tag] : to ? [to] : []));
  }
  return result;
}

/**
 * The same for one of several objects: an addition takes the place of a tag of its key, and a tag that
 * this object does not have is not changed.
 */
export function setTags(tags: readonly ObjectTag[], changes: readonly TagChange[]): ObjectTag[] {
  let result = [...tags];
  for (const { from, to } of changes) {
    const has = (key: string): boolean => result.some(tag => tag.key === key);
    if (from !== undefined && !has(from)) continue;
    const at = from ?? (to && has(to.key) ? to.key : undefined);
    result = applyTagChanges(result, [{ from: at, ...(to && { to }) }]);
  }
  return result;
}

/** The changes that make `after` of `before`, tag by tag. */
export function changesBetween(
  before: readonly ObjectTag[],
  after: readonly ObjectTag[],
): TagChange[] {
  const removed = before.filter(tag => !after.some(other => other.key === tag.key));
  const changed = after.flatMap((to): TagChange[] => {
    const old = before.find(tag => tag.key === to.key);
    if (!old) return [{ to }];
    return old.value === to.value ? [] : [{ from: to.key, to }];
  });
  // Removals first, so that a full set has room.
  return [...removed.map(tag => ({ from: tag.key })), ...changed];
}
