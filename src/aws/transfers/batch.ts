import { BrigadeError, isCancelled } from '../errors.ts';
import { isFatal } from '../interruption.ts';
import { forEachLimited, FixedLimiter, type Limiter } from './limiter.ts';

export interface Failure<T> {
  readonly item: T;
  readonly error: unknown;
}

export interface BatchOutcome<T> {
  readonly done: readonly T[];
  readonly failed: readonly Failure<T>[];
  /** Not done, because it was called off or because of `stoppedBy`. */
  readonly left: readonly T[];
  /** What every other item would have run into as well: nothing more was started after it. */
  readonly stoppedBy?: BrigadeError;
  /** The task of the journal that goes on with what is left. */
  readonly kept?: string;
  /** Called off before all of it was done; what was under way has been stopped. */
  readonly isCancelled: boolean;
}

/** So many failures of the network with no success between them: it is gone, not only slow. */
const NETWORK_FAILURES = 2;

/**
 * Does a task for each of several items, some at a time. One that fails does not stop the others,
 * unless they would all fail so; aborting the signal starts no more. Items of a bucket that turned
 * out not to exist fail without being tried. Never rejects.
 *
 * @param concurrency how many at a time, or what lets each begin
 * @param bucketOf tells the bucket of an item; without it all are of one
 */
export async function runBatch<T>(
  items: readonly T[],
  concurrency: number | Limiter,
  signal: AbortSignal,
  task: (item: T) => Promise<unknown>,
  bucketOf: (item: T) => string = () => '',
): Promise<BatchOutcome<T>> {
  const batch = new Batch<T>();
  const limiter = typeof concurrency === 'number' ? new FixedLimiter(concurrency) : concurrency;
  const attempt = async (item: T): Promise<void> => {
    if (signal.aborted) batch.cancelled(item);
    else if (batch.isStopped) batch.left.add(item);
    else if (!batch.isGone(item, bucketOf(item))) await batch.attempt(item, task, bucketOf);
  };
  await forEachLimited(items, limiter, attempt);
  return batch.outcome(items);
}

class Batch<T> {
  readonly left = new Set<T>();
  readonly #done: T[] = [];
  readonly #failed: Failure<T>[] = [];
  /** Failures of the network since the last success. */
  #suspects: Failure<T>[] = [];
  readonly #goneBuckets = new Map<string, unknown>();
  #stoppedBy: BrigadeError | undefined;
  #isCancelled = false;

  get isStopped(): boolean {
    return this.#stoppedBy !== undefined;
  }

  cancelled(item: T): void {
    this.left.add(item);
    this.#isCancelled = true;
  }

  /** Whether the item's bucket is known not to exist; then it has failed. */
  isGone(item: T, bucket: string): boolean {
    const error = this.#goneBuckets.get(bucket);
    if (error !== undefined) this.#failed.push({ item, error });
    return error !== undefined;
  }

  async attempt(
    item: T,
    task: (item: T) => Promise<unknown>,
    bucketOf: (item: T) => string,
  ): Promise<void> {
    try {
      await task(item);
      this.#done.push(item);
      this.#failed.push(...this.#suspects.splice(0));
    } catch (error) {
      this.#fail(item, error, bucketOf);
    }
  }

  #fail(item: T, error: unknown, bucketOf: (item: T) => string): void {
    if (isCalledOff(error)) {
      this.cancelled(item);
    } else if (isFatal(error)) {
      this.#stop(error, [item]);
    } else if (error instanceof BrigadeError && error.code === 'Network') {
      this.#suspects.push({ item, error });
      if (this.#suspects.length < NETWORK_FAILURES) return;
      this.#stop(
        error,
        this.#suspects.splice(0).map(suspect => suspect.item),
      );
    } else {
      if (isGoneBucket(error)) this.#goneBuckets.set(bucketOf(item), error);
      this.#failed.push({ item, error });
    }
  }

  #stop(error: BrigadeError, items: readonly T[]): void {
    this.#stoppedBy ??= error;
    for (const item of items) this.left.add(item);
  }

  outcome(items: readonly T[]): BatchOutcome<T> {
    if (this.isStopped) for (const { item } of this.#suspects.splice(0)) this.left.add(item);
    return {
      done: this.#done,
      failed: [...this.#failed, ...this.#suspects],
      left: this.left.size === 0 ? [] : items.filter(item => this.left.has(item)),
      stoppedBy: this.#stoppedBy,
      isCancelled: this.#isCancelled,
    };
  }
}

/** VS Code's own CancellationError has this name, whatever process it is of. */
function isCalledOff(error: unknown): boolean {
  return isCancelled(error) || (error instanceof Error && error.name === 'Canceled');
}

function isGoneBucket(error: unknown): boolean {
  return error instanceof BrigadeError && error.awsCode === 'NoSuchBucket';
}
