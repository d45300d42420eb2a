import { ENVIRONMENT, profileId } from './connectionIds.ts';
import type { ConnectionDetails } from './connectionMemory.ts';

/** A connection as its profile or environment describes it, before the user's own choices. */
export interface ConnectionSource extends ConnectionDetails {
  readonly id: string;
  /** Signs in by IAM Identity Center. */
  readonly sso: boolean;
}

/** Every profile of the shared config and credentials files, and last the environment. */
export async function listSources(): Promise<ConnectionSource[]> {
  const { environmentSettings, listProfiles } = await import('../aws/credentials.ts');
  const profiles = (await listProfiles()).map(({ name, region, endpoint, sso }) => ({
    id: profileId(name),
    region,
    endpoint,
    sso,
  }));
  const { profile = '', region, endpoint } = environmentSettings();
  // AWS_PROFILE makes the SDK's chain take that profile, whose settings then count too.
  const named = profiles.find(({ id }) => id === profileId(profile));
  const environment = {
    id: ENVIRONMENT,
    region: region ?? named?.region,
    endpoint: endpoint ?? named?.endpoint,
    sso: named?.sso ?? false,
  };
  return [...profiles, environment];
}
