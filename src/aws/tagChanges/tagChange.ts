import { validateTags, type Tag, type TagProblem } from '../objects/tagRules.ts';

/** How each object's tags change. The tags that a change does not name stay as they are. */
export type TagChange =
  /** Sets tags; a key that is there already gets the new value. */
  | { readonly kind: 'add'; readonly tags: readonly Tag[] }
  /** Sets tags whose keys are not there yet. */
  | { readonly kind: 'addMissing'; readonly tags: readonly Tag[] }
  /** Gives the tag of a key another key; its value stays. Objects without the key stay as they are. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly keys: readonly string[] }
  | { readonly kind: 'removeAll' }
  | { readonly kind: 'replaceAll'; readonly tags: readonly Tag[] };

/** Why a change can't be made to an object. */
export type TagChangeProblem =
  | { readonly kind: 'rule'; readonly problem: TagProblem; readonly tag?: Tag }
  /** Both keys of a renaming are there: one of the two values would be lost. */
  | { readonly kind: 'keyExists'; readonly key: string }
  /** A tag that is to be restored was changed by someone since. */
  | { readonly kind: 'changedSince'; readonly keys: readonly string[] }
  /** What held the tags that are to be restored is missing or damaged. */
  | { readonly kind: 'formerTagsLost' };

export type AppliedChange =
  | { readonly after: readonly Tag[]; readonly changed: boolean }
  | { readonly problem: TagChangeProblem };

/**
 * The tags that an object has after a change, in their order, new ones at the end; or why it can't
 * be made: nothing of it is then. `changed` is false where the object is so already. Nothing here
 * loads the AWS SDK.
 */
export function applyTagChange(before: readonly Tag[], change: TagChange): AppliedChange {
  if (change.kind === 'rename' && change.from !== change.to) {
    const has = (key: string): boolean => before.some(tag => tag.key === key);
    if (has(change.from) && has(change.to)) {
      return { problem: { kind: 'keyExists', key: change.to } };
    }
  }
  return checked(before, changedTags(before, change));
}

/** A set that is wanted instead of another, if S3 takes it. */
export function checked(before: readonly Tag[], after: readonly Tag[]): AppliedChange {
  const changed = !sameTags(before, after);
  const [problem] = changed ? validateTags(after) : [];
  if (problem !== undefined) {
    return { problem: { kind: 'rule', problem, tag: after[problem.index] } };
  }
  return { after, changed };
}

function changedTags(before: readonly Tag[], change: TagChange): readonly Tag[] {
  switch (change.kind) {
    case 'add':
      return setAll(before, change.tags);
    case 'addMissing':
      return [...before, ...change.tags.filter(tag => !before.some(({ key }) => key === tag.key))];
    case 'rename':
      return before.map(tag => (tag.key === change.from ? { ...tag, key: change.to } : tag));
    case 'remove':
      return before.filter(({ key }) => !change.keys.includes(key));
    case 'removeAll':
      return [];
    case 'replaceAll':
      return change.tags;
  }
}

function setAll(before: readonly Tag[], tags: readonly Tag[]): readonly Tag[] {
  const kept = before.map(tag => tags.find(({ key }) => key === tag.key) ?? tag);
  return [...kept, ...tags.filter(tag => !before.some(({ key }) => key === tag.key))];
}

/** Whether two sets hold the same tags: S3 keeps no order. */
export function sameTags(one: readonly Tag[], other: readonly Tag[]): boolean {
  return (
    one.length === other.length &&
    one.every(tag => other.some(({ key, value }) => key === tag.key && value === tag.value))
  );
}

/** What is wrong with a change whatever the object: its own tags break a rule, or it names none. */
export function changeProblem(change: TagChange): TagChangeProblem | 'empty' | undefined {
  const own = ownTags(change);
  if (own?.length === 0 && change.kind !== 'replaceAll') return 'empty';
  const [problem] = validateTags(own ?? []);
  return problem && { kind: 'rule', problem, tag: own?.[problem.index] };
}

function ownTags(change: TagChange): readonly Tag[] | undefined {
  switch (change.kind) {
    case 'add':
    case 'addMissing':
    case 'replaceAll':
      return change.tags;
    case 'rename':
      return change.from === '' ? [] : [{ key: change.to, value: '' }];
    case 'remove':
      return change.keys.length === 0 ? [] : undefined;
    case 'removeAll':
      return undefined;
  }
}
