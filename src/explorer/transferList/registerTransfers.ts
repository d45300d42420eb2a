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
  const on =
    (act: (transfer: Transfer) => unknown) =>
    async (target?: TransferTarget, selection?: readonly TransferTarget[]) => {
      const chosen = selection ?? (target ? [target] : []);
      const ids = new Set(chosen.map(({ transferId }) => transferId));
      for (const id of ids) {
        const transfer = list.find(id);
        if (transfer) await act(transfer);
      }
    };
  disposables.add(
    registerCommand('bucketBrigade.transfers.show', () => commands.executeCommand(`${VIEW}.focus`)),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.pause',
      on(one => one.pause()),
    ),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.resume',
      on(one => one.resume()),
    ),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.cancel',
      on(one => one.cancel()),
    ),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.retryFailed',
      on(one => one.retry()),
    ),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.reveal',
      on(async one => {
        const { revealTarget } = await import('./revealTarget.ts');
        await revealTarget(connections, one);
      }),
    ),
  );
  disposables.add(
    registerCommand(
      'bucketBrigade.transfers.follow',
      on(async one => {
        const { followUploaded } = await import('./revealTarget.ts');
        await followUploaded(connections, one);
      }),
    ),
  );
  disposables.add(
    registerCommand('_bucketBrigade.transfers.uploadProgress', async object => {
      if (object === undefined) return undefined;
      const { uploadProgress } = await import('./uploadProgress.ts');
      return uploadProgress(list.transfers, object);
    }),
  );
  disposables.add(registerCommand('bucketBrigade.transfers.clearFinished', () => list.remove()));
  return disposables;
}
