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
  store.add(registerCommand('bucketBrigade.connections.retry', id => retry(connections, id)));
  store.add(
    registerCommand('bucketBrigade.connections.signIn', async id => {
      const { signIn } = await import('./signIn.ts');
      await signIn(connections, id);
    }),
  );
  store.add(
    registerCommand('bucketBrigade.connections.show', async target => {
      const { showConnection } = await import('./showConnection.ts');
      await showConnection(connections, documents, target?.connectionId);
    }),
  );
  store.add(
    registerCommand('bucketBrigade.connections.openAnother', async id => {
      const { openAnotherConnection } = await import('./selectConnection.ts');
      await openAnotherConnection(connections, id);
    }),
  );
  store.add(
    registerCommand('bucketBrigade.connections.close', async target => {
      const { closeConnection } = await import('./severalConnections.ts');
      await closeConnection(connections, target?.connectionId);
    }),
  );
  store.add(
    registerCommand('bucketBrigade.connections.makeDefault', async target => {
      const { makeDefault } = await import('./severalConnections.ts');
      await makeDefault(connections, target?.connectionId);
    }),
  );
  store.add(registerCommand('bucketBrigade.log.show', () => log.show()));
  return store;
}

/** Reads credentials again, and starts the sandbox even after a stop: the user asks for it. */
async function retry(connections: ActiveConnections, id = connections.current?.id): Promise<void> {
  if (id === SANDBOX) connections.sandbox.allowUse();
  connections.restart(id);
  await connections.session(undefined, id);
}
