import { ListRolesCommand } from '@aws-sdk/client-iam';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { listFunctions } from '../../../src/aws/functions/functions.ts';
import { listBuckets } from '../../../src/aws/objects/listing.ts';
import { getRole } from '../../../src/aws/roles/roleDetails.ts';
import { labNames, REGION_TAG, suffixOf, type LabNames } from './labNames.ts';

/**
 * The runs whose names are still in the account: of buckets and roles anywhere, and of functions in this
 * Region. A name proves nothing: `findOwn` looks who made what.
 */
export async function findRuns(clients: AwsClients): Promise<LabNames[]> {
  const regions = new Map<string, string>();
  const [buckets, roles, functions] = await Promise.all([
    listBuckets(clients),
    listRoleNames(clients),
    listFunctions(clients),
  ]);
  for (const { name } of functions) remember(regions, name, clients.region);
  for (const name of roles) {
    const suffix = suffixOf(name);
    if (suffix === undefined || regions.has(suffix)) continue;
    const { tags } = await getRole(clients, name);
    remember(regions, name, tags[REGION_TAG] ?? clients.region);
  }
  for (const { name, region = clients.region } of buckets) remember(regions, name, region);
  return [...regions].map(([suffix, region]) => labNames(suffix, region));
}

function remember(regions: Map<string, string>, name: string, region: string): void {
  const suffix = suffixOf(name);
  if (suffix !== undefined) regions.set(suffix, region);
}

async function listRoleNames(clients: AwsClients): Promise<string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await clients.iam().send(new ListRolesCommand({ MaxItems: 1000, Marker }));
    names.push(...(page.Roles ?? []).map(({ RoleName = '' }) => RoleName));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return names;
}
