import { l10n, window } from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import type { BucketVersioning } from '../aws/objects/objectVersions.ts';
import { cancelled, isCancellation } from '../vscode/cancellation.ts';
import { withCancellableProgress, type ProgressUpdate } from '../vscode/progress.ts';
import { ownerOf, sessionOf } from '../vscode/sessionOwner.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';
import { allObjects } from './allObjects.ts';
import { endsAll, runBatch, type BatchOutcome, type Failure } from './batch.ts';
import { nameList } from './confirmOverwrite.ts';
import { objectOrAsk, targetsOrAsk, type Explorer } from './explorer.ts';
import { reportFailures } from './reportFailures.ts';
import { isObject, isRow } from './rows.ts';

/** S3 deletes at most this many objects in one request. */
const REQUEST_SIZE = 1000;
/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

interface DeleteItem {
  readonly bucket: string;
  readonly key: string;
}

/** What was agreed to. */
interface Deletion {
  readonly items: readonly DeleteItem[];
  /** Nothing is lost: a delete marker hides each object. */
  readonly hasMarkers: boolean;
}

/** Deletes one object, or all that are selected. */
export async function deleteSelected(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await explorer.connections.session();
  const title = l10n.t('Delete Object');
  const chosen = await targetsOrAsk(target, selection, () =>
    objectOrAsk(explorer, session, undefined, title),
  );
  const items = await collect(session, chosen);
  if (items.length === 0) return;
  await deleteItems(explorer, session, await confirmDelete(session, items));
}

/** The objects themselves, and everything below selected prefixes. A bucket is never emptied so. */
async function collect(session: Session, chosen: readonly S3Location[]): Promise<DeleteItem[]> {
  const items = new Map<string, DeleteItem>();
  const add = (bucket: string, key: string): void => {
    items.set(formatS3Uri({ bucket, key }), { bucket, key });
  };
  const title = l10n.t('Looking through the objects to delete');
  await withCancellableProgress({ title }, async signal => {
    for (const location of chosen) {
      const { bucket, key } = location;
      if (isObject(location)) add(bucket, location.key);
      else if (key && !(isRow(location) && location.kind !== 'prefix')) {
        const client = await session.clients.s3ForBucket(bucket, signal);
        for await (const object of allObjects(client, bucket, key, signal)) add(bucket, object.key);
      }
    }
  });
  return [...items.values()];
}

/** Asks, and says what S3 will really do: it depends on whether the bucket keeps versions. */
async function confirmDelete(session: Session, items: readonly DeleteItem[]): Promise<Deletion> {
  const [first] = items;
  const buckets = [...new Set(items.map(item => item.bucket))];
  const versioning = await readVersioning(session, buckets);
  const remove = l10n.t('Delete');
  const question =
    items.length === 1 && first
      ? l10n.t('Delete {0}?', formatS3Uri(first))
      : l10n.t('Delete {0} objects from {1}?', items.length, buckets.join(', '));
  const names = items.length === 1 ? '' : `${nameList(items.map(item => item.key))}\n\n`;
  const warnings = buckets.map(bucket => deletionText(bucket, versioning.get(bucket)));
  const answer = await window.showWarningMessage(
    withoutLinks(question),
    { modal: true, detail: names + [...new Set(warnings)].join('\n') },
    remove,
  );
  if (answer !== remove) throw cancelled();
  return { items, hasMarkers: buckets.every(bucket => versioning.get(bucket) === 'Enabled') };
}

async function readVersioning(
  session: Session,
  buckets: readonly string[],
): Promise<ReadonlyMap<string, BucketVersioning>> {
  const { bucketVersioning } = await import('../aws/objects/objectVersions.ts');
  const known = new Map<string, BucketVersioning>();
  const title = l10n.t('Checking whether the bucket keeps versions');
  await withCancellableProgress({ title }, async signal => {
    for (const bucket of buckets) {
      try {
        const client = await session.clients.s3ForBucket(bucket, signal);
        known.set(bucket, await bucketVersioning(client, bucket, { signal }));
      } catch (error) {
        // Many may delete who may not look, and some other services have no versions to ask for.
        if (isCancellation(error) || endsAll(error)) throw error;
      }
    }
  });
  return known;
}

function deletionText(bucket: string, versioning: BucketVersioning | undefined): string {
  switch (versioning) {
    case 'Enabled':
      return l10n.t(
        'Versioning is on in {0}: S3 adds a delete marker and keeps all versions, which are still charged. To restore an object, delete its delete marker.',
        bucket,
      );
    case 'Suspended':
      return l10n.t(
        'Versioning is suspended in {0}: versions from the time it was on are kept. An object without such versions is deleted permanently.',
        bucket,
      );
    case 'Off':
      return l10n.t('This can’t be undone: {0} keeps no versions.', bucket);
    case undefined:
      return l10n.t(
        'This can’t be undone unless {0} keeps versions. That could not be checked (s3:GetBucketVersioning).',
        bucket,
      );
  }
}

async function deleteItems(
  explorer: Explorer,
  session: Session,
  deletion: Deletion,
): Promise<void> {
  const { items } = deletion;
  const owner = ownerOf(session);
  const title =
    items.length === 1 ? l10n.t('Deleting 1 object') : l10n.t('Deleting {0} objects', items.length);
  const outcome = await withCancellableProgress({ title }, (signal, report) =>
    deleteAll(session, items, signal, report),
  );
  // What was under way when it was stopped may be gone too.
  for (const [bucket, own] of Map.groupBy(items, item => item.bucket)) {
    void explorer.tree.refreshKeys(
      bucket,
      own.map(item => item.key),
    );
  }
  const { done, failed } = outcome;
  if (done.length === items.length) tellDeleted(deletion);
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} objects were deleted.', done.length, items.length),
    failedText: l10n.t('{0} of {1} objects were not deleted.', failed.length, items.length),
    nameOf: item => item.key,
    again: async rest =>
      deleteItems(explorer, await sessionOf(explorer.connections, owner), {
        ...deletion,
        items: rest,
      }),
  });
}

function tellDeleted({ items, hasMarkers }: Deletion): void {
  const text =
    items.length === 1 ? l10n.t('Deleted 1 object.') : l10n.t('Deleted {0} objects.', items.length);
  const kept = hasMarkers ? ` ${l10n.t('The bucket still has their versions.')}` : '';
  if (items.length === 1) window.setStatusBarMessage(`$(trash) ${text}${kept}`, SUCCESS_SHOWN);
  else void window.showInformationMessage(text + kept);
}

/** By the thousand, as S3 takes them; each object ends up in the outcome by itself. */
async function deleteAll(
  session: Session,
  items: readonly DeleteItem[],
  signal: AbortSignal,
  report: (update: ProgressUpdate) => void,
): Promise<BatchOutcome<DeleteItem>> {
  const requests = [...Map.groupBy(items, item => item.bucket).values()].flatMap(inRequests);
  const done: DeleteItem[] = [];
  const failed: Failure<DeleteItem>[] = [];
  const outcome = await runBatch(
    requests,
    1,
    signal,
    async request => {
      const refused = await deleteFrom(session, request, signal);
      const refusedItems = new Set(refused.map(({ item }) => item));
      failed.push(...refused);
      done.push(...request.filter(item => !refusedItems.has(item)));
      const fraction = (done.length + failed.length) / items.length;
      report({
        message: l10n.t('{0} of {1}', done.length + failed.length, items.length),
        fraction,
      });
    },
    ([first]) => first?.bucket ?? '',
  );
  for (const { item, error } of outcome.failed) {
    failed.push(...item.map(one => ({ item: one, error })));
  }
  return { ...outcome, done, failed, left: outcome.left.flat() };
}

function inRequests(items: readonly DeleteItem[]): (readonly DeleteItem[])[] {
  const requests: (readonly DeleteItem[])[] = [];
  for (let at = 0; at < items.length; at += REQUEST_SIZE) {
    requests.push(items.slice(at, at + REQUEST_SIZE));
  }
  return requests;
}

async function deleteFrom(
  session: Session,
  items: readonly DeleteItem[],
  signal: AbortSignal,
): Promise<Failure<DeleteItem>[]> {
  const { deleteObjects } = await import('../aws/objects/objects.ts');
  const bucket = items[0]?.bucket ?? '';
  const client = await session.clients.s3ForBucket(bucket, signal);
  const byKey = new Map(items.map(item => [item.key, item]));
  const { failed } = await deleteObjects(client, { bucket, keys: [...byKey.keys()] }, { signal });
  return failed.map(({ key, error }) => ({ item: byKey.get(key) ?? { bucket, key }, error }));
}
