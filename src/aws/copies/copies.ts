import type { ErrorFacts } from '../errorFacts.ts';
import type { SelectionPosition } from '../selection/reading.ts';

/** What is copied or moved, and how it went: all of it plain JSON. Nothing here loads the AWS SDK. */

/** An object, or everything below a prefix, and where it goes. */
export interface CopyOrder {
  readonly bucket: string;
  /** An object's key, or a prefix: empty for the whole bucket. */
  readonly key: string;
  readonly isPrefix: boolean;
  /** The key, or the prefix in the place of `key`. */
  readonly to: string;
}

/** What happens to an object whose place is taken; `fail` where nobody was asked. */
export type OnConflict = 'fail' | 'skip' | 'overwrite' | 'keepBoth';

/** One object and where it goes. */
export interface CopyItem {
  readonly bucket: string;
  readonly key: string;
  readonly to: string;
}

export interface CopyInput {
  readonly orders: readonly CopyOrder[];
  /** Where all of it goes. */
  readonly bucket: string;
  /** Deletes each original once its copy is verified. */
  readonly moves: boolean;
  readonly onConflict: OnConflict;
  /** Decided for single objects, each named by its key at the destination. */
  readonly decided?: readonly (readonly [to: string, OnConflict])[];
  /** Where an earlier run of these orders has stopped; `end` for none of them. */
  readonly from?: CopyPosition | 'end';
  /** Single objects that an earlier run has left or that failed in it: these come first. */
  readonly again?: readonly CopyItem[];
  /** Bytes; what one CopyObject copies, unless a test says less. */
  readonly maxCopyBytes?: number;
}

/**
 * How far a run is: the units before this one are done, and of this one what its reading says. Unit 0
 * are the objects of `again`, unit 1 the orders of single objects; each order of a prefix is one more.
 */
export interface CopyPosition {
  readonly unit: number;
  readonly at?: SelectionPosition;
}

export interface CopyFailure extends CopyItem {
  readonly error: ErrorFacts;
  /** Its copy is there: only the original could not be deleted. */
  readonly isCopied: boolean;
}

export interface CopyCounts {
  /** Objects that are at the destination now, and in a move only there. */
  readonly done: number;
  /** Of those, in bytes. */
  readonly bytes: number;
  /** Left alone because their place was taken. */
  readonly skipped: number;
  readonly failed: number;
}

export interface CopyResult extends CopyCounts {
  /** Each of those that failed. */
  readonly failures: readonly CopyFailure[];
  /** Older versions of what was moved stay where they were. */
  readonly hasVersions: boolean;
  /** Object Lock keeps some originals and none of the copies. Absent in what older versions wrote. */
  readonly hasUnlocked?: boolean;
  /** Single objects that were not tried, and behind them where all others begin. */
  readonly left: readonly CopyItem[];
  readonly rest?: CopyPosition;
  readonly isCancelled: boolean;
}

/** So many objects that fail end it: whatever is wrong must be put right first. */
export const MAX_FAILURES = 200;

/**
 * What continues where a run has stopped.
 *
 * @param failures those of its failures that are tried again
 * @param goesOn whether what was not tried is
 */
export function inputAfter(
  input: CopyInput,
  { left, rest }: Pick<CopyResult, 'left' | 'rest'>,
  failures: readonly CopyItem[],
  goesOn: boolean,
): CopyInput {
  const failed = failures.map(({ bucket, key, to }) => ({ bucket, key, to }));
  if (!goesOn) return { ...input, from: 'end', again: failed };
  if (rest?.unit !== 0) return { ...input, from: rest ?? 'end', again: [...left, ...failed] };
  const done = rest.at?.kind === 'count' ? rest.at.done : 0;
  const again = [...left, ...(input.again ?? []).slice(done), ...failed];
  return { ...input, again };
}
