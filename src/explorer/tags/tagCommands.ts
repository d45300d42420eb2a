import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { lastSegment } from '../../aws/keySegments.ts';
import { MAX_OBJECT_TAGS } from '../../aws/objects/tagRules.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectTag, S3Location, TagLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { visible } from '../../vscode/visibleText.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { objectOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { applyTagChanges, changesBetween } from './tagChanges.ts';
import { editTagSet } from './tagEditor.ts';
import { askTag } from './tagPrompt.ts';
import { addTagToAll, editTagsOfAll } from './tagSeveral.ts';
import { readTagsOf, writeTags, type TaggedObject } from './tagWriting.ts';

/** Changes the tags of an object, or of all that are selected, in a list of them. */
export async function editTags(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const objects = await objectsOrAsk(explorer, session, target, selection, l10n.t('Edit Tags'));
  await editTagsOf(explorer, session, objects);
}

/** The same for objects that are known, with the session that they belong to. */
export async function editTagsOf(
  explorer: Explorer,
  session: Session,
  objects: readonly TaggedObject[],
): Promise<void> {
  const [object, ...others] = objects;
  if (!object) return;
  if (others.length > 0) {
    await editTagsOfAll(explorer, session, objects);
    return;
  }
  const before = await read(session, object);
  const after = await editTagSet({ title: l10n.t('Tags of {0}', object.key), before });
  const changes = changesBetween(before, after);
  if (changes.length > 0) await writeTags(explorer, session, [{ object, changes }]);
}

/** Adds a tag to an object, or to all that are selected: the one given, or one that is asked for. */
export async function addTag(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
  given: ObjectTag | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const objects = await objectsOrAsk(explorer, session, target, selection, l10n.t('Add Tag'));
  const [object, ...others] = objects;
  if (!object) return;
  if (others.length > 0) {
    await addTagToAll(explorer, session, objects, given);
    return;
  }
  const tag = given ?? (await askNewTag(session, object));
  await writeTags(explorer, session, [{ object, changes: [{ to: tag }] }]);
}

/** The objects a command works on: those that are selected, or the one that the user chooses. */
async function objectsOrAsk(
  explorer: Explorer,
  session: Session,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
  title: string,
): Promise<readonly TaggedObject[]> {
  if (!selection?.length) return [await objectOrAsk(explorer, session, target, title)];
  // An object may be shown below several rows that were added by name.
  const found = new Map<string, TaggedObject>();
  for (const { bucket, key = '' } of selection) {
    found.set(formatS3Uri({ bucket, key }), { bucket, key });
  }
  return [...found.values()];
}

async function askNewTag(session: Session, object: TaggedObject): Promise<ObjectTag> {
  const others = await read(session, object);
  if (others.length >= MAX_OBJECT_TAGS) {
    const why = l10n.t(
      'already has {0} tags, the most that S3 allows. Remove one first.',
      MAX_OBJECT_TAGS,
    );
    throw new BrigadeError('InvalidInput', why, { subject: formatS3Uri(object) });
  }
  return await askTag({
    title: l10n.t('Add Tag to {0}', lastSegment(object.key)),
    setWith: to => applyTagChanges(others, [{ to }]),
  });
}

/** Asks for another key or value of a tag. */
export async function changeTag(
  explorer: Explorer,
  target: TagLocation | undefined,
): Promise<void> {
  if (!target) throw noTag();
  const session = await sessionFor(explorer, target);
  const object = { bucket: target.bucket, key: target.key };
  const from = target.tag.key;
  const others = await read(session, object);
  const tag = await askTag({
    title: l10n.t('Change Tag of {0}', lastSegment(object.key)),
    tag: others.find(other => other.key === from) ?? target.tag,
    setWith: to => applyTagChanges(others, [{ from, to }]),
  });
  await writeTags(explorer, session, [{ object, changes: [{ from, to: tag }] }]);
}

/** Takes tags from their objects, after asking. */
export async function removeTags(
  explorer: Explorer,
  targets: readonly TagLocation[],
): Promise<void> {
  const [first] = targets;
  if (!first) throw noTag();
  const session = await sessionFor(explorer, first);
  const remove = l10n.t('Remove');
  const lines = targets.map(({ key, tag }) => `${lastSegment(key)}: ${tag.key} = ${tag.value}`);
  const answer =
    targets.length === 1
      ? await window.showWarningMessage(
          l10n.t('Remove the tag {0} = {1}?', visible(first.tag.key), visible(first.tag.value)),
          { modal: true, detail: visible(formatS3Uri(first)) },
          remove,
        )
      : await window.showWarningMessage(
          l10n.t('Remove {0} tags?', targets.length),
          { modal: true, detail: nameList(lines) },
          remove,
        );
  if (answer !== remove) throw cancelled();
  const byObject = Map.groupBy(targets, ({ bucket, key }) => formatS3Uri({ bucket, key }));
  const edits = [...byObject.values()].flatMap(tags => {
    const [one] = tags;
    if (!one) return [];
    const object = { bucket: one.bucket, key: one.key };
    return [{ object, changes: tags.map(({ tag }) => ({ from: tag.key })) }];
  });
  await writeTags(explorer, session, edits);
}

function noTag(): BrigadeError {
  return new BrigadeError('InvalidInput', l10n.t('Select a tag in the Buckets view first.'));
}

async function read(session: Session, object: TaggedObject): Promise<ObjectTag[]> {
  const title = l10n.t('Reading the tags of {0}', lastSegment(object.key));
  return await withCancellableProgress({ title }, signal => readTagsOf(session, object, signal));
}
