import { commands, window, type TreeView } from 'vscode';
import type { TransferTarget } from '../../commands.ts';
import type { Services } from '../../services.ts';
import { ContextKey } from '../../vscode/contextKey.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { followSelection } from '../../vscode/shownRows.ts';
import type { Row } from './rows.ts';
import type { Transfer } from './transfer.ts';
import type { TransferList } from './transferList.ts';
import { TransferRows } from './transferRows.ts';

const VIEW = 'bucketBrigade.transfers';

/** The Transfers view, its commands, and what the status bar says of it once there is a transfer. */
export function registerTransfers(
  connections: Services['connections'],
  list: TransferList,
): DisposableStore {
  const disposables = new DisposableStore();
  const rows = disposables.add(new TransferRows(list));
  const options = { treeDataProvider: rows, canSelectMany: true };
  const view: TreeView<Row> = disposables.add(window.createTreeView(VIEW, options));
  disposables.add(followSelection(VIEW, view));
  const hasFinished = new ContextKey('bucketBrigade:finishedTransfers');
  let status: unknown;
  disposables.add(
    list.onDidChange(() => {
      hasFinished.value = list.transfers.some(({ isOver }) => isOver);
      status ??= import('./transferStatus.ts').then(({ TransferStatus }) =>
        disposables.add(new TransferStatus(list, changed => rows.redraw(changed))),
      );
    }),
  );
  registerActions(connections, list, disposables);
  return disposables;
}

function registerActions(
  connections: Services['connections'],
  list: TransferList,
  disposables: DisposableStore,
): void {
  const actions = {
    pause: one => one.pause(),
    resume: one => one.resume(),
    cancel: one => one.cancel(),
    retryFailed: one => one.retry(),
    reveal: async one => {
      const { revealTarget } = await import('./revealTarget.ts');
      await revealTarget(connections, one);
    },
    follow: async one => {
      const { followUploaded } = await import('./revealTarget.ts');
      await followUploaded(connections, one);
    },
  } as const satisfies Readonly<Record<string, (transfer: Transfer) => unknown>>;
  for (const [name, act] of Object.entries(actions)) {
    disposables.add(registerCommand(`${VIEW}.${name as keyof typeof actions}`, onEach(list, act)));
  }
  disposables.add(registerCommand(`${VIEW}.show`, () => commands.executeCommand(`${VIEW}.focus`)));
  disposables.add(registerCommand(`${VIEW}.clearFinished`, () => list.remove()));
  disposables.add(
    registerCommand(`_${VIEW}.uploadProgress`, async object => {
      if (object === undefined) return undefined;
      const { uploadProgress } = await import('./uploadProgress.ts');
      return uploadProgress(list.transfers, object);
    }),
  );
}

/** Acts on the transfers of all selected rows, each once. */
function onEach(list: TransferList, act: (transfer: Transfer) => unknown) {
  return async (target?: TransferTarget, selection?: readonly TransferTarget[]): Promise<void> => {
    const chosen = selection ?? (target ? [target] : []);
    for (const id of new Set(chosen.map(({ transferId }) => transferId))) {
      const transfer = list.find(id);
      if (transfer) await act(transfer);
    }
  };
}
