import { commands, type Disposable } from 'vscode';
import type { CommandId, Commands } from '../commands.ts';
import { isCancellation } from './cancellation.ts';
import { log } from './log.ts';
import { showError } from './showError.ts';

/**
 * Registers one of our commands. A handler never catches to show: whatever it throws is logged and
 * shown once, with a Retry that runs it again with the same arguments; cancelling is silent.
 *
 * The command resolves to what the handler returns, or `undefined` if it failed, so that VS Code
 * does not show the failure a second time.
 */
export function registerCommand<Id extends CommandId>(
  id: Id,
  handler: (...args: Commands[Id]) => unknown,
): Disposable {
  const run = async (...args: Commands[Id]): Promise<unknown> => {
    log.debug(`${id} started`);
    const started = performance.now();
    try {
      const result = await handler(...args);
      log.debug(`${id} done in ${(performance.now() - started).toFixed(0)} ms`);
      return result;
    } catch (error) {
      if (isCancellation(error)) {
        log.debug(`${id} cancelled`);
        return undefined;
      }
      void showError(error, { doing: id, retry: () => run(...args) });
      return undefined;
    }
  };
  return commands.registerCommand(id, run);
}
