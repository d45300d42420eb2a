import * as vscode from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { ChangedObjects, JobTraces, S3Location } from '../commands.ts';
import { askText } from '../vscode/prompts.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { BucketsTree } from './bucketsTree.ts';
import type { Explorer } from './explorer.ts';
import { BUCKETS_VIEW } from './explorerView.ts';
import { isRow, type FolderRow } from './rows.ts';

/** Refreshing, paging, and the buckets that are added by name. */
export function registerBucketCommands(explorer: Explorer): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('bucketBrigade.explorer.refresh', target => refresh(explorer, target)),
    registerCommand('bucketBrigade.explorer.refreshRow', (target, selection) => {
      for (const row of selection ?? [target]) explorer.tree.refresh(row);
    }),
    registerCommand('bucketBrigade.explorer.loadMore', target => loadMore(explorer, target)),
    registerCommand('bucketBrigade.explorer.addBucket', name => addBucket(explorer, name)),
    registerCommand('bucketBrigade.explorer.removeBucket', (target, selection) =>
      removeBuckets(explorer, selection ?? (target ? [target] : [])),
    ),
  );
}

async function refresh(
  { tree }: Explorer,
  target?: S3Location | JobTraces | ChangedObjects,
): Promise<void> {
  if (target !== undefined && 'keys' in target) {
    await tree.refreshKeys(target.bucket, target.keys);
    return;
  }
  if (target === undefined || 'bucket' in target) {
    tree.refresh(target);
    return;
  }
  tree.refreshTags();
  const { report } = target;
  if (report) await tree.refreshKeys(report.bucket, [report.key]);
}

/** Answers how many entries of the bucket or prefix are loaded then. */
async function loadMore({ tree }: Explorer, target: S3Location | undefined): Promise<number> {
  const row = target && folderOf(tree, target);
  if (!row) return 0;
  await vscode.window.withProgress({ location: { viewId: BUCKETS_VIEW } }, () =>
    tree.loadMore(row),
  );
  return tree.loaded(row);
}

/** The row whose next page is wanted: the command comes from it, or from its Load more row. */
function folderOf(tree: BucketsTree, target: S3Location): FolderRow | undefined {
  if (!isRow(target)) return tree.folderAt(target);
  if (target.kind === 'bucket' || target.kind === 'prefix') return target;
  return target.kind === 'more' ? target.parent : undefined;
}

/** Adds a bucket or prefix by its name, S3 URI or ARN, after looking whether it can be read. */
async function addBucket({ connections, pins, tree }: Explorer, name?: string): Promise<void> {
  const session = await connections.session();
  const { endpoint } = session.clients;
  const { typedPrefix, typedPrefixProblem } = await import('./typedLocation.ts');
  const typed =
    name ??
    (await askText({
      title: vscode.l10n.t('Add Bucket'),
      prompt: vscode.l10n.t('A bucket that you may use, even if you may not list your buckets'),
      placeholder: vscode.l10n.t('Name, s3://bucket/prefix/, ARN, URL or console address'),
      validate: text => typedPrefixProblem(text, endpoint),
    }));
  const location = typedPrefix(typed, endpoint);
  if (!location) throw new BrigadeError('InvalidInput', `Not a bucket: ${typed}`);
  const title = vscode.l10n.t('Opening {0}', formatS3Uri(location));
  await withCancellableProgress({ title }, async signal => {
    const { listObjects } = await import('../aws/objects/listing.ts');
    const client = await session.clients.s3ForBucket(location.bucket, signal);
    const { bucket, key: prefix = '' } = location;
    await listObjects(client, { bucket, prefix, pageSize: 1 }, { signal });
  });
  await pins.add(session, location);
  tree.refresh();
}

async function removeBuckets(
  { connections, pins, tree }: Explorer,
  targets: readonly S3Location[],
): Promise<void> {
  const session = await connections.session();
  for (const target of targets) await pins.remove(session, target);
  tree.refresh();
}
