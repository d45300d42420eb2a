import type { Origin } from './setting.ts';

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ResolvedCredentials extends StaticCredentials {
  readonly expiration?: Date;
}

/**
 * Where credentials come from, as far as the configuration says: the last link of a chain is keys, a
 * sign-in, a program or this machine. Keys are behind a function, so that none is shown or logged.
 */
export type CredentialSource = { readonly origin: Origin } & (
  | { readonly kind: 'keys'; readonly keys: () => StaticCredentials }
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      readonly sessionName?: string;
      readonly externalId?: string;
      readonly mfaSerial?: string;
      readonly durationSeconds?: number;
      readonly source: CredentialSource;
    }
  | {
      readonly kind: 'webIdentity';
      readonly roleArn: string;
      readonly tokenFile: string;
      readonly sessionName?: string;
    }
  | {
      readonly kind: 'sso';
      /** Signs in by `aws sso login --profile` this. */
      readonly profile: string;
      readonly session?: string;
      readonly startUrl: string;
      readonly region: string;
      readonly accountId: string;
      readonly roleName: string;
    }
  /** Signs in by `aws login --profile` this. */
  | {
      readonly kind: 'login';
      readonly profile: string;
      readonly session: string;
      readonly region?: string;
    }
  | { readonly kind: 'process'; readonly profile: string; readonly command: string }
  | { readonly kind: 'container' }
  | { readonly kind: 'instance'; readonly metadata: InstanceMetadata }
  /** The profile says of none. */
  | { readonly kind: 'none'; readonly profile: string }
);

export interface InstanceMetadata {
  readonly endpoint: string;
  readonly v1Disabled: boolean;
}

/** The end of the chain: where somebody has to sign in. */
export function lastLink(source: CredentialSource): CredentialSource {
  return source.kind === 'role' ? lastLink(source.source) : source;
}
