import { l10n, window } from 'vscode';
import type { ObjectTag } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { lastSegment } from '../../aws/keySegments.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import type { Explorer } from '../explorer.ts';
import { changesBetween, setTags, type TagChange } from './tagChanges.ts';
import { editTagSet } from './tagEditor.ts';
import { askTag } from './tagPrompt.ts';
import { readTagsOf, TAG_CONCURRENCY, writeTags, type TaggedObject } from './tagWriting.ts';

interface Tagged {
  readonly object: TaggedObject;
  readonly tags: readonly ObjectTag[];
}

/** Adds one tag to each of several objects; where its key has another value, that is asked. */
export async function addTagToAll(
  explorer: Explorer,
  session: Session,
  objects: readonly TaggedObject[],
  given: ObjectTag | undefined,
): Promise<void> {
  const title = l10n.t('Add Tag to {0} Objects', objects.length);
  const tag = given ?? (await askTag({ title, setWith: to => [to] }));
  const tagged = await readAll(session, objects);
  await confirmReplacing(tagged, [{ to: tag }]);
  await writeAll(explorer, session, objects, [{ to: tag }]);
}

/** Changes the tags of several objects in one list of all that any of them has. */
export async function editTagsOfAll(
  explorer: Explorer,
  session: Session,
  objects: readonly TaggedObject[],
): Promise<void> {
  const tagged = await readAll(session, objects);
  const before = unionOf(tagged);
  const after = await editTagSet({
    title: l10n.t('Tags of {0} Objects', objects.length),
    before,
    describe: tag => spreadOf(tagged, tag.key),
  });
  const changes = changesBetween(before, after);
  if (changes.length === 0) return;
  await confirmReplacing(tagged, changes);
  await writeAll(explorer, session, objects, changes);
}

/** Every key once; its value where all that have it agree. */
function unionOf(tagged: readonly Tagged[]): ObjectTag[] {
  const all = Map.groupBy(
    tagged.flatMap(({ tags }) => tags),
    ({ key }) => key,
  );
  return [...all].map(([key, tags]) => {
    const values = new Set(tags.map(({ value }) => value));
    return { key, value: values.size === 1 ? (tags[0]?.value ?? '') : '' };
  });
}

/** On how many of the objects a tag is, and whether its values differ; undefined for a new one. */
function spreadOf(tagged: readonly Tagged[], key: string): string | undefined {
  const values = tagged.flatMap(({ tags }) => tags.filter(tag => tag.key === key));
  if (values.length === 0) return undefined;
  const differ = new Set(values.map(({ value }) => value)).size > 1;
  return differ
    ? l10n.t('different values on {0} of {1} objects', values.length, tagged.length)
    : l10n.t('on {0} of {1} objects', values.length, tagged.length);
}

/** Asks before values are replaced that the new ones were not made from. */
async function confirmReplacing(
  tagged: readonly Tagged[],
  changes: readonly TagChange[],
): Promise<void> {
  const replaced = tagged.flatMap(({ object, tags }) => {
    const after = setTags(tags, changes);
    return tags
      .filter(({ key, value }) => after.some(tag => tag.key === key && tag.value !== value))
      .map(({ key, value }) => `${lastSegment(object.key)}: ${key} = ${value}`);
  });
  if (replaced.length === 0) return;
  const replace = l10n.t('Replace');
  const answer = await window.showWarningMessage(
    replaced.length === 1
      ? l10n.t('Replace the value of 1 tag?')
      : l10n.t('Replace the values of {0} tags?', replaced.length),
    { modal: true, detail: nameList(replaced) },
    replace,
  );
  if (answer !== replace) throw cancelled();
}

async function writeAll(
  explorer: Explorer,
  session: Session,
  objects: readonly TaggedObject[],
  changes: readonly TagChange[],
): Promise<void> {
  const edits = objects.map(object => ({ object, changes }));
  await writeTags(explorer, session, edits, setTags);
}

/** The tags of several objects. What can't be read fails all: nothing has been changed yet. */
async function readAll(session: Session, objects: readonly TaggedObject[]): Promise<Tagged[]> {
  const title = l10n.t('Reading the tags of {0} objects', objects.length);
  return await withCancellableProgress({ title }, async signal => {
    const found = new Map<TaggedObject, ObjectTag[]>();
    const outcome = await runBatch(objects, TAG_CONCURRENCY, signal, async object => {
      found.set(object, await readTagsOf(session, object, signal));
    });
    const [failure] = outcome.failed;
    if (failure) throw failure.error;
    if (outcome.isCancelled) throw cancelled();
    return objects.map(object => ({ object, tags: found.get(object) ?? [] }));
  });
}
