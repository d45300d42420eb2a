import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { ActiveConnections } from './activeConnections.ts';

/** Registers the commands of the local sandbox; their code is loaded with the first that runs. */
export function registerSandboxCommands(connections: ActiveConnections): Disposable {
  const actions = async () => await import('./sandboxActions.ts');
  return Disposable.from(
    registerCommand('bucketBrigade.sandbox.start', async () =>
      (await actions()).start(connections),
    ),
    registerCommand('bucketBrigade.sandbox.stop', async () => (await actions()).stop(connections)),
    registerCommand('bucketBrigade.sandbox.reset', async options =>
      (await actions()).reset(connections, options?.skipConfirmation ?? false),
    ),
    registerCommand('bucketBrigade.sandbox.copyEnvironment', async () =>
      (await actions()).copyEnvironment(connections),
    ),
  );
}
