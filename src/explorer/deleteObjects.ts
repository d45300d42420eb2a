import { l10n, window } from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { allObjects } from './allObjects.ts';
import type { Failure } from './batch.ts';
import { nameList } from './confirmOverwrite.ts';
import { objectOrAsk, targetsOrAsk, type Explorer } from './explorer.ts';
import { reportFailures } from './reportFailures.ts';
import { isObject, isRow } from './rows.ts';

interface DeleteItem {
  readonly bucket: string;
  readonly key: string;
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
  await confirmDelete(items);
  await deleteItems(explorer, session, items);
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

async function confirmDelete(items: readonly DeleteItem[]): Promise<void> {
  const [first] = items;
  const buckets = new Set(items.map(item => item.bucket));
  const remove = l10n.t('Delete');
  const question =
    items.length === 1 && first
      ? l10n.t('Delete {0}?', formatS3Uri(first))
      : l10n.t('Delete {0} objects from {1}?', items.length, [...buckets].join(', '));
  const names = items.length === 1 ? '' : `${nameList(items.map(item => item.key))}\n\n`;
  const warning = l10n.t('This cannot be undone, except in a bucket that keeps versions.');
  const answer = await window.showWarningMessage(
    question,
    { modal: true, detail: names + warning },
    remove,
  );
  if (answer !== remove) throw cancelled();
}

async function deleteItems(
  explorer: Explorer,
  session: Session,
  items: readonly DeleteItem[],
): Promise<void> {
  const title =
    items.length === 1 ? l10n.t('Deleting 1 object') : l10n.t('Deleting {0} objects', items.length);
  const failed: Failure<DeleteItem>[] = [];
  try {
    await withCancellableProgress({ title }, async signal => {
      for (const [bucket, own] of Map.groupBy(items, item => item.bucket)) {
        failed.push(...(await deleteFrom(session, bucket, own, signal)));
      }
    });
  } finally {
    for (const [bucket, own] of Map.groupBy(items, item => item.bucket)) {
      void explorer.tree.refreshKeys(
        bucket,
        own.map(item => item.key),
      );
    }
  }
  void reportFailures({
    summary: l10n.t('{0} of {1} objects were not deleted.', failed.length, items.length),
    failed,
    nameOf: item => item.key,
    retry: again => deleteItems(explorer, session, again),
  });
}

async function deleteFrom(
  session: Session,
  bucket: string,
  items: readonly DeleteItem[],
  signal: AbortSignal,
): Promise<Failure<DeleteItem>[]> {
  const { deleteObjects } = await import('../aws/objects/objects.ts');
  const client = await session.clients.s3ForBucket(bucket, signal);
  const keys = items.map(item => item.key);
  const { failed } = await deleteObjects(client, { bucket, keys }, { signal });
  return failed.map(({ key, error }) => ({ item: { bucket, key }, error }));
}
