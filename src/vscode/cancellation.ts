import { CancellationError, type CancellationToken } from 'vscode';
import { BrigadeError, isCancelled } from '../aws/errors.ts';

/** Whether the user (or a newer request) called it off: nothing to show. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancellationError || isCancelled(error);
}

/** Whether it was called off and nothing is to be shown of it in a view either. */
export function isSilentInViews(error: unknown): boolean {
  const isSaid = error instanceof BrigadeError && error.reason === 'ConnectingCancelled';
  return isCancellation(error) && !isSaid;
}

/** What a prompt throws when it is dismissed; `registerCommand` swallows it. */
export function cancelled(): BrigadeError {
  return new BrigadeError('Cancelled', 'Cancelled by the user');
}

/**
 * An AbortSignal that follows a CancellationToken. The token of a drop on a tree has lost its methods
 * on its way between VS Code's processes: such a one is taken as it is and never aborts.
 */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  const { onCancellationRequested } = token as Partial<CancellationToken>;
  if (token.isCancellationRequested) controller.abort();
  else onCancellationRequested?.(() => controller.abort());
  return controller.signal;
}

/** Whether all that is wrong is that the user has stopped the sandbox: nothing to show as a fault. */
export function isSandboxStopped(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'SandboxStopped';
}
