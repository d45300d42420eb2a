import { l10n, ThemeIcon, window } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Connection } from '../services.ts';
import { accountText } from '../vscode/accountText.ts';
import { pick } from '../vscode/prompts.ts';
import type { ActiveConnections } from './activeConnections.ts';

/** Closes a connection. What is on its servers stays; what is under way with it is cancelled. */
export async function closeConnection(connections: ActiveConnections, id?: string): Promise<void> {
  const { opened } = connections;
  const [only, ...others] = opened;
  const asked = {
    title: l10n.t('Close Connection'),
    placeholder: l10n.t('Select a connection to close'),
  };
  const connection =
    others.length === 0 && id === undefined
      ? only
      : await openOrAsk(connections, id, opened, asked);
  if (connection) await connections.close(connection.id);
}

/** Makes one of the open connections the one that is used where nothing says otherwise. */
export async function makeDefault(connections: ActiveConnections, id?: string): Promise<void> {
  const { current, opened } = connections;
  const others = opened.filter(one => one.id !== current?.id);
  if (id === undefined && others.length === 0) {
    void window.showInformationMessage(
      l10n.t('No other connection is open. To open one, run “Open Another Connection…”.'),
    );
    return;
  }
  const connection = await openOrAsk(connections, id, others, {
    title: l10n.t('Set as Default'),
    placeholder: l10n.t('Select the default connection for commands'),
  });
  if (connection.id !== current?.id) await connections.choose(connection);
}

async function openOrAsk(
  connections: ActiveConnections,
  id: string | undefined,
  among: readonly Connection[],
  question: { readonly title: string; readonly placeholder: string },
): Promise<Connection> {
  if (id !== undefined) {
    const found = connections.opened.find(one => one.id === id);
    if (found) return found;
    throw new BrigadeError('NoConnection', `Not open: ${id}`);
  }
  const { connection } = await pick({
    ...question,
    items: among.map(connection => {
      const identity = connections.openSession(connection.id)?.identity;
      const account = identity && accountText(identity);
      return {
        label: connection.label,
        description: [account, connection.region, connection.endpoint].filter(Boolean).join(' · '),
        iconPath: new ThemeIcon('database'),
        connection,
      };
    }),
  });
  return connection;
}
