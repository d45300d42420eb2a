import * as vscode from 'vscode';
import type { ChangedObjects, AffectedByJob, S3Location } from '../commands.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { BucketsTree } from './tree/bucketsTree.ts';
import { sessionFor, type Explorer } from './explorer.ts';
import { BUCKETS_VIEW } from './tree/explorerView.ts';
import { isPaged, isRow, type PagedRow } from './tree/rows.ts';

/** Refreshing, paging, and the buckets that are added by name. */
export function registerBucketCommands(explorer: Explorer): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('bucketBrigade.explorer.refresh', target => refresh(explorer, target)),
    registerCommand('bucketBrigade.explorer.refreshRow', (target, selection) => {
      for (const row of selection ?? [target]) explorer.tree.refresh(row);
    }),
    registerCommand('bucketBrigade.explorer.loadMore', target => loadMore(explorer, target)),
    registerCommand('bucketBrigade.explorer.addBucket', async target => {
      const { addBucket } = await import('./addBucket.ts');
      await addBucket(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.removeBucket', (target, selection) =>
      removeBuckets(explorer, selection ?? (target ? [target] : [])),
    ),
  );
}

async function refresh(
  { tree }: Explorer,
  target?: S3Location | AffectedByJob | ChangedObjects,
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

/** Answers how many rows of the bucket, prefix or object are loaded then. */
async function loadMore({ tree }: Explorer, target: S3Location | undefined): Promise<number> {
  const row = target && pagedRowOf(tree, target);
  if (!row) return 0;
  await vscode.window.withProgress({ location: { viewId: BUCKETS_VIEW } }, () =>
    tree.loadMore(row),
  );
  return tree.loaded(row);
}

/** The row whose next page is wanted: the command comes from it, or from its Load more row. */
function pagedRowOf(tree: BucketsTree, target: S3Location): PagedRow | undefined {
  if (!isRow(target)) return tree.folderAt(target);
  if (isPaged(target)) return target;
  return target.kind === 'more' ? target.parent : undefined;
}

async function removeBuckets(explorer: Explorer, targets: readonly S3Location[]): Promise<void> {
  const session = await sessionFor(explorer, targets[0]);
  for (const target of targets) await explorer.pins.remove(session, target);
  explorer.tree.refresh();
}
