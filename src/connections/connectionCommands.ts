import type { Disposable } from 'vscode';
import { DisposableStore } from '../vscode/disposables.ts';
import type { Documents } from '../services.ts';
import { log } from '../vscode/log.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { SANDBOX } from './connectionIds.ts';

export function registerConnectionCommands(
  connections: ActiveConnections,
  documents: Documents,
): Disposable {
  const store = new DisposableStore();
  store.add(
    registerCommand('bucketBrigade.connections.select', async id => {
      const { selectConnection } = await import('./selectConnection.ts');
      await selectConnection(connections, id);
    }),
  );
  store.add(registerCommand('bucketBrigade.connections.retry', () => retry(connections)));
  store.add(
    registerCommand('bucketBrigade.connections.signIn', async id => {
      const { signIn } = await import('./signIn.ts');
      await signIn(connections, id);
    }),
  );
  store.add(
    registerCommand('bucketBrigade.connections.show', async () => {
      const { showConnection } = await import('./showConnection.ts');
      await showConnection(connections, documents);
    }),
  );
  store.add(registerCommand('bucketBrigade.log.show', () => log.show()));
  return store;
}

/** Reads credentials anew, and starts the sandbox even after a stop: the user asks for it. */
async function retry(connections: ActiveConnections): Promise<void> {
  if (connections.current?.id === SANDBOX) connections.sandbox.allowUse();
  connections.restart();
  await connections.session();
}
