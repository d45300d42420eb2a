import { EventEmitter, workspace, type Disposable, type FileChangeEvent } from 'vscode';
import type { Services, Session } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { registerBucketCommands } from './bucketCommands.ts';
import { BucketsTree } from './bucketsTree.ts';
import { registerCopyCommands } from './copyCommands.ts';
import { dragAndDrop } from './dragAndDrop.ts';
import { askLocation, type Explorer } from './explorer.ts';
import { createExplorerView } from './explorerView.ts';
import { registerObjectCommands } from './objectCommands.ts';
import { registerOpenCommands } from './openCommands.ts';
import { DisabledNotifications } from './notifications/disabledNotifications.ts';
import { registerNotificationCommands } from './notifications/notificationCommands.ts';
import { LazyFileSystem } from './lazyFileSystem.ts';
import { PinnedBuckets } from './pinnedBuckets.ts';
import type { Row } from './rows.ts';
import { bucketOf, locationOfResource, objectResource, S3_SCHEME } from './s3Resource.ts';
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
  const changed = disposables.add(new EventEmitter<FileChangeEvent[]>());
  const files = once(async () => {
    const { GuardedFileSystem } = await import('./guardedFileSystem.ts');
    const { workspaceState: memory } = context;
    const connected = () => tree.session;
    return disposables.add(
      new GuardedFileSystem({ connections, memory, connected, changed, uploads }),
    );
  });
  const explorer: Explorer = {
    ...{ connections, log, tree, pins, uploads, memory: context.globalState },
    admit: async (session, uri) => (await files()).admit(session, uri),
  };
  const view = createExplorerView(tree, connections, dragAndDrop(explorer), disposables);
  // A click opens an object by VS Code's own command; it selects the row first.
  disposables.add(
    view.onDidChangeSelection(({ selection: [row] }) => {
      if (row?.kind !== 'object' || !tree.session) return;
      void explorer.admit(tree.session, objectResource(row.bucket, row.key));
    }),
  );
  disposables.add(view.onDidChangeSelection(({ selection }) => admitChosen(explorer, selection)));
  disposables.add(registerBucketCommands(explorer));
  disposables.add(registerOpenCommands(explorer, view));
  disposables.add(registerCopyCommands(explorer));
  disposables.add(registerObjectCommands(explorer));
  const askBucket = async (session: Session, title: string) =>
    (await askLocation(explorer, session, { title, kind: 'bucket' })).bucket;
  disposables.add(registerNotificationCommands({ connections, disabled, tree, askBucket }));
  disposables.add(registerFileSystem(explorer, new LazyFileSystem(changed, files)));
  return disposables;
}

/** A click on an object opens it by VS Code's own command. */
function admitChosen({ tree, admit }: Explorer, rows: readonly Row[]): void {
  const { session } = tree;
  if (!session) return;
  for (const row of rows) {
    if (row.kind === 'object') void admit(session, objectResource(row.bucket, row.key));
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function registerFileSystem({ tree, log }: Explorer, files: LazyFileSystem): Disposable {
  const disposables = new DisposableStore();
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
  return disposables;
}
