import { BrigadeError } from '../aws/errors.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { validateTags } from '../aws/objects/tagRules.ts';
import type { ObjectTag } from '../commands.ts';
import type { Session } from '../services.ts';
import { describeTagProblem } from '../vscode/describeTagProblem.ts';
import type { Explorer } from './explorer.ts';
import { applyTagChanges, type TagChange } from './tagChanges.ts';

interface TaggedObject {
  readonly bucket: string;
  readonly key: string;
}

export async function readTagsOf(
  session: Session,
  object: TaggedObject,
  signal?: AbortSignal,
): Promise<ObjectTag[]> {
  const { getObjectTags } = await import('../aws/objects/tags.ts');
  const client = await session.clients.s3ForBucket(object.bucket, signal);
  return await getObjectTags(client, object, { signal });
}

/**
 * Makes changes to an object's tags and shows the result in the tree. Tags that no change names stay
 * as they are just then.
 *
 * @throws BrigadeError `InvalidInput`, before anything is sent, with a sentence that names the tag
 *   and the rule it breaks; else whatever AWS refused.
 */
export async function changeTags(
  { tree }: Explorer,
  session: Session,
  object: TaggedObject,
  changes: readonly TagChange[],
  signal?: AbortSignal,
): Promise<void> {
  const wanted = (current: readonly ObjectTag[]): ObjectTag[] => {
    const tags = applyTagChanges(current, changes);
    const problem = tagProblem(tags);
    if (problem === undefined) return tags;
    throw new BrigadeError('InvalidInput', problem, { subject: formatS3Uri(object) });
  };
  const { changeObjectTags } = await import('../aws/objects/rewrite/changeObjectTags.ts');
  const client = await session.clients.s3ForBucket(object.bucket, signal);
  tree.showTags(session, object, await changeObjectTags(client, object, wanted, { signal }));
}

/** What AWS would refuse of a tag set, as a sentence; undefined when all is well. */
export function tagProblem(tags: readonly ObjectTag[]): string | undefined {
  const [first] = validateTags(tags);
  return first && describeTagProblem(first, tags);
}
