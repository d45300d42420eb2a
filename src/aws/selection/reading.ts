import { callError, type CallOptions } from '../call.ts';
import type { KeyRange } from './keyRange.ts';
import type { ObjectRef } from './selection.ts';

/** How far the reading of a selection is, as JSON. */
export type SelectionPosition =
  /** So many objects or rows are done. */
  | { readonly kind: 'count'; readonly done: number }
  /** What is still to be listed, and how many of the objects chosen beside the prefixes are done. */
  | { readonly kind: 'ranges'; readonly chosen: number; readonly left: readonly KeyRange[] };

/** The objects of a selection in batches, to be gone through once. */
export interface SelectionReading extends AsyncIterable<readonly ObjectRef[]> {
  /**
   * What a later reading begins with to give all that this one has not given yet, and nothing that it
   * has. Asked for between two batches, it counts the last one as done.
   */
  position(): SelectionPosition;
}

export interface ReadSelectionOptions extends CallOptions {
  /** Objects and versions looked at so far, those that don't match included. */
  readonly onProgress?: (seen: number) => void;
  /** Continues where a reading of the same selection was; see `SelectionReading.position`. */
  readonly from?: SelectionPosition;
}

/** Objects of a batch where none is given by a page of S3. */
const BATCH = 1000;

/**
 * A reading of what comes one by one and can't be entered in the middle: what is done is read again and
 * left out.
 */
export function readInOrder(
  read: () => Iterable<ObjectRef> | AsyncIterable<ObjectRef>,
  subject: string,
  options: ReadSelectionOptions,
): SelectionReading {
  const { from, signal, onProgress } = options;
  let done = from?.kind === 'count' ? from.done : 0;
  return {
    position: () => ({ kind: 'count', done }),
    async *[Symbol.asyncIterator]() {
      let row = 0;
      let batch: ObjectRef[] = [];
      const give = (): readonly ObjectRef[] => {
        done += batch.length;
        onProgress?.(done);
        const given = batch;
        batch = [];
        return given;
      };
      try {
        for await (const ref of read()) {
          row += 1;
          if (row <= done) continue;
          batch.push(ref);
          if (batch.length < BATCH) continue;
          signal?.throwIfAborted();
          yield give();
          // `done` counts rows that were given; the next is behind them.
        }
      } catch (error) {
        throw callError(error, subject, options);
      }
      if (batch.length > 0) yield give();
    },
  };
}
