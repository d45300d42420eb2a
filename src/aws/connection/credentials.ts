import { stat } from 'node:fs/promises';
import { configPaths } from './configPaths.ts';
import { resolveSource, type CredentialRequest } from './credentialProviders.ts';
import type { ResolvedCredentials } from './credentialSource.ts';

/** Credentials with the time at which they really end, where they do: `expiration` is when to ask again. */
export interface RenewedCredentials extends ResolvedCredentials {
  readonly endsAt: Date | undefined;
}

export type CredentialProvider = () => Promise<RenewedCredentials>;

/** Renew this long before AWS would refuse: the SDK's own margin. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * A provider for `createClients`. It resolves again when the credentials are about to expire and
 * when a file they came from has changed, so that renewed credentials are picked up without new
 * clients.
 *
 * @param request asked each time, so that it says what the files say then.
 */
export function renewingCredentials(request: () => Promise<CredentialRequest>): CredentialProvider {
  let known: { credentials: ResolvedCredentials; files: string } | undefined;
  let pending: Promise<ResolvedCredentials> | undefined;

  const resolve = async (): Promise<ResolvedCredentials> => {
    const files = await fileVersions();
    if (known?.files !== files || isExpiring(known.credentials)) {
      known = undefined;
      known = { credentials: await resolveSource(await request()), files };
    }
    return known.credentials;
  };
  return async () => {
    pending ??= resolve().finally(() => (pending = undefined));
    const credentials = await pending;
    // The SDK asks again before the next request only for what is about to expire.
    const { expiration: endsAt } = credentials;
    const askAgain = new Date(Date.now() + RENEW_BEFORE_MS / 2);
    return { ...credentials, expiration: askAgain, endsAt };
  };
}

function isExpiring({ expiration }: ResolvedCredentials): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < RENEW_BEFORE_MS;
}

async function fileVersions(): Promise<string> {
  const versions = Object.values(configPaths()).map(async path => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return 'none';
    }
  });
  return (await Promise.all(versions)).join('\n');
}
