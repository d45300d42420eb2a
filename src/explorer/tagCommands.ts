import { l10n, window } from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { ObjectTag, S3Location, TagLocation } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { objectOrAsk, type Explorer } from './explorer.ts';
import { editTagSet } from './tagEditor.ts';
import { askTag } from './tagPrompt.ts';
import { applyTagChanges, changesBetween, type TagChange } from './tagChanges.ts';
import { changeTags, readTagsOf } from './tagWriting.ts';

type TaggedObject = { bucket: string; key: string };

/** Changes the tags of an object in a list of them. */
export async function editTags(explorer: Explorer, target: S3Location | undefined): Promise<void> {
  const session = await explorer.connections.session();
  const object = await objectOrAsk(explorer, session, target, l10n.t('Edit Tags'));
  const before = await read(session, object);
  const after = await editTagSet(object.key, before);
  const changes = changesBetween(before, after);
  if (changes.length > 0) await write(explorer, session, object, changes);
}

/** Adds a tag to an object: the one given, or one that is asked for. */
export async function addTag(
  explorer: Explorer,
  target: S3Location | undefined,
  given: ObjectTag | undefined,
): Promise<void> {
  const session = await explorer.connections.session();
  const object = await objectOrAsk(explorer, session, target, l10n.t('Add Tag'));
  const tag = given ?? (await askNewTag(session, object));
  await write(explorer, session, object, [{ to: tag }]);
}

async function askNewTag(session: Session, object: TaggedObject): Promise<ObjectTag> {
  const others = await read(session, object);
  return await askTag({
    title: l10n.t('Add Tag to {0}', nameOf(object)),
    setWith: to => applyTagChanges(others, [{ to }]),
  });
}

/** Asks for another key or value of a tag. */
export async function changeTag(explorer: Explorer, target: TagLocation): Promise<void> {
  const session = await explorer.connections.session();
  const object = { bucket: target.bucket, key: target.key };
  const from = target.tag.key;
  const others = await read(session, object);
  const tag = await askTag({
    title: l10n.t('Change Tag of {0}', nameOf(object)),
    tag: others.find(other => other.key === from) ?? target.tag,
    setWith: to => applyTagChanges(others, [{ from, to }]),
  });
  await write(explorer, session, object, [{ from, to: tag }]);
}

/** Takes a tag from an object, after asking. */
export async function removeTag(explorer: Explorer, target: TagLocation): Promise<void> {
  const session = await explorer.connections.session();
  const object = { bucket: target.bucket, key: target.key };
  const remove = l10n.t('Remove');
  const { key, value } = target.tag;
  const answer = await window.showWarningMessage(
    l10n.t('Remove the tag {0} = {1}?', key, value),
    { modal: true, detail: formatS3Uri(object) },
    remove,
  );
  if (answer !== remove) throw cancelled();
  await write(explorer, session, object, [{ from: key }]);
}

async function read(session: Session, object: TaggedObject): Promise<ObjectTag[]> {
  const title = l10n.t('Reading the tags of {0}', nameOf(object));
  return await withCancellableProgress({ title }, signal => readTagsOf(session, object, signal));
}

async function write(
  explorer: Explorer,
  session: Session,
  object: TaggedObject,
  changes: readonly TagChange[],
): Promise<void> {
  const title = l10n.t('Changing the tags of {0}', nameOf(object));
  await withCancellableProgress({ title }, signal =>
    changeTags(explorer, session, object, changes, signal),
  );
}

function nameOf({ key }: TaggedObject): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}
