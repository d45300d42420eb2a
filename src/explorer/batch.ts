import pLimit from 'p-limit';
import { isCancellation } from '../vscode/cancellation.ts';

export interface Failure<T> {
  readonly item: T;
  readonly error: unknown;
}

export interface BatchOutcome<T> {
  readonly done: readonly T[];
  readonly failed: readonly Failure<T>[];
  /** Called off before all of it was done; what was under way has been stopped. */
  readonly isCancelled: boolean;
}

/**
 * Does a task for each of several items, some at a time. One that fails does not stop the others;
 * aborting the signal starts no more. Never rejects.
 */
export async function runBatch<T>(
  items: readonly T[],
  concurrency: number,
  signal: AbortSignal,
  task: (item: T) => Promise<unknown>,
): Promise<BatchOutcome<T>> {
  const done: T[] = [];
  const failed: Failure<T>[] = [];
  let left = 0;
  const attempt = async (item: T): Promise<void> => {
    if (signal.aborted) {
      left++;
      return;
    }
    try {
      await task(item);
      done.push(item);
    } catch (error) {
      if (isCancellation(error)) left++;
      else failed.push({ item, error });
    }
  };
  await pLimit(concurrency).map(items, attempt);
  return { done, failed, isCancelled: left > 0 };
}
