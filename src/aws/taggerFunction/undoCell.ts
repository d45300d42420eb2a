import { encodeManifestKey } from '../manifest/manifestKey.ts';
import type { Tag } from '../objects/tagRules.ts';
import { toPairs } from '../tagChanges/formerTags.ts';
import type { FormerTags } from '../tagChanges/revert.ts';

/**
 * Rows of an undo's manifest carry JSON in the key column (Amazon S3 user guide, "Providing task-level
 * information in Lambda manifests"): `k` the key; `c` the tags that were changed with their value before
 * and after, `t` the whole former set, or `r` the key of the record that has them. `lambda/tagger/task.ts`
 * reads them. Nothing here loads the AWS SDK.
 */

/** Characters of a manifest's key column; whether before or after URL encoding is not said. */
const MAX_CELL = 1024;

/** The cell with an object's former tags; undefined where they don't fit. */
export function undoCell(key: string, former: FormerTags): string | undefined {
  return cellOf({ k: key, ...tagsOf(former) });
}

/** The cell that names the record of an object's former tags, with the object's key where it fits. */
export function recordCell(key: string, recordKey: string): string | undefined {
  return cellOf({ k: key, r: recordKey }) ?? cellOf({ r: recordKey });
}

/**
 * The object's key that a decoded cell of an undo's manifest is about: empty where only the record knows it,
 * undefined where it is no such cell.
 */
export function keyOfUndoCell(decoded: string): string | undefined {
  try {
    const { k, r } = Object(JSON.parse(decoded)) as { k?: unknown; r?: unknown };
    return typeof k === 'string' ? k : typeof r === 'string' ? '' : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(value: object): string | undefined {
  const cell = encodeManifestKey(JSON.stringify(value));
  return cell.length <= MAX_CELL ? cell : undefined;
}

function tagsOf({ before, after }: FormerTags): object {
  if (after === undefined) return { t: toPairs(before) };
  const keys = new Set([...before, ...after].map(({ key }) => key));
  const changed = [...keys]
    .map(key => [key, valueOf(before, key), valueOf(after, key)] as const)
    .filter(([, one, other]) => one !== other);
  return { c: changed };
}

function valueOf(tags: readonly Tag[], key: string): string | null {
  return tags.find(tag => tag.key === key)?.value ?? null;
}
