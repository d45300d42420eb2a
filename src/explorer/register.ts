import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerBucketCommands } from './bucketCommands.ts';
import { BucketsTree } from './bucketsTree.ts';
import type { Explorer } from './explorer.ts';
import { createExplorerView } from './explorerView.ts';
import { PinnedBuckets } from './pinnedBuckets.ts';

/** The Buckets view with its commands, and the `s3:` file system. */
export function registerExplorer({
  context,
  log,
  connections,
}: Pick<Services, 'context' | 'log' | 'connections'>): DisposableStore {
  const disposables = new DisposableStore();
  const pins = new PinnedBuckets(context.globalState);
  const tree = disposables.add(new BucketsTree(connections, pins));
  const explorer: Explorer = { connections, log, tree, pins };
  createExplorerView(tree, connections, disposables);
  disposables.add(registerBucketCommands(explorer));
  return disposables;
}
