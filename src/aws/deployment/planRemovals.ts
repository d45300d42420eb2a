import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { logGroupOf } from '../functionArn.ts';
import { listFunctions, type FunctionDetails } from '../functions/functions.ts';
import {
  getRole,
  listAttachedPolicies,
  listRolePolicies,
  type RoleDetails,
} from '../roles/roleDetails.ts';
import { DEPLOYMENT_TAG } from './deploymentTag.ts';
import { orUndefined } from './plannedStep.ts';
import type { KeptReason, Removal } from './removal.ts';

/** What goes with a function of ours: itself and, if that is wanted, its log group. */
export function functionRemovals(
  { name: subject, arn, logGroup }: FunctionDetails,
  deleteLogGroup: boolean,
): Removal<'function' | 'logGroup'>[] {
  const log = { kind: 'logGroup' as const, subject: logGroup, details: [] };
  // A group of another name was chosen by someone, and may be shared.
  const kept = logGroup === logGroupOf(subject) ? 'notAsked' : 'notOurs';
  return [
    { kind: 'function', action: 'delete', subject, details: [arn] },
    deleteLogGroup && kept === 'notAsked'
      ? { ...log, action: 'delete' }
      : { ...log, action: 'keep', kept },
  ];
}

/** A role that may be removed, with whose it is. */
export interface RoleToRemove<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  /** The value of our tag. */
  readonly owner: string;
  readonly policyName: string;
  readonly region: string;
  /** The function that goes with it; the role stays where others use it. */
  readonly functionName: string | undefined;
}

/** Whether a role goes or stays, and why; empty where there is none. */
export async function roleRemovals<Kind extends string>(
  clients: AwsClients,
  wanted: RoleToRemove<Kind>,
  options: CallOptions,
): Promise<Removal<Kind>[]> {
  const { kind, name } = wanted;
  const step = { kind, subject: name, details: [] };
  const role = await orDenied(() => orUndefined(getRole(clients, name, options)));
  if (role === undefined) return [];
  if (role === 'denied') return [{ ...step, action: 'keep', kept: 'unknown' }];
  const kept = await roleKept(clients, wanted, role, options);
  if (kept) return [{ ...step, action: 'keep', kept }];
  return [{ ...step, action: 'delete', details: [role.arn] }];
}

async function roleKept(
  clients: AwsClients,
  { owner, policyName, region, functionName }: RoleToRemove<string>,
  role: RoleDetails,
  options: CallOptions,
): Promise<KeptReason | undefined> {
  if (role.tags[DEPLOYMENT_TAG] !== owner) return 'notOurs';
  const inline = await listRolePolicies(clients, role.name, options);
  const attached = await listAttachedPolicies(clients, role.name, options);
  if (attached.length > 0 || inline.some(name => name !== policyName)) return 'inUse';
  const all = await orDenied(() => listFunctions(clients, { region }, options));
  if (all === 'denied') return undefined;
  const others = all.filter(({ name }) => name !== functionName);
  return others.some(other => other.role === role.arn) ? 'inUse' : undefined;
}

/** What a caller may not look at is `denied`. */
export async function orDenied<T>(read: () => Promise<T>): Promise<T | 'denied'> {
  return await recoverFrom(['AccessDenied'], 'denied', read);
}
