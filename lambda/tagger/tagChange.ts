import { permanent } from './fault.ts';
import { ruleBroken, sameTags, valueOf, type Tag } from './tag.ts';

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

/** What a change makes of a set of tags. `changed` is false where the object is so already. */
export interface Changed {
  readonly after: readonly Tag[];
  readonly changed: boolean;
}

/**
 * The tags that an object has after a change. The extension computes the same
 * (`src/aws/tagChanges/tagChange.ts`); a table of cases holds both together.
 *
 * @throws Fault permanent `KeyExists`, `TooManyTags`, `InvalidTag`
 */
export function applyChange(before: readonly Tag[], change: TagChange): Changed {
  if (change.kind === 'rename' && change.from !== change.to) {
    const { from, to } = change;
    if (valueOf(before, from) !== undefined && valueOf(before, to) !== undefined) {
      throw permanent(
        'KeyExists',
        `The tag ${JSON.stringify(from)} can't become ${JSON.stringify(to)}, which is there too`,
      );
    }
  }
  return checked(before, changedTags(before, change));
}

/** @throws Fault permanent where S3 would refuse the set that is wanted */
export function checked(before: readonly Tag[], after: readonly Tag[]): Changed {
  const changed = !sameTags(before, after);
  const broken = changed ? ruleBroken(after) : undefined;
  if (broken !== undefined) throw permanent(...broken);
  return { after, changed };
}

function changedTags(before: readonly Tag[], change: TagChange): readonly Tag[] {
  switch (change.kind) {
    case 'add':
      return setAll(before, change.tags);
    case 'addMissing':
      return [...before, ...change.tags.filter(([key]) => valueOf(before, key) === undefined)];
    case 'rename':
      return before.map(([key, value]) => [key === change.from ? change.to : key, value]);
    case 'remove':
      return before.filter(([key]) => !change.keys.includes(key));
    case 'removeAll':
      return [];
    case 'replaceAll':
      return change.tags;
  }
}

function setAll(before: readonly Tag[], tags: readonly Tag[]): readonly Tag[] {
  const kept = before.map(([key, value]): Tag => [key, valueOf(tags, key) ?? value]);
  return [...kept, ...tags.filter(([key]) => valueOf(before, key) === undefined)];
}
