import { l10n } from 'vscode';
import type { Connection, Session } from '../services.ts';
import { ownerOf } from './sessionOwner.ts';

/** A session, as far as it says whose it is. */
type Owned = Pick<Session, 'key' | 'connection' | 'identity'>;

let shown: Connection | undefined;
let areSeveral = false;

/** The connection that messages shown now are about. */
export function shownConnection(): Connection | undefined {
  return shown;
}

/** Called by connections/ whenever another one is the default, or one is opened or closed. */
export function setShownConnections(
  current: Connection | undefined,
  opened: readonly Connection[],
): void {
  shown = current;
  areSeveral = opened.length > 1;
}

/** A connection with its account, where several are open and it has to be said whose something is. */
export function ownerLabel(session: Owned): string | undefined {
  return areSeveral ? ownerOf(session).name : undefined;
}

/** A message about what is of a session's account: where several are open, it begins with whose it is. */
export function messageWithOwner(session: Owned, text: string): string {
  const name = ownerLabel(session);
  return name === undefined ? text : l10n.t('{0}: {1}', name, text);
}

/** The title of a question about a session's account: where several are open, whose it is follows. */
export function titleWithOwner(session: Owned, title: string): string {
  const name = ownerLabel(session);
  return name === undefined ? title : `${title} · ${name}`;
}

/** What a question says below: where several are open, whose it is comes first. */
export function detailWithOwner(session: Owned, text: string): string {
  const name = ownerLabel(session);
  return name === undefined ? text : [name, text].filter(Boolean).join('\n\n');
}
