import type { Session } from '../../services.ts';

/** Rows of two accounts never share an id, so VS Code never mixes them up either. */
export function topId({ connection, identity }: Session): string {
  return `${connection.id}/${identity.accountId}`;
}
