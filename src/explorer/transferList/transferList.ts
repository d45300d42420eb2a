import { EventEmitter, type Disposable } from 'vscode';
import type { RunningTransfer, Transfer, TransferEnd, TransferStart } from './transfer.ts';

/** Milliseconds between two changes of the rows. */
const REDRAW_MS = 300;
/** Of those that have ended, the oldest go first. */
const MAX_FINISHED = 100;

/** Running and finished transfers of this window, the newest first. */
export class TransferList implements Disposable {
  readonly #onDidChange = new EventEmitter<readonly Transfer[] | undefined>();
  readonly #waiting = new Set<Transfer>();
  #transfers: readonly Transfer[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** These look different; undefined: some came or went. */
  readonly onDidChange = this.#onDidChange.event;

  get transfers(): readonly Transfer[] {
    return this.#transfers;
  }

  find(id: string): Transfer | undefined {
    return this.#transfers.find(transfer => transfer.id === id);
  }

  /**
   * Does a piece of work that moves, copies or deletes objects or files: with a row in the Transfers
   * view, where it can be paused and cancelled, and a notification with its progress.
   *
   * @param endOf what of it was not done, where that is no error that `run` throws
   * @throws what `run` throws; BrigadeError `Cancelled`
   */
  async track<T>(
    start: TransferStart,
    run: (transfer: RunningTransfer) => Promise<T>,
    endOf?: (result: T) => TransferEnd,
  ): Promise<T> {
    const { trackTransfer } = await import('./trackTransfer.ts');
    return await trackTransfer(this, start, run, endOf);
  }

  add(transfer: Transfer): void {
    const over = this.#transfers.filter(({ isOver }) => isOver).slice(MAX_FINISHED - 1);
    this.#transfers = [transfer, ...this.#transfers.filter(one => !over.includes(one))];
    this.#onDidChange.fire(undefined);
  }

  /** Takes ended ones off the list. */
  remove(which: (transfer: Transfer) => boolean = () => true): void {
    this.#transfers = this.#transfers.filter(one => !one.isOver || !which(one));
    this.#onDidChange.fire(undefined);
  }

  /** Shows what has changed: now, or with the next few. */
  changed(transfer: Transfer, isNow: boolean): void {
    this.#waiting.add(transfer);
    if (isNow) this.#redraw();
    else this.#timer ??= setTimeout(() => this.#redraw(), REDRAW_MS);
  }

  #redraw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changed = [...this.#waiting];
    this.#waiting.clear();
    this.#onDidChange.fire(changed);
  }

  /** Ends with the window, and so does all that runs. */
  dispose(): void {
    clearTimeout(this.#timer);
    for (const transfer of this.#transfers) transfer.cancel();
    this.#onDidChange.dispose();
  }
}
