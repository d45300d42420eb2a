import { createContext, Script } from 'node:vm';
import { BrigadeError } from '../errors.ts';
import { objectMatcher } from './objectFilter.ts';
import type { ObjectFilter, ObjectRef } from './selection.ts';

/** Milliseconds that a page of a thousand keys may take; it takes one or two. */
const LIMIT_MS = 2_000;

/**
 * Leaves the objects of a batch that match all of a filter but its tags. A regular expression or a
 * glob can take years for one key (`(a+)+$`): V8 gives up after two seconds, which it does in the
 * middle of a match, so that neither a process nor its Cancel hangs.
 *
 * @throws BrigadeError `InvalidInput` for a filter with a problem, and with the reason
 *   `SlowPattern` for one that takes too long
 */
export function boundedMatching(
  filter: ObjectFilter,
): (refs: readonly ObjectRef[]) => readonly ObjectRef[] {
  const matches = objectMatcher(filter);
  if (filter.glob === undefined && filter.regex === undefined) return refs => refs.filter(matches);
  let batch: readonly ObjectRef[] = [];
  const context = createContext({ run: () => batch.filter(matches) });
  const script = new Script('run()');
  return refs => {
    batch = refs;
    try {
      return script.runInContext(context, { timeout: LIMIT_MS }) as readonly ObjectRef[];
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new BrigadeError('InvalidInput', 'The pattern takes too long to match', {
        ...{ subject: filter.regex ?? filter.glob, reason: 'SlowPattern' },
      });
    }
  };
}

/** The error is one of the context's own: `instanceof Error` says no. */
function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
