import { l10n } from 'vscode';
import type { Owned } from '../commands.ts';
import type { Connections, Session } from '../services.ts';

/**
 * Whose something on the screen is: a document, a message with buttons, an unsaved editor. It can be
 * kept, and holds no secrets.
 */
export interface Owner {
  /** `Session.key`. */
  readonly key: string;
  readonly connectionId: string;
  /** How people know it: the connection and, where it has one, the account. */
  readonly name: string;
}

export function ownerOf({
  key,
  connection,
  identity,
}: Pick<Session, 'key' | 'connection' | 'identity'>): Owner {
  const { label, id: connectionId } = connection;
  return { key, connectionId, name: ownerName(label, identity.accountId) };
}

/** The id of the connection and the account that a `Session.key` names. */
export function partsOf(key: string): readonly [connectionId: string, account: string] {
  const [connectionId = '', account = ''] = key.split('/').map(decoded);
  return [connectionId, account];
}

/** The id of the connection that a `Session.key` names. */
export function connectionIdOf(key: string): string {
  return partsOf(key)[0];
}

/** The owner that a `Session.key` names. */
export function ownerOfKey(key: string, connections?: Connections): Owner {
  const [connectionId, account] = partsOf(key);
  const opened = connections?.opened.find(({ id }) => id === connectionId);
  const label = opened?.label ?? connectionId.replace(/^profile:/, '');
  return { key, connectionId, name: ownerName(label, /^\d+$/.test(account) ? account : '') };
}

/** Anyone may pass a key; one that isn't ours names no connection. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ownerName(label: string, accountId: string): string {
  // S3-compatible services need not know accounts.
  return accountId === '' ? label : l10n.t('{0} (account {1})', label, accountId);
}

/** What belongs to one connection was to be used with another; its message is meant to be shown. */
export class OtherConnection extends Error {
  override readonly name = 'OtherConnection';
  readonly owner: Owner;

  constructor(owner: Owner, now: Owner) {
    super(
      l10n.t(
        'This belongs to {0}, but you are connected to {1}. Nothing was done. Switch back, then try again.',
        owner.name,
        now.name,
      ),
    );
    this.owner = owner;
  }
}

/**
 * The session of now for something that was made with an earlier one: the same connection and
 * account, even if its credentials are new. Its connection may be any of those that are open.
 *
 * @throws OtherConnection when it isn't open, or has another account now; else what `session` throws
 */
export async function sessionOf(
  connections: Connections,
  { key, connectionId, name }: Owner,
  signal?: AbortSignal,
): Promise<Session> {
  const isOpen = connections.opened.some(({ id }) => id === connectionId);
  const session = await connections.session(signal, isOpen ? connectionId : undefined);
  if (session.key === key) return session;
  throw new OtherConnection({ key, connectionId, name }, ownerOf(session));
}

/**
 * The session to act on something with: of whom it belongs to, by default the default connection's.
 *
 * @throws as `sessionOf` does
 */
export async function sessionForTarget(
  connections: Connections,
  target: Owned | undefined,
  signal?: AbortSignal,
): Promise<Session> {
  if (target?.session === undefined) return await connections.session(signal);
  return await sessionOf(connections, ownerOfKey(target.session, connections), signal);
}

/** Connections of which there is one alone: all that is asked of them is asked of its owner. */
export function connectionsOf(connections: Connections, owner: Owner): Connections {
  return oneConnection(connections, owner.connectionId, signal =>
    sessionOf(connections, owner, signal),
  );
}

/** Connections of which there is one alone, whatever account it has now. */
export function oneConnection(
  connections: Connections,
  connectionId: string,
  session: Connections['session'] = signal => connections.session(signal, connectionId),
): Connections {
  const { onDidChangeAny } = connections;
  const onDidChange: Connections['onDidChange'] = (listener, self, disposables) =>
    onDidChangeAny(
      ({ id }) => id === connectionId && void listener.call(self),
      undefined,
      disposables,
    );
  const own = (): Connections['opened'] =>
    connections.opened.filter(({ id }) => id === connectionId);
  return {
    get current() {
      return own()[0];
    },
    get opened() {
      return own();
    },
    ...{ onDidChange, onDidChangeAny, session },
  };
}

/**
 * The services to do a command with that was called on something: whatever they ask of a connection,
 * they ask of whom it belongs to.
 */
export function servicesFor<S extends { readonly connections: Connections }>(
  services: S,
  target: object | string | undefined,
): S {
  const { session } = typeof target === 'object' ? (target as Owned) : {};
  if (session === undefined) return services;
  const owner = ownerOfKey(session, services.connections);
  return { ...services, connections: connectionsOf(services.connections, owner) };
}
