import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Connection, Connections, Session } from '../services.ts';

/** An input of every tool: which of the open connections, by the name that answers show. */
export interface ConnectionInput {
  readonly connection?: string;
}

/**
 * The session that a tool is to use: of the connection that its input names, else of the default one. Only
 * what the user has opened is there to be named.
 *
 * @throws BrigadeError `InvalidInput` with the names that there are; else what `session` throws
 */
export async function chosenSession(
  connections: Connections,
  { connection: name }: ConnectionInput,
  signal: AbortSignal,
): Promise<Session> {
  if (name === undefined) return await connections.session(signal);
  const { opened } = connections;
  const found = opened.find(each => connectionName(each, opened) === name);
  if (found !== undefined) return await connections.session(signal, found.id);
  const names = connectionNames(opened).join(', ');
  throw new BrigadeError(
    'InvalidInput',
    l10n.t('No open connection is called “{0}”. Open connections: {1}', name, names),
  );
}

/** The names of the open connections, as an assistant may give them. */
export function connectionNames(opened: readonly Connection[]): string[] {
  return opened.map(each => connectionName(each, opened));
}

/** Its label, or its id where another one has the same label: a profile can be called anything. */
export function connectionName(
  { id, label }: Pick<Connection, 'id' | 'label'>,
  opened: readonly Pick<Connection, 'id' | 'label'>[],
): string {
  return opened.some(other => other.label === label && other.id !== id) ? id : label;
}
