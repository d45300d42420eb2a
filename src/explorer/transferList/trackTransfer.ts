import { randomUUID } from 'node:crypto';
import { isCancellation } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import {
  Transfer,
  type RunningTransfer,
  type TransferEnd,
  type TransferStart,
} from './transfer.ts';

/** Where it is shown: the list of transfers. */
interface TransferRows {
  add(transfer: Transfer): void;
  changed(transfer: Transfer, isNow: boolean): void;
}

/**
 * Runs a transfer, shows it while it runs, and keeps what happened to it: see `TransferList.track`.
 */
export async function trackTransfer<T>(
  rows: TransferRows,
  start: TransferStart,
  run: (transfer: RunningTransfer) => Promise<T>,
  endOf: (result: T) => TransferEnd = () => ({}),
): Promise<T> {
  const transfer = new Transfer(randomUUID(), start, (...change) => rows.changed(...change));
  rows.add(transfer);
  const { title } = start;
  try {
    const result = await withCancellableProgress(
      { title, signal: transfer.signal },
      async (signal, report) => await run(transfer.running(signal, report)),
    );
    transfer.finish(endOf(result));
    return result;
  } catch (error) {
    transfer.finish(isCancellation(error) ? { isCancelled: true } : { stoppedBy: error });
    throw error;
  }
}
