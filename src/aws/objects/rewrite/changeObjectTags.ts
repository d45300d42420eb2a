import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import type { Tag } from '../tagRules.ts';
import { getObjectTags, putObjectTags } from '../tags.ts';

/** How often a change is made again because another client has replaced the tags meanwhile. */
const ROUNDS = 3;

/**
 * Changes an object's tags. S3 replaces whole sets and knows no condition for it (Amazon S3 API
 * reference, "PutObjectTagging"), so: read, change, write at once, read back. What another client
 * writes between the first two requests is lost, what it writes after them is kept.
 *
 * @param change makes the set that is wanted of the one that is there; called again on another set
 * @returns the tags as S3 says they are now
 * @throws BrigadeError `Conflict` with the reason `TagsChanged` when others keep replacing them;
 *   `AccessDenied` (s3:GetObjectTagging, s3:PutObjectTagging) …; what `change` throws
 */
export async function changeObjectTags(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
  change: (current: readonly Tag[]) => readonly Tag[],
  options: CallOptions = {},
): Promise<readonly Tag[]> {
  let before: readonly Tag[] = await getObjectTags(client, object, options);
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = change(before);
    // An empty set clears; DeleteObjectTagging would too, but needs one more permission.
    await putObjectTags(client, { ...object, tags: wanted }, options);
    const after = await getObjectTags(client, object, options);
    if (tagsHold(before, wanted, after)) return after;
    before = after;
  }
  throw new BrigadeError('Conflict', 'The tags are being changed by another client', {
    subject: formatS3Uri(object),
    reason: 'TagsChanged',
  });
}

/** Whether a change is in what S3 says: others may have added to it. */
export function tagsHold(
  before: readonly Tag[],
  wanted: readonly Tag[],
  after: readonly Tag[],
): boolean {
  const has = (tags: readonly Tag[], { key, value }: Tag): boolean =>
    tags.some(tag => tag.key === key && tag.value === value);
  const set = wanted.filter(tag => !has(before, tag));
  const removed = before.filter(({ key }) => !wanted.some(tag => tag.key === key));
  return (
    set.every(tag => has(after, tag)) &&
    removed.every(({ key }) => !after.some(tag => tag.key === key))
  );
}
