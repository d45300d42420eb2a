import { ListRolesCommand } from '@aws-sdk/client-iam';
import { call } from '../../src/aws/call.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { listFunctions } from '../../src/aws/functions/functions.ts';
import { listBuckets } from '../../src/aws/objects/listing.ts';
import { getRole } from '../../src/aws/roles/roleDetails.ts';
import type { Unread } from './ownThings.ts';
import { REGION_TAG, suffixOf, type Naming, type RunNames } from './runNames.ts';

export interface FoundRuns {
  readonly runs: readonly RunNames[];
  /** The lists that can't be had: what is in these only is not found. */
  readonly unread: readonly Unread[];
}

/**
 * The runs whose names are still in the account: of buckets and roles anywhere, and of functions in this
 * Region. A name proves nothing: `findOwn` looks who made what.
 */
export async function findRuns(clients: AwsClients, naming: Naming<RunNames>): Promise<FoundRuns> {
  const regions = new Map<string, string>();
  const remember = (name: string, region: string): void => {
    const suffix = suffixOf(naming, name);
    if (suffix !== undefined) regions.set(suffix, region);
  };
  const unread: Unread[] = [];
  const list = async <T>(name: string, listing: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await listing;
    } catch (error) {
      unread.push({ name, error });
      return [];
    }
  };
  const [buckets, roles, functions] = await Promise.all([
    list('buckets', listBuckets(clients)),
    list('roles', listRoleNames(clients)),
    list('functions', listFunctions(clients)),
  ]);
  for (const { name } of functions) remember(name, clients.region);
  for (const name of roles) {
    const suffix = suffixOf(naming, name);
    if (suffix === undefined || regions.has(suffix)) continue;
    // Who may not look at it is told so by `findOwn`.
    const tags = await getRole(clients, name).then(
      role => role.tags,
      () => undefined,
    );
    remember(name, tags?.[REGION_TAG] ?? clients.region);
  }
  for (const { name, region = clients.region } of buckets) remember(name, region);
  return { runs: [...regions].map(([suffix, region]) => naming.namesOf(suffix, region)), unread };
}

async function listRoleNames(clients: AwsClients): Promise<string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const command = new ListRolesCommand({ MaxItems: 1000, Marker });
    const page = await call('roles', {}, () => clients.iam().send(command));
    names.push(...(page.Roles ?? []).map(({ RoleName = '' }) => RoleName));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return names;
}
