import type { Session } from '../services.ts';

/**
 * Part of a key for what is remembered of an account. Bucket names are AWS's within a partition, so
 * an account is enough there. At another endpoint the account number may be anyone's, so the
 * connection counts too.
 */
export function accountKey({ connection, identity }: Session): string {
  const where = connection.endpoint === undefined ? identity.partition : connection.id;
  return `${where}/${identity.accountId}`;
}
