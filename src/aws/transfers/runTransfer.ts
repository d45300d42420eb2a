import { toErrorFacts } from '../errorFacts.ts';
import { InterruptedWork, isInterruption } from '../interruption.ts';
import type { MultipartUpload } from '../objects/multipartUploads.ts';
import { Pace } from '../pace.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { runBatch, type BatchOutcome } from './batch.ts';
import { PartBuffers } from './partBuffers.ts';
import type { TransferProgress, TransferResult } from './transfer.ts';
import type { TransferJournal } from './transferJournal.ts';
import { AdaptiveLimiter, ByteBudget, type Limiter } from './limiter.ts';

export interface TransferOptions<Progress = TransferProgress> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Of a transfer that is one of several, which share them; else `AdaptiveLimiter`. */
  readonly limiter?: Limiter;
  /** Awaited before each file, part and range begins. */
  readonly ready?: () => Promise<void>;
  /** How long a broken connection is waited for, in milliseconds; see `persist`. */
  readonly patience?: number;
}

const MIB = 1024 * 1024;
/** Of bodies, in memory at a time: of whole files, and of parts, which would leave no room for these. */
const HELD = { files: 24 * MIB, parts: 32 * MIB };

/** What the files of a transfer share. */
export interface Shared {
  readonly signal: AbortSignal;
  /** Notes bytes that were moved; negative ones when they have to be moved again. */
  readonly moved: (bytes: number) => void;
  /** Sends a request as S3 takes them: again after a pause, and fewer, when it asks for less. */
  readonly send: <T>(call: () => Promise<T>) => Promise<T>;
  /** Memory for bodies of whole files. */
  readonly memory: ByteBudget;
  readonly partMemory: ByteBudget;
  readonly partBuffers: PartBuffers;
  /** Parts that could not be deleted. */
  readonly leftUploads: MultipartUpload[];
  readonly patience: number | undefined;
  /** To be awaited before more of a file begins: it may be paused. */
  readonly ready: () => Promise<void>;
  /** Whether what is there of a file stays after this, for who continues: it is in the journal. */
  readonly keeps: (error: unknown) => boolean;
}

/**
 * Moves files, as many at a time as it pays; see `runBatch` for what one that fails means for the others.
 *
 * @param move one file; throws a BrigadeError when nothing of it is left, unless `shared.keeps` it
 * @throws InterruptedWork with the result, when it can be continued by its journal
 */
export async function runTransfer<File extends { readonly size: number }, Part>(
  files: readonly File[],
  most: number,
  journal: TransferJournal<Part>,
  options: TransferOptions,
  move: (file: File, index: number, shared: Shared) => Promise<void>,
): Promise<TransferResult> {
  const { signal = new AbortController().signal, onProgress, ready, patience } = options;
  const { limiter = new AdaptiveLimiter(most) } = options;
  const indexes = files.map((_, index) => index);
  const earlier = indexes.filter(index => journal.isDone(index));
  let finished = earlier.length;
  let bytes = earlier.reduce((sum, index) => sum + (files[index]?.size ?? 0), 0);
  const report = (): void => onProgress?.({ finished, bytes });
  const pace = new Pace({ most });
  const shared: Shared = {
    signal,
    send: call => pace.run(call, { signal }),
    memory: new ByteBudget(HELD.files),
    partMemory: new ByteBudget(HELD.parts),
    partBuffers: new PartBuffers(),
    moved: count => {
      bytes += count;
      report();
    },
    leftUploads: [],
    patience,
    ready: async () => await ready?.(),
    keeps: error => journal.lasts && !signal.aborted && isInterruption(error),
  };
  const rest = indexes.filter(index => !journal.isDone(index));
  const outcome = await runBatch(rest, limiter, signal, async index => {
    try {
      await ready?.();
      await move(files[index] as File, index, shared);
      await journal.end(index, true);
    } catch (error) {
      await (shared.keeps(error) ? journal.leave() : journal.end(index, false));
      throw error;
    } finally {
      finished += 1;
      report();
    }
  });
  return resultOf(outcome, earlier, shared);
}

/** @throws InterruptedWork */
function resultOf(
  { done, failed, left, stoppedBy, isCancelled }: BatchOutcome<number>,
  earlier: readonly number[],
  { keeps, leftUploads }: Shared,
): TransferResult {
  const interrupted = failed.filter(({ error }) => keeps(error));
  const by = stoppedBy ?? (interrupted[0] && toBrigadeError(interrupted[0].error));
  const result = {
    done: [...earlier, ...done].sort((one, other) => one - other),
    failed: failed
      .filter(failure => !interrupted.includes(failure))
      .map(({ item, error }) => ({ index: item, error: toErrorFacts(error) })),
    left: [...left, ...interrupted.map(({ item }) => item)].sort((one, other) => one - other),
    ...{ isCancelled, leftUploads },
    ...(by && { stoppedBy: toErrorFacts(by) }),
  };
  if (by && keeps(by)) throw new InterruptedWork(by, result);
  return result;
}
