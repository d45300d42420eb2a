import { BrigadeError } from '../aws/errors.ts';
import type { Documents } from '../services.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { SANDBOX } from './connectionIds.ts';
import { connectionReport } from './connectionReport.ts';
import { settingsOf } from './connectionSources.ts';

/**
 * Shows all about a connection; sends nothing.
 *
 * @param id the default when absent
 * @throws BrigadeError `NoConnection`, `Misconfigured`
 */
export async function showConnection(
  connections: ActiveConnections,
  documents: Documents,
  id?: string,
): Promise<void> {
  const current =
    id === undefined ? connections.current : connections.opened.find(one => one.id === id);
  const session = connections.openSession(id);
  if (!current) throw new BrigadeError('NoConnection', 'No connection has been chosen');
  const connection = session?.connection ?? current;
  const settings =
    session?.settings ??
    (current.id === SANDBOX
      ? undefined
      : await settingsOf(current.id, connections.memory.details(current.id)));
  const text = connectionReport({ connection, identity: session?.identity, settings });
  await documents.show('connection', `${connection.label.replace(/[/\\]/g, '-')}.md`, text);
}
