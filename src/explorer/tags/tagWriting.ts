import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { lastSegment } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { validateTags } from '../../aws/objects/tagRules.ts';
import type { ObjectTag } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import type { Explorer } from '../explorer.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { applyTagChanges, type TagChange } from './tagChanges.ts';

export interface TaggedObject {
  readonly bucket: string;
  readonly key: string;
}

export async function readTagsOf(
  session: Session,
  object: TaggedObject,
  signal?: AbortSignal,
): Promise<ObjectTag[]> {
  const { getObjectTags } = await import('../../aws/objects/tags.ts');
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
  apply = applyTagChanges,
): Promise<void> {
  const wanted = (current: readonly ObjectTag[]): ObjectTag[] => {
    const tags = apply(current, changes);
    const problem = tagProblem(tags);
    if (problem === undefined) return tags;
    throw new BrigadeError('InvalidInput', problem, { subject: formatS3Uri(object) });
  };
  const { changeObjectTags } = await import('../../aws/objects/rewrite/changeObjectTags.ts');
  const client = await session.clients.s3ForBucket(object.bucket, signal);
  tree.showTags(session, object, await changeObjectTags(client, object, wanted, { signal }));
}

/** Objects whose tags are read or written at the same time. */
export const TAG_CONCURRENCY = 8;
/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

export interface TagEdit {
  readonly object: TaggedObject;
  readonly changes: readonly TagChange[];
}

/**
 * Changes the tags of one or several objects under a progress, and says what happened to it: an
 * object whose row is closed would show nothing.
 *
 * @throws BrigadeError `Cancelled`, or why the only one failed; of several, each failure is
 *   reported
 */
export async function writeTags(
  explorer: Explorer,
  session: Session,
  edits: readonly TagEdit[],
  apply = applyTagChanges,
): Promise<void> {
  const [first, ...others] = edits;
  if (!first) return;
  const isOne = others.length === 0;
  const owner = ownerOf(session);
  const title = isOne
    ? l10n.t('Changing the tags of {0}', lastSegment(first.object.key))
    : l10n.t('Changing the tags of {0} objects', edits.length);
  const outcome = await withCancellableProgress({ title }, signal =>
    runBatch(edits, TAG_CONCURRENCY, signal, ({ object, changes }) =>
      changeTags(explorer, session, object, changes, signal, apply),
    ),
  );
  const { done, failed } = outcome;
  if (isOne && failed[0]) throw failed[0].error;
  if (isOne && outcome.stoppedBy) throw outcome.stoppedBy;
  void reportFailures({
    outcome,
    doneText: l10n.t('The tags of {0} of {1} objects were changed.', done.length, edits.length),
    failedText: l10n.t(
      'The tags of {0} of {1} objects weren’t changed.',
      failed.length,
      edits.length,
    ),
    nameOf: ({ object }) => object.key,
    again: async rest =>
      writeTags(explorer, await sessionOf(explorer.connections, owner), rest, apply),
  });
  if (done.length === edits.length) showResult(edits, first);
}

function showResult(edits: readonly TagEdit[], { object }: TagEdit): void {
  const text =
    edits.length === 1
      ? l10n.t('Changed the tags of {0}', visible(lastSegment(object.key)))
      : l10n.t('Changed the tags of {0} objects', edits.length);
  window.setStatusBarMessage(`$(tag) ${text}`, SUCCESS_SHOWN);
}

/** What AWS would refuse of a tag set, as a sentence; undefined when all is well. */
export function tagProblem(tags: readonly ObjectTag[]): string | undefined {
  const [first] = validateTags(tags);
  return first && describeTagProblem(first, tags);
}
