import type { CredentialProvider } from '../../src/aws/connection/credentials.ts';
import { BrigadeError } from '../../src/aws/errors.ts';

type Credentials = Awaited<ReturnType<CredentialProvider>>;

/** Credentials of one account only. */
export interface PinnedCredentials {
  readonly provider: CredentialProvider;
  /** From here on, credentials of another account are refused before anything is sent with them. */
  readonly pin: (accountId: string) => void;
}

/**
 * A profile's credentials are read again when its files change, and may be another account's then:
 * what was made in the first would be looked for, and not found, in the second.
 *
 * @param accountOf whose credentials are; asked of new ones only
 */
export function pinnedCredentials(
  profile: string,
  credentials: CredentialProvider,
  accountOf: (credentials: Credentials) => Promise<string>,
): PinnedCredentials {
  let pinned: string | undefined;
  let known: string | undefined;
  const provider = async (): Promise<Credentials> => {
    const given = await credentials();
    if (pinned !== undefined && given.accessKeyId !== known) {
      const accountId = await accountOf(given);
      if (accountId !== pinned) throw otherAccount(profile, pinned, accountId);
    }
    known = given.accessKeyId;
    return given;
  };
  return { provider, pin: accountId => (pinned = accountId) };
}

function otherAccount(profile: string, pinned: string, accountId: string): BrigadeError {
  return new BrigadeError(
    'CredentialsMissing',
    `The profile ${profile} now belongs to account ${accountId}. This run works in account ${pinned} only.`,
  );
}
