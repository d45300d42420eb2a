import { ListRolesCommand } from '@aws-sdk/client-iam';
import { call } from '../../../src/aws/call.ts';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { listFunctions } from '../../../src/aws/functions/functions.ts';
import { listBuckets } from '../../../src/aws/objects/listing.ts';
import { getRole } from '../../../src/aws/roles/roleDetails.ts';
import { labNames, REGION_TAG, suffixOf, type LabNames } from './labNames.ts';
import type { Unread } from './ownThings.ts';

export interface FoundRuns {
  readonly runs: readonly LabNames[];
  /** The lists that can't be had: what is in these only is not found. */
  readonly unread: readonly Unread[];
}

/**
 * The runs whose names are still in the account: of buckets and roles anywhere, and of functions in this
 * Region. A name proves nothing: `findOwn` looks who made what.
 */
export async function findRuns(clients: AwsClients): Promise<FoundRuns> {
  const regions = new Map<string, string>();
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
  for (const { name } of functions) remember(regions, name, clients.region);
  for (const name of roles) {
    const suffix = suffixOf(name);
    if (suffix === undefined || regions.has(suffix)) continue;
    // Who may not look at it is told so by `findOwn`.
    const tags = await getRole(clients, name).then(
      role => role.tags,
      () => undefined,
    );
    remember(regions, name, tags?.[REGION_TAG] ?? clients.region);
  }
  for (const { name, region = clients.region } of buckets) remember(regions, name, region);
  return { runs: [...regions].map(([suffix, region]) => labNames(suffix, region)), unread };
}

function remember(regions: Map<string, string>, name: string, region: string): void {
  const suffix = suffixOf(name);
  if (suffix !== undefined) regions.set(suffix, region);
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
