import type { CallOptions } from '../call.ts';
import { BrigadeError, isCancelled } from '../errors.ts';

/** How one write is undone. It looks first: the write may not have been carried out. */
export interface Undo {
  /** What is there if this fails: `role resize-role`. */
  readonly what: string;
  readonly run: (options: CallOptions) => Promise<UndoResult>;
}

/**
 * What came of an undo: `nothing` was there to undo; it was `left` as it is, for someone else has
 * changed it since.
 */
export type UndoResult = 'undone' | 'nothing' | 'left';

/** Each undo's own time; the signal of what is undone may have been aborted. */
const UNDO_LIMIT_MS = 120_000;

/** What a run has done, so that it can be undone in reverse. */
export class UndoLog {
  readonly #undos: Undo[] = [];

  /**
   * Runs a write that can be undone. A write whose answer did not arrive may have been carried out:
   * so it is undone too, unless AWS said that someone else was first.
   */
  async perform<T>(undo: Undo, write: () => Promise<T>): Promise<T> {
    this.#undos.push(undo);
    try {
      return await write();
    } catch (error) {
      if (wasTaken(error)) this.#undos.splice(this.#undos.indexOf(undo), 1);
      throw error;
    }
  }

  /** Undoes all in reverse. Answers whether there was anything to undo and what is left; never throws. */
  async undoAll(): Promise<{ readonly undone: boolean; readonly left: readonly string[] }> {
    const left: string[] = [];
    let undone = false;
    for (const { what, run } of this.#undos.splice(0).reverse()) {
      try {
        const signal = AbortSignal.timeout(UNDO_LIMIT_MS);
        const result = await run({ signal });
        if (result === 'left') left.push(what);
        undone ||= result === 'undone';
      } catch (error) {
        left.push(`${what} (${reasonOf(error)})`);
      }
    }
    return { undone, left };
  }
}

/** A conflict at the first attempt is not with an earlier attempt of ours. */
function wasTaken(error: unknown): boolean {
  if (!(error instanceof BrigadeError) || error.code !== 'Conflict') return false;
  const { $metadata } = (error.cause ?? {}) as { $metadata?: { attempts?: number } };
  return ($metadata?.attempts ?? 1) <= 1;
}

function reasonOf(error: unknown): string {
  if (isCancelled(error)) return 'no answer';
  return error instanceof Error ? error.message : String(error);
}
