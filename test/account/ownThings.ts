import { listJobs, describeJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { call } from '../../src/aws/call.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { deleteFunction } from '../../src/aws/functions/functionWrites.ts';
import { deleteLogGroup } from '../../src/aws/functions/functionLogs.ts';
import { cancelJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { deleteFullBucket } from '../../src/aws/deletion/deleteFullBucket.ts';
import { getBucketTags } from '../../src/aws/objects/buckets.ts';
import { deleteRole, deleteRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { getRole, listRolePolicies } from '../../src/aws/roles/roleDetails.ts';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LAB_TAG, type RunNames } from './runNames.ts';

/** Something of a run that is to be removed. */
export interface Thing {
  readonly kind: 'job' | 'function' | 'role' | 'log group' | 'bucket';
  readonly name: string;
  readonly remove: () => Promise<void>;
}

export interface Found {
  /** In the order in which they are to be removed; what proves the others comes last. */
  readonly own: readonly Thing[];
  /** Of a run's name, but without its tag: nobody knows whose. */
  readonly unproven: readonly string[];
  /** What may be there, but can't be looked at. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly name: string;
  readonly error: unknown;
}

/**
 * What is there of a run. A thing is its own by its tag; a job, by the tagged bucket that its manifest is
 * in; the log group, which Lambda makes, by any tagged thing of the run.
 */
export async function findOwn(clients: AwsClients, names: RunNames): Promise<Found> {
  const { suffix, region, functionName, buckets, functionRole, otherRoles } = names;
  const own = new Set<string>();
  const unproven: string[] = [];
  const unread: Unread[] = [];
  /** Whoever may not look at one thing has the others removed. */
  const orUndefinedIfDenied = async <T>(
    name: string,
    read: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof BrigadeError && error.code === 'NotFound') return undefined;
      unread.push({ name, error });
      return undefined;
    }
  };
  const look = async (name: string, tags: () => Promise<Tags>): Promise<void> => {
    const found = await orUndefinedIfDenied(name, async () => (await tags()) ?? {});
    if (found === undefined) return;
    if (found[LAB_TAG] === suffix) own.add(name);
    else unproven.push(name);
  };
  await Promise.all([
    ...buckets.map(name => look(name, () => getBucketTags(clients, name))),
    ...[...otherRoles, functionRole].map(name =>
      look(name, async () => (await getRole(clients, name)).tags),
    ),
    look(functionName, async () => (await getFunction(clients, { functionName, region })).tags),
  ]);
  const jobs = own.has(names.manifestBucket)
    ? ((await orUndefinedIfDenied(`jobs of ${suffix}`, () => jobsOf(clients, names))) ?? [])
    : [];
  const role = (name: string): Thing => ({
    kind: 'role',
    name,
    remove: () => removeRole(clients, name),
  });
  const things: Thing[] = [
    ...jobs,
    {
      kind: 'function',
      name: functionName,
      remove: () => deleteFunction(clients, { functionName, region }),
    },
    // Before the log group, or a last line of the function's would make it again.
    role(functionRole),
    ...buckets.map((name): Thing => ({
      kind: 'bucket',
      name,
      remove: () => deleteFullBucket(clients, name),
    })),
    ...otherRoles.map(role),
  ];
  const proven = things.filter(({ kind, name }) => kind === 'job' || own.has(name));
  const logGroup = await orUndefinedIfDenied(names.logGroup, () => logGroupOf(clients, names));
  if (logGroup !== undefined && own.size === 0) unproven.push(logGroup.name);
  if (logGroup !== undefined && own.size > 0) {
    const after = proven.filter(({ kind, name }) => kind === 'job' || isOfFunction(names, name));
    proven.splice(after.length, 0, logGroup);
  }
  return { own: proven, unproven, unread };
}

/** None where they may not be read. */
type Tags = Readonly<Record<string, string>> | undefined;

function isOfFunction(names: RunNames, name: string): boolean {
  return name === names.functionName || name === names.functionRole;
}

const ENDED = ['Complete', 'Failed', 'Cancelled', 'Failing', 'Cancelling', 'Completing'];

/** Jobs can't be removed: AWS keeps them for 90 days. What has not ended is cancelled. */
async function jobsOf(clients: AwsClients, { region, manifestBucket }: RunNames): Promise<Thing[]> {
  const jobs = (await listJobs(clients, { region })).filter(
    ({ status, description }) => !ENDED.includes(status) && description?.includes(manifestBucket),
  );
  const details = await Promise.all(jobs.map(job => describeJob(clients, job)));
  return details
    .filter(({ manifest }) => manifest?.bucket === manifestBucket)
    .map(({ jobId }) => ({
      kind: 'job',
      name: jobId,
      remove: () => cancelJob(clients, { jobId, region, reason: 'Its run is removed' }),
    }));
}

async function logGroupOf(
  clients: AwsClients,
  { region, logGroup: name }: RunNames,
): Promise<Thing | undefined> {
  const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name });
  const { logGroups = [] } = await call(name, {}, () => clients.logs(region).send(command));
  if (!logGroups.some(({ logGroupName }) => logGroupName === name)) return undefined;
  const remove = (): Promise<void> => deleteLogGroup(clients, { logGroup: name, region });
  return { kind: 'log group', name, remove };
}

async function removeRole(clients: AwsClients, role: string): Promise<void> {
  for (const policy of await listRolePolicies(clients, role)) {
    await deleteRolePolicy(clients, { role, policy });
  }
  await deleteRole(clients, role);
}
