import { l10n, window } from 'vscode';
import { lastSegment } from '../../aws/keySegments.ts';
import type { Fields, FieldChanges } from '../../aws/objects/rewrite/fields.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import { objectOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { editFields } from './metadataEditor.ts';

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** An object with its headers and metadata as they were read. */
interface ReadObject {
  readonly object: ObjectPlace;
  readonly fields: Fields;
  /** Without quotes: the edit is held to it. */
  readonly eTag: string;
  readonly isVersioned: boolean;
}

/** Objects that are read or written at the same time. */
const AT_A_TIME = 8;
/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/** Changes headers and user metadata of an object, or of all that are selected. */
export async function editMetadata(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const chosen = selection?.length
    ? selection.map(({ bucket, key = '' }) => ({ bucket, key }))
    : [await objectOrAsk(explorer, session, target, l10n.t('Edit Metadata'))];
  await editMetadataOf(explorer, session, chosen);
}

/** The same for objects that are known, with the session that they belong to. */
export async function editMetadataOf(
  explorer: Explorer,
  session: Session,
  chosen: readonly ObjectPlace[],
): Promise<void> {
  // An object may be shown below several rows that were added by name.
  const objects = [...new Map(chosen.map(each => [formatS3Uri(each), each])).values()];
  const read = await readAll(session, objects);
  const [first, ...others] = read;
  if (!first) return;
  const title =
    others.length === 0
      ? l10n.t('Metadata of {0}', lastSegment(first.object.key))
      : l10n.t('Metadata of {0} objects', read.length);
  const changes = await editFields(
    others.length === 0
      ? { title, before: first.fields }
      : { title, before: agreed(read), describe: name => spreadOf(read, name) },
  );
  if (Object.keys(changes).length === 0) return;
  await confirm(read, changes);
  await write(explorer, session, read, changes);
}

async function readAll(session: Session, objects: readonly ObjectPlace[]): Promise<ReadObject[]> {
  const title = l10n.t('Reading metadata');
  return await withCancellableProgress({ title }, async signal => {
    const { fieldsOf } = await import('../../aws/objects/rewrite/fields.ts');
    const { BucketRules } = await import('../../aws/objects/rewrite/bucketRules.ts');
    const { readPlainState } = await import('../../aws/objects/rewrite/objectState.ts');
    const found = new Map<ObjectPlace, ReadObject>();
    const outcome = await runBatch(objects, AT_A_TIME, signal, async object => {
      const client = await session.clients.s3ForBucket(object.bucket, signal);
      const rules = new BucketRules(client, object.bucket);
      const state = await readPlainState(rules, object.key, { signal });
      const { eTag, versionId = 'null' } = state;
      const fields = fieldsOf(state);
      found.set(object, { object, fields, eTag, isVersioned: versionId !== 'null' });
    });
    const [failure] = outcome.failed;
    if (failure) throw failure.error;
    if (outcome.stoppedBy) throw outcome.stoppedBy;
    if (outcome.isCancelled) throw cancelled();
    return objects.flatMap(object => found.get(object) ?? []);
  });
}

/** Every field that any object has, with its value where all agree. */
function agreed(read: readonly ReadObject[]): Fields {
  const all = Map.groupBy(
    read.flatMap(({ fields }) => Object.entries(fields)),
    ([name]) => name,
  );
  return Object.fromEntries(
    [...all].map(([name, entries]) => {
      const values = new Set(entries.map(([, value]) => value));
      return [name, values.size === 1 ? (entries[0]?.[1] ?? '') : ''];
    }),
  );
}

/** Of how many objects a field is, where not all have the same. */
function spreadOf(read: readonly ReadObject[], name: string): string | undefined {
  const values = read.flatMap(({ fields }) => fields[name] ?? []);
  if (values.length === 0) return undefined;
  const differ = new Set(values).size > 1;
  if (!differ && values.length === read.length) return undefined;
  return differ
    ? l10n.t('different values on {0} of {1} objects', values.length, read.length)
    : l10n.t('{0} (on {1} of {2} objects)', values[0] ?? '', values.length, read.length);
}

async function confirm(read: readonly ReadObject[], changes: FieldChanges): Promise<void> {
  const [first] = read;
  const lines = Object.entries(changes).map(([name, to]) => changeLine(read, name, to));
  const isVersioned = read.some(each => each.isVersioned);
  const notes = [
    l10n.t(
      'S3 does this by copying the object onto itself: its modification date changes, everything else stays.',
    ),
    ...(isVersioned
      ? [l10n.t('Its bucket has versioning: this creates a new version and keeps the current one.')]
      : []),
  ];
  const change = l10n.t('Change');
  const answer = await window.showWarningMessage(
    read.length === 1
      ? l10n.t('Change the metadata of {0}?', visible(lastSegment(first?.object.key ?? '')))
      : l10n.t('Change the metadata of {0} objects?', read.length),
    { modal: true, detail: [nameList(lines), ...notes].join('\n\n') },
    change,
  );
  if (answer !== change) throw cancelled();
}

/** What a field is and what it becomes, on one line. */
function changeLine(read: readonly ReadObject[], name: string, to: string | null): string {
  const values = new Set(read.map(({ fields }) => fields[name]));
  const [value] = values;
  const from = values.size > 1 ? l10n.t('different values') : (value ?? l10n.t('not set'));
  return l10n.t('{0}: {1} → {2}', name, from, to ?? l10n.t('removed'));
}

async function write(
  explorer: Explorer,
  session: Session,
  read: readonly ReadObject[],
  fields: FieldChanges,
): Promise<void> {
  const owner = ownerOf(session);
  const title =
    read.length === 1
      ? l10n.t('Changing the metadata of {0}', lastSegment(read[0]?.object.key ?? ''))
      : l10n.t('Changing the metadata of {0} objects', read.length);
  const journal = explorer.uploads.of(session);
  const outcome = await withCancellableProgress({ title }, async signal => {
    const { BucketRules } = await import('../../aws/objects/rewrite/bucketRules.ts');
    const { editObject } = await import('../../aws/objects/rewrite/editObject.ts');
    return await runBatch(read, AT_A_TIME, signal, async ({ object, eTag }) => {
      const client = await session.clients.s3ForBucket(object.bucket, signal);
      const rules = new BucketRules(client, object.bucket);
      await editObject(rules, object.key, { fields, over: eTag }, { signal, journal });
    });
  });
  const { done, failed } = outcome;
  await showChanged(explorer, done);
  void reportFailures({
    outcome,
    doneText: l10n.t('The metadata of {0} of {1} objects was changed.', done.length, read.length),
    failedText: l10n.t(
      'The metadata of {0} of {1} objects wasn’t changed.',
      failed.length,
      read.length,
    ),
    nameOf: ({ object }) => object.key,
    again: async rest => {
      const now = await sessionOf(explorer.connections, owner);
      // What they are by now may be something else: it is read, but not asked for, again.
      const objects = rest.map(({ object }) => object);
      await write(explorer, now, await readAll(now, objects), fields);
    },
  });
  if (done.length < read.length) return;
  const text =
    read.length === 1
      ? l10n.t('Changed the metadata of {0}', visible(lastSegment(read[0]?.object.key ?? '')))
      : l10n.t('Changed the metadata of {0} objects', read.length);
  window.setStatusBarMessage(`$(pass) ${text}`, SUCCESS_SHOWN);
}

/** Their dates have changed. */
async function showChanged({ tree }: Explorer, done: readonly ReadObject[]): Promise<void> {
  const byBucket = Map.groupBy(done, ({ object }) => object.bucket);
  for (const [bucket, objects] of byBucket) {
    await tree.refreshKeys(
      bucket,
      objects.map(({ object }) => object.key),
    );
  }
}
