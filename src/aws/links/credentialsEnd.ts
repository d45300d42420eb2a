import type { AwsClients } from '../clients.ts';

/** When what was signed with the credentials of now stops working, whatever its own expiry is. */
export type CredentialsEnd =
  /** Keys that last. */
  | { readonly kind: 'never' }
  | { readonly kind: 'at'; readonly date: Date }
  /** Credentials of a session, which ends at a time that nobody told. */
  | { readonly kind: 'unknown' };

/**
 * When the credentials that requests are signed with now will end. They may be renewed before that, but
 * what they signed ends with them.
 *
 * @throws what the credentials' provider throws
 */
export async function credentialsEnd({ config }: AwsClients): Promise<CredentialsEnd> {
  const { credentials } = config;
  const known: Known = typeof credentials === 'function' ? await credentials() : credentials;
  const date = 'endsAt' in known ? known.endsAt : known.expiration;
  if (date !== undefined) return { kind: 'at', date };
  return { kind: known.sessionToken === undefined ? 'never' : 'unknown' };
}

interface Known {
  readonly sessionToken?: string;
  readonly expiration?: Date;
  /** Of `renewingCredentials`, whose `expiration` only has the SDK ask again. */
  readonly endsAt?: Date | undefined;
}
