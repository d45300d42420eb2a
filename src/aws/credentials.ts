import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A profile of the shared config and credentials files. */
export interface Profile {
  readonly name: string;
  readonly region?: string;
  /** The profile's `endpoint_url`, or that of its `services` section for S3. */
  readonly endpoint?: string;
  /** Signs in by `aws sso login`. */
  readonly sso: boolean;
}

type Section = Partial<Record<string, string>>;

/**
 * The profiles of the AWS CLI's config and credentials files (or those that AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE name), read anew at every call, in their order. Empty without files.
 */
export async function listProfiles(): Promise<Profile[]> {
  // The SDK remembers the files for as long as the process lives.
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return [...names]
    .filter(name => !/^(sso-session|services)\./.test(name))
    .map(name => {
      const section: Section = { ...configFile[name], ...credentialsFile[name] };
      const services = configFile[`services.${section['services'] ?? ''}`];
      return {
        name,
        region: section['region'],
        endpoint: services?.['s3.endpoint_url'] ?? section['endpoint_url'],
        sso: section['sso_session'] !== undefined || section['sso_start_url'] !== undefined,
      };
    });
}

/** What the environment variables of AWS's tools say, for a connection without a profile. */
export function environmentSettings(environment: NodeJS.ProcessEnv = process.env): {
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
} {
  const read = (...names: string[]) =>
    names.map(name => environment[name]).find(value => value !== undefined && value !== '');
  const ignored = read('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') === 'true';
  return {
    profile: read('AWS_PROFILE'),
    region: read('AWS_REGION', 'AWS_DEFAULT_REGION'),
    endpoint: ignored ? undefined : read('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
  };
}

/** Where a connection's credentials come from. Without anything: the SDK's own chain. */
export interface CredentialSource {
  readonly profile?: string;
  /** Asked for a code where the profile has an `mfa_serial`. */
  readonly mfaCode?: (serial: string) => Promise<string>;
}

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface ResolvedCredentials extends StaticCredentials {
  readonly expiration?: Date;
}

/** What the SDK tells a provider of the client that asks: its Region serves to assume roles. */
type CallerOptions = Parameters<ReturnType<typeof fromIni>>[0];
export type CredentialProvider = (caller?: CallerOptions) => Promise<ResolvedCredentials>;

/** Renew this long before AWS would refuse: the SDK's own margin. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * A provider for `createClients`. It resolves again when the credentials are about to expire and
 * when a file they came from has changed, so that renewed credentials are picked up without new
 * clients. Static credentials are handed back as they are.
 */
export function credentialsFor(
  source: CredentialSource | StaticCredentials,
): StaticCredentials | CredentialProvider {
  return 'accessKeyId' in source ? source : renewing(source);
}

/**
 * Made anew for each use, as a chain keeps what it has once resolved. A profile does not fall back
 * on the machine's own role, as the SDK's chain would: that is another account, perhaps.
 */
function chainOf({ profile, mfaCode }: CredentialSource): CredentialProvider {
  const init = { ignoreCache: true, mfaCodeProvider: mfaCode };
  return profile === undefined
    ? fromNodeProviderChain({ ...init, timeout: 1_000, maxRetries: 0 })
    : fromIni({ ...init, profile });
}

function renewing(source: CredentialSource): CredentialProvider {
  let known: { credentials: ResolvedCredentials; files: string } | undefined;
  let pending: Promise<ResolvedCredentials> | undefined;

  const resolve = async (caller?: CallerOptions): Promise<ResolvedCredentials> => {
    const files = await fileVersions();
    if (known?.files !== files || isExpiring(known.credentials)) {
      known = undefined;
      known = { credentials: await chainOf(source)(caller), files };
    }
    return known.credentials;
  };
  return async caller => {
    pending ??= resolve(caller).finally(() => (pending = undefined));
    const credentials = await pending;
    // The SDK asks again before the next request only for what is about to expire.
    return { ...credentials, expiration: new Date(Date.now() + RENEW_BEFORE_MS / 2) };
  };
}

function isExpiring({ expiration }: ResolvedCredentials): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < RENEW_BEFORE_MS;
}

async function fileVersions(): Promise<string> {
  const paths = [
    process.env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
    process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
  ];
  const versions = paths.map(async path => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return 'none';
    }
  });
  return (await Promise.all(versions)).join('\n');
}
