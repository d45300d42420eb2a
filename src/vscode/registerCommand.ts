import { commands, Disposable } from 'vscode';
import {
  UNASKED,
  unaskedId,
  type CommandId,
  type HandlerArguments,
  type UnaskedArguments,
} from '../commands.ts';
import { isCancellation } from './cancellation.ts';
import { log } from './log.ts';

/** What a handler throws that asked for a lot before it failed: Retry resumes, and asks none of it again. */
export class Resumable extends Error {
  override readonly name = 'Resumable';
  readonly resume: () => unknown;

  constructor(failure: unknown, resume: () => unknown) {
    super('Failed after all had been asked', { cause: failure });
    this.resume = resume;
  }
}

let isTestRun = false;

/** Has commands registered from now on also get their `UnaskedArguments` variant: for our own tests only. */
export function registerUnaskedCommands(): void {
  isTestRun = true;
}

/**
 * Registers one of our commands. Its handler gets only what fits it: see `publicArguments`. It never
 * catches to show: whatever it throws is logged and shown once, with a Retry that runs it again with
 * the same arguments, unless it is `Resumable`; cancelling is silent.
 *
 * The command resolves to what the handler returns, or `undefined` if it failed, so that VS Code
 * does not show the failure a second time.
 */
export function registerCommand<Id extends CommandId>(
  id: Id,
  handler: (...args: HandlerArguments<Id>) => unknown,
): Disposable {
  const listed = commands.registerCommand(id, (...given: unknown[]) =>
    runAndShow(id, async () => {
      const { publicArguments } = await import('./publicArguments.ts');
      return handler(...(await publicArguments(id, given)));
    }),
  );
  if (!isTestRun || !isUnasked(id)) return listed;
  const unasked = commands.registerCommand(unaskedId(id), (...args: HandlerArguments<Id>) =>
    runAndShow(id, () => handler(...args)),
  );
  return Disposable.from(listed, unasked);
}

function isUnasked(id: CommandId): id is keyof UnaskedArguments {
  return Object.hasOwn(UNASKED, id);
}

/** Does what a command does, and shows what it throws. @returns undefined where it failed */
export async function runAndShow(id: string, work: () => unknown): Promise<unknown> {
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
    // Loaded by the first that fails.
    const { showError } = await import('./showError.ts');
    void showError(error, { doing: id, retry: () => runAndShow(id, again) });
    return undefined;
  }
}
