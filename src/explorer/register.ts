import { EventEmitter, workspace, type Disposable, type FileChangeEvent } from 'vscode';
import type { Services, Session } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { registerBucketCommands } from './bucketCommands.ts';
import { registerOwnBuckets } from './buckets/ownBucketCommands.ts';
import { presentContinuedDeletes } from './deletion/continuedDeletes.ts';
import { BucketsTree } from './tree/bucketsTree.ts';
import { registerCopyCommands } from './copyCommands.ts';
import { registerCopies } from './copies/copiesCommands.ts';
import { dragAndDrop } from './dragAndDrop.ts';
import { registerContinuedTransfers } from './transfers/continuedTransfers.ts';
import { askLocation, type Explorer } from './explorer.ts';
import { createExplorerView } from './tree/explorerView.ts';
import { registerFindCommands } from './find/findCommands.ts';
import { registerFoundCommands } from './find/foundCommands.ts';
import { registerObjectCommands } from './objectCommands.ts';
import { registerPropertyCommands } from './propertyCommands.ts';
import { registerOpenCommands } from './openCommands.ts';
import { DisabledNotifications } from './notifications/disabledNotifications.ts';
import { registerNotificationCommands } from './notifications/notificationCommands.ts';
import { registerLinkCommands } from './links/linkCommands.ts';
import { LazyFileSystem } from './fileSystem/lazyFileSystem.ts';
import { PinnedBuckets } from './tree/pinnedBuckets.ts';
import { registerTransferCommands } from './transferCommands.ts';
import { registerTransfers } from './transferList/registerTransfers.ts';
import { TransferList } from './transferList/transferList.ts';
import { namedSession, type Row } from './tree/rows.ts';
import { registerVersionCommands } from './versions/versionCommands.ts';
import {
  bucketOf,
  locationOfResource,
  objectResource,
  S3_SCHEME,
  versionResource,
} from './fileSystem/s3Resource.ts';
import { UnfinishedUploads } from './fileSystem/unfinishedUploads.ts';

/** The Buckets view with its commands, and the `s3:` file system. */
export function registerExplorer({
  context,
  log,
  connections,
  worker,
  documents,
}: Pick<Services, 'context' | 'log' | 'connections' | 'worker' | 'documents'>): DisposableStore {
  const disposables = new DisposableStore();
  const pins = new PinnedBuckets(context.globalState);
  const disabled = new DisabledNotifications(context.globalState);
  const tree = disposables.add(new BucketsTree(connections, pins, disabled));
  const uploads = new UnfinishedUploads(context.globalState);
  const transfers = disposables.add(new TransferList());
  const changed = disposables.add(new EventEmitter<FileChangeEvent[]>());
  const files = once(async () => {
    const { GuardedFileSystem } = await import('./fileSystem/guardedFileSystem.ts');
    const { workspaceState: memory, globalState: shared } = context;
    const connected = (id: string) => tree.openSession(id);
    return disposables.add(
      new GuardedFileSystem({ connections, memory, shared, connected, changed, uploads }),
    );
  });
  const explorer: Explorer = {
    ...{ connections, log, tree, pins, uploads, transfers, memory: context.globalState },
    ...{ worker, storage: context.globalStorageUri.fsPath },
    admit: async (session, uri) => (await files()).admit(session, uri),
    admitFolder: async (session, uri) => (await files()).admitFolder(session, uri),
    folderOf: async (...given) => (await files()).folderOf(...given),
  };
  const view = createExplorerView(tree, connections, dragAndDrop(explorer), disposables);
  disposables.add(view.onDidChangeSelection(({ selection }) => admitChosen(explorer, selection)));
  disposables.add(registerContinuedTransfers(explorer));
  disposables.add(registerTransfers(connections, transfers));
  disposables.add(registerTransferCommands(explorer, context));
  disposables.add(registerBucketCommands(explorer));
  disposables.add(registerOpenCommands(explorer));
  disposables.add(registerFindCommands(explorer, view));
  disposables.add(registerFoundCommands({ explorer, view, worker, context }));
  disposables.add(registerCopyCommands(explorer));
  disposables.add(registerCopies(explorer));
  disposables.add(registerObjectCommands(explorer));
  disposables.add(registerPropertyCommands(explorer, { context, worker, documents }));
  disposables.add(registerVersionCommands(explorer, view));
  disposables.add(presentContinuedDeletes(explorer));
  disposables.add(registerLinkCommands(explorer));
  disposables.add(
    registerCommand('bucketBrigade.archive.restore', async (...given) => {
      const { restoreArchived } = await import('./archive/restoreArchived.ts');
      await restoreArchived(explorer, ...given);
    }),
  );
  disposables.add(registerOwnBuckets(explorer));
  const askBucket = async (session: Session, title: string) =>
    (await askLocation(explorer, session, { title, kind: 'bucket' })).bucket;
  disposables.add(registerNotificationCommands({ connections, disabled, tree, askBucket }));
  disposables.add(registerFileSystem(explorer, new LazyFileSystem(changed, files)));
  return disposables;
}

/** A click on an object or a version opens it by VS Code's own command; it selects the row first. */
function admitChosen({ tree, admit }: Explorer, rows: readonly Row[]): void {
  for (const row of rows) {
    const session = tree.sessionOf(row);
    if (!session) continue;
    if (row.kind === 'object') {
      void admit(session, objectResource(row.bucket, row.key, namedSession(row)));
    } else if (row.kind === 'version') {
      const { bucket, key, versionId } = row;
      void admit(session, versionResource(bucket, key, versionId, namedSession(row)));
    }
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
