import { recoverFrom } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { compareCopy } from '../objects/rewrite/compareCopy.ts';
import type { CopiedObject } from '../objects/rewrite/copyObject.ts';
import type { CopyRoute } from '../objects/rewrite/copyRoute.ts';
import { deleteUnchanged } from '../objects/rewrite/deleteUnchanged.ts';
import { readPlainState, type ObjectState } from '../objects/rewrite/objectState.ts';
import type { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { CopyItem } from './copies.ts';

/** An object with its verified copy. */
export interface Copied {
  readonly item: CopyItem;
  readonly copy: CopiedObject;
}

interface Deletion {
  readonly pace: Pace;
  readonly onMoved: (moved: Copied) => void;
  /** @returns false for what all others would meet too */
  readonly onFailed: (item: CopyItem, error: BrigadeError) => boolean;
}

/**
 * Deletes the originals of verified copies, those that still are what was copied.
 *
 * @param open what is to be deleted, by key; what is settled, well or not, is taken out of it
 * @throws BrigadeError what is left of `open` would meet too, or may be deleted without an answer
 */
export async function deleteOriginals(
  source: CopyRoute['source'],
  open: Map<string, Copied>,
  deletion: Deletion,
): Promise<void> {
  const { client, bucket } = source;
  const { pace, onMoved, onFailed } = deletion;
  await Promise.all(
    [...open.values()].map(each => pace.run(() => lookAgain(source, each, open, deletion))),
  );
  const objects = [...open].map(([key, { copy }]) => ({ key, eTag: copy.sourceETag }));
  const { deleted, failed } = await pace.run(() => deleteUnchanged(client, { bucket, objects }));
  for (const key of deleted) {
    const moved = open.get(key);
    if (moved) onMoved(moved);
    open.delete(key);
  }
  for (const { key, error } of failed) {
    const item = open.get(key)?.item;
    if (item && !onFailed(item, error)) throw error;
    open.delete(key);
  }
}

/**
 * Looks once more at what is to be deleted: S3's condition is on the bytes, and another client may have
 * given them other metadata meanwhile. What is gone by now counts as moved: its copy is there.
 */
async function lookAgain(
  source: CopyRoute['source'],
  copied: Copied,
  open: Map<string, Copied>,
  { onMoved, onFailed }: Deletion,
): Promise<void> {
  const { item, copy } = copied;
  const now = await recoverFrom(['NotFound'], undefined, () => readPlainState(source, item.key));
  if (now && isUnchanged(copy.sourceState, now)) return;
  open.delete(item.key);
  if (now) onFailed(item, changed(item));
  else onMoved(copied);
}

/** Whether nothing has come to an object since it was read; its date has no parts of seconds. */
function isUnchanged(was: ObjectState, now: ObjectState): boolean {
  const isSame = now.eTag === was.eTag && now.modified === was.modified;
  return isSame && now.tagCount === was.tagCount && compareCopy(now, was).length === 0;
}

function changed(item: CopyItem): BrigadeError {
  const subject = formatS3Uri(item);
  return new BrigadeError('Conflict', 'It has changed', { subject, reason: 'Changed' });
}
