import { workspace } from 'vscode';
import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { registerBucketCommands } from './bucketCommands.ts';
import { BucketsTree } from './bucketsTree.ts';
import { registerCopyCommands } from './copyCommands.ts';
import { dragAndDrop } from './dragAndDrop.ts';
import type { Explorer } from './explorer.ts';
import { createExplorerView } from './explorerView.ts';
import { registerObjectCommands } from './objectCommands.ts';
import { registerOpenCommands } from './openCommands.ts';
import { DisabledNotifications } from './notifications/disabledNotifications.ts';
import { registerNotificationCommands } from './notifications/notificationCommands.ts';
import { PinnedBuckets } from './pinnedBuckets.ts';
import { S3FileSystem } from './s3FileSystem.ts';
import { bucketOf, locationOfResource, S3_SCHEME } from './s3Resource.ts';
import { UnfinishedUploads } from './unfinishedUploads.ts';

/** The Buckets view with its commands, and the `s3:` file system. */
export function registerExplorer({
  context,
  log,
  connections,
}: Pick<Services, 'context' | 'log' | 'connections'>): DisposableStore {
  const disposables = new DisposableStore();
  const pins = new PinnedBuckets(context.globalState);
  const disabled = new DisabledNotifications(context.globalState);
  const tree = disposables.add(new BucketsTree(connections, pins, disabled));
  const uploads = new UnfinishedUploads(context.globalState);
  const explorer: Explorer = { connections, log, tree, pins, uploads };
  const view = createExplorerView(tree, connections, dragAndDrop(explorer), disposables);
  disposables.add(registerBucketCommands(explorer));
  disposables.add(registerOpenCommands(explorer, view));
  disposables.add(registerCopyCommands(explorer));
  disposables.add(registerObjectCommands(explorer));
  disposables.add(registerNotificationCommands(explorer, disabled));
  registerFileSystem(explorer, disposables);
  return disposables;
}

function registerFileSystem(
  { connections, tree, log, uploads }: Explorer,
  disposables: DisposableStore,
) {
  const files = disposables.add(new S3FileSystem(connections, uploads));
  try {
    const options = { isCaseSensitive: true };
    disposables.add(workspace.registerFileSystemProvider(S3_SCHEME, files, options));
  } catch (error) {
    // VS Code takes one provider of a scheme; another extension may have been first.
    log.warn(`s3: is another extension's file system already: ${errorForLog(error)}`);
  }
  disposables.add(
    files.onDidChangeFile(events => {
      for (const [bucket, changes] of Map.groupBy(events, event => bucketOf(event.uri))) {
        const keys = changes.map(({ uri }) => locationOfResource(uri).key ?? '');
        void tree.refreshKeys(bucket, keys);
      }
    }),
  );
}
