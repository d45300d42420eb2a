import { l10n } from 'vscode';
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

export function ownerOf({ key, connection, identity }: Session): Owner {
  const { label, id: connectionId } = connection;
  // S3-compatible services need not know accounts.
  const { accountId } = identity;
  const name = accountId === '' ? label : l10n.t('{0} (account {1})', label, accountId);
  return { key, connectionId, name };
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
 * account, even if its credentials are new.
 *
 * @throws OtherConnection when another connection or account is in use; else what `session` throws
 */
export async function sessionOf(
  connections: Connections,
  owner: Owner,
  signal?: AbortSignal,
): Promise<Session> {
  const session = await connections.session(signal);
  if (session.key !== owner.key) throw new OtherConnection(owner, ownerOf(session));
  return session;
}
