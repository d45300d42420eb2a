import type { Explorer } from '../explorer.ts';
import type { RunningTransfer, TransferEnd, TransferStart } from '../transferList/transfer.ts';
import type { BatchOutcome } from '../../aws/transfers/batch.ts';
import { reportFailures, type BatchReport } from './reportFailures.ts';

/** A batch of items that is one transfer, and what is said of it when it has ended. */
export interface TrackedBatch<T> extends TransferStart, Pick<BatchReport<T>, 'nameOf'> {
  /** How far it came, in one sentence: “9 of 12 files were uploaded.” */
  readonly doneText: (done: number) => string;
  /** What happened to those that failed: “3 of 12 files were not uploaded.” */
  readonly failedText: (failed: number) => string;
  /** How many failed and are left, where the outcome names only some of them. */
  readonly counts?: () => { readonly failedCount: number; readonly left: number };
  /** Does some of them again; by the task that was kept (`BatchOutcome.kept`), where one was. */
  readonly again: (items: readonly T[], kept: string | undefined) => Promise<void>;
  /** Deletes what a task was to continue with. */
  readonly discard?: (kept: string) => Promise<void>;
}

/**
 * Does a batch as a transfer: a row in the Transfers view and a notification while it runs, and the
 * message of `reportFailures` when not all of it was done. Of the row and the message, the first that
 * is asked to retry does it.
 *
 * @param run awaits `transfer.ready()` before each item
 * @throws what `run` throws
 */
export async function trackBatch<T>(
  { transfers }: Pick<Explorer, 'transfers'>,
  batch: TrackedBatch<T>,
  run: (transfer: RunningTransfer) => Promise<BatchOutcome<T>>,
): Promise<BatchOutcome<T>> {
  let isRetried = false;
  let row: RunningTransfer | undefined;
  let kept: string | undefined;
  const once = async (work: () => Promise<void>): Promise<void> => {
    if (isRetried) return;
    isRetried = true;
    row?.retried();
    await work();
  };
  const again = (items: readonly T[]): Promise<void> => once(() => batch.again(items, kept));
  const work = async (transfer: RunningTransfer): Promise<BatchOutcome<T>> => {
    row = transfer;
    const outcome = await run(transfer);
    kept = outcome.kept;
    return outcome;
  };
  const discardKept = async (): Promise<void> => {
    if (kept !== undefined) await batch.discard?.(kept);
  };
  const outcome = await transfers.track(batch, work, ended => endOf(batch, ended, again));
  void reportFailures({
    outcome,
    doneText: batch.doneText(outcome.done.length),
    failedText: batch.failedText(outcome.failed.length),
    nameOf: batch.nameOf,
    again,
    ...(batch.discard && kept !== undefined && { discard: () => once(discardKept) }),
  });
  return outcome;
}

function endOf<T>(
  { nameOf, counts }: TrackedBatch<T>,
  { failed, left, stoppedBy, isCancelled }: BatchOutcome<T>,
  again: (items: readonly T[]) => Promise<void>,
): TransferEnd {
  const rest = [...left, ...failed.map(({ item }) => item)];
  return {
    ...{ stoppedBy, isCancelled, left: left.length },
    failed: failed.map(({ item, error }) => ({ name: nameOf(item), error })),
    ...counts?.(),
    ...(rest.length > 0 && { retry: () => again(rest) }),
  };
}
