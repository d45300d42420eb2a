import { EventEmitter, TreeItem, type Disposable, type TreeDataProvider } from 'vscode';
import { markShown } from '../../vscode/shownRows.ts';
import type { Row, TransferRow } from './rows.ts';
import type { Transfer } from './transfer.ts';
import type { TransferList } from './transferList.ts';

/** So many failures are shown one by one. */
const MAX_FAILURES = 200;

/** The rows of the Transfers view: what draws them is loaded with the first. */
export class TransferRows implements TreeDataProvider<Row>, Disposable {
  readonly #list: TransferList;
  readonly #rows = new WeakMap<Transfer, TransferRow>();
  readonly #onDidChange = new EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.#onDidChange.event;

  constructor(list: TransferList) {
    this.#list = list;
    list.onDidChange(changed => this.redraw(changed));
  }

  redraw(changed: readonly Transfer[] | undefined): void {
    this.#onDidChange.fire(changed?.map(transfer => this.row(transfer)));
  }

  row(transfer: Transfer): TransferRow {
    let row = this.#rows.get(transfer);
    if (!row) this.#rows.set(transfer, (row = { kind: 'transfer', transferId: transfer.id }));
    return row;
  }

  getParent({ kind, transferId }: Row): Row | undefined {
    const transfer = this.#list.find(transferId);
    return kind === 'transfer' || !transfer ? undefined : this.row(transfer);
  }

  getChildren(row?: Row): Row[] {
    if (!row) return this.#list.transfers.map(transfer => this.row(transfer));
    const { transferId } = row;
    const end = this.#list.find(transferId)?.end;
    if (row.kind !== 'transfer' || !end) return [];
    const { failed = [], failedCount = failed.length } = end;
    const shown = failed.slice(0, MAX_FAILURES);
    return [
      ...(end.stoppedBy === undefined ? [] : [{ kind: 'transferFailure', transferId } as const]),
      ...shown.map((_, index) => ({ kind: 'transferFailure', transferId, index }) as const),
      ...(failedCount > shown.length
        ? [{ kind: 'moreFailures', transferId, count: failedCount - shown.length } as const]
        : []),
    ];
  }

  async getTreeItem(row: Row): Promise<TreeItem> {
    markShown(row);
    const { failureItem, moreFailuresItem, transferItem } = await import('./transferItems.ts');
    const transfer = this.#list.find(row.transferId);
    if (!transfer) return new TreeItem('');
    if (row.kind === 'transfer') return transferItem(transfer);
    return row.kind === 'transferFailure' ? failureItem(transfer, row) : moreFailuresItem(row);
  }

  dispose(): void {
    this.#onDidChange.dispose();
  }
}
