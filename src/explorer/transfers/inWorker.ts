import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import type { TransferResult } from '../../aws/transfers/transfer.ts';
import type { KeptBulkTask, Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { Tasks } from '../../worker/protocol.ts';
import type { Explorer } from '../explorer.ts';
import type { RunningTransfer, TransferProgress } from '../transferList/transfer.ts';
import type { BatchOutcome } from '../../aws/transfers/batch.ts';

interface WorkerBatch<N extends 'uploadFiles' | 'downloadFiles', T> {
  readonly name: N;
  readonly title: string;
  /** In the order of the input's files. */
  readonly items: readonly T[];
  readonly input: Tasks[N]['input'];
  /** The task of the journal that continues them. */
  readonly kept?: string;
}

/**
 * Has the worker move files of this machine, as one task that can be continued where it is interrupted
 * or its window is closed meanwhile: the outcome then says so (`kept`).
 */
export async function transferInWorker<N extends 'uploadFiles' | 'downloadFiles', T>(
  { worker, uploads }: Pick<Explorer, 'worker' | 'uploads'>,
  session: Session,
  { name, title, items, input, kept: known }: WorkerBatch<N, T>,
  { signal, report, onDidPause }: RunningTransfer,
): Promise<BatchOutcome<T>> {
  const bytes = input.files.reduce((sum, { size }) => sum + size, 0);
  const onProgress = (progress: Tasks[N]['progress']): void =>
    report(progressOf(progress, { items: items.length, bytes }));
  let kept: KeptBulkTask<N> | undefined;
  const onDidKeep = (task: KeptBulkTask<N>): unknown => (kept = task);
  let result: TransferResult;
  try {
    const options = { title, signal, onProgress, onDidPause, onDidKeep };
    result = await (known === undefined
      ? worker.run(session, name, input, options)
      : worker.continue(session, known, { name, input }, options));
  } catch (error) {
    if (isCancellation(error)) return { done: [], failed: [], left: items, isCancelled: true };
    if (!kept || !(error instanceof BrigadeError)) throw error;
    if (!kept.result) return { ...NONE, left: items, stoppedBy: error, kept: kept.id };
    result = kept.result;
  }
  const journal = uploads.of(session);
  for (const upload of result.leftUploads) {
    journal.begin(upload);
    journal.abandon(upload);
  }
  const at = (indexes: readonly number[]): T[] => indexes.map(index => items[index] as T);
  return {
    done: at(result.done),
    failed: result.failed.map(({ index, error }) => ({
      item: items[index] as T,
      error: fromErrorFacts(error),
    })),
    left: at(result.left),
    stoppedBy: result.stoppedBy && fromErrorFacts(result.stoppedBy),
    isCancelled: result.isCancelled,
    ...(kept && { kept: kept.id }),
  };
}

const NONE = { done: [], failed: [], isCancelled: false };

/** Continues with the other items of a batch, unless the first were cancelled or stopped by an error. */
export async function continueBatch<T>(
  first: BatchOutcome<T>,
  others: readonly T[],
  run: () => Promise<BatchOutcome<T>>,
): Promise<BatchOutcome<T>> {
  if (others.length === 0) return first;
  if (first.isCancelled || first.stoppedBy) return { ...first, left: [...first.left, ...others] };
  const second = await run();
  return {
    ...second,
    done: [...first.done, ...second.done],
    failed: [...first.failed, ...second.failed],
    left: [...first.left, ...second.left],
  };
}

function progressOf(
  { finished, bytes }: { readonly finished: number; readonly bytes: number },
  total: { readonly items: number; readonly bytes: number },
): TransferProgress {
  const size =
    total.bytes > 0
      ? l10n.t('{0} of {1}', formatSize(bytes), formatSize(total.bytes))
      : formatSize(bytes);
  const message =
    total.items === 1 ? size : l10n.t('{0} of {1} files ({2})', finished, total.items, size);
  const fraction = total.bytes > 0 ? bytes / total.bytes : finished / total.items;
  return { message, fraction, items: finished, bytes };
}
