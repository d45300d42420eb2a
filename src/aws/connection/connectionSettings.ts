import type { ClientOptions } from './clientOptions.ts';
import type { CredentialSource } from './credentialSource.ts';
import type { Service } from './services.ts';
import type { Setting } from './setting.ts';

/**
 * Everything that decides where a connection's requests go and who signs them. Clients are built from
 * this alone.
 */
export interface ConnectionSettings {
  /** The profile whose section counts; undefined where there is none. */
  readonly profile: string | undefined;
  readonly region: Setting<string> | undefined;
  /** The services that are not at AWS's own address. */
  readonly endpoints: Readonly<Partial<Record<Service, Setting<string>>>>;
  /** The same for the calls that get credentials: a chosen endpoint is no concern of theirs. */
  readonly credentialEndpoints: ConnectionSettings['endpoints'];
  readonly options: { readonly [Name in keyof ClientOptions]: Setting<ClientOptions[Name]> };
  readonly credentials: CredentialSource;
}

export interface ConnectionRequest {
  /** Undefined: what the environment says, AWS_PROFILE included. */
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
}
