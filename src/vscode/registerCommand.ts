import { commands, type Disposable } from 'vscode';
import type { CommandId, Commands } from '../commands.ts';
import { isCancellation } from './cancellation.ts';
import { log } from './log.ts';
import { showError } from './showError.ts';

/** What a handler throws that asked for a lot before it failed: Retry resumes, and asks none of it again. */
export class Resumable extends Error {
  override readonly name = 'Resumable';
  readonly resume: () => unknown;

  constructor(failure: unknown, resume: () => unknown) {
    super('Failed after all had been asked', { cause: failure });
    this.resume = resume;
  }
}

/**
 * Registers one of our commands. A handler never catches to show: whatever it throws is logged and
 * shown once, with a Retry that runs it again with the same arguments, unless it is `Resumable`;
 * cancelling is silent.
 *
 * The command resolves to what the handler returns, or `undefined` if it failed, so that VS Code
 * does not show the failure a second time.
 */
export function registerCommand<Id extends CommandId>(
  id: Id,
  handler: (...args: Commands[Id]) => unknown,
): Disposable {
  const run = async (work: () => unknown): Promise<unknown> => {
    log.debug(`${id} started`);
    const started = performance.now();
    try {
      const result = await work();
      log.debug(`${id} done in ${(performance.now() - started).toFixed(0)} ms`);
      return result;
    } catch (thrown) {
      const [error, again] =
        thrown instanceof Resumable ? [thrown.cause, thrown.resume] : [thrown, work];
      if (isCancellation(error)) {
        log.debug(`${id} cancelled`);
        return undefined;
      }
      void showError(error, { doing: id, retry: () => run(again) });
      return undefined;
    }
  };
  return commands.registerCommand(id, (...args: Commands[Id]) => run(() => handler(...args)));
}
