import { ListRolesCommand, waitUntilRoleExists } from '@aws-sdk/client-iam';
import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { isRoleName } from './roleNames.ts';
import {
  createRole,
  deleteRole,
  deleteRolePolicy,
  putRolePolicy,
  type ServiceRole,
} from './roleChanges.ts';
import { batchTrustPolicy } from './rolePolicy.ts';
import type { PolicyDocument } from './policyStatement.ts';
import { trustsService } from './roleTrust.ts';

/**
 * The roles that a service may assume, all pages, by name.
 *
 * @param service as trust policies name it: `lambda.amazonaws.com`.
 * @throws BrigadeError `AccessDenied` (iam:ListRoles) …
 */
export async function listServiceRoles(
  clients: AwsClients,
  service: string,
  options: CallOptions = {},
): Promise<ServiceRole[]> {
  const roles: ServiceRole[] = [];
  let marker: string | undefined;
  do {
    const command = new ListRolesCommand({ MaxItems: 1000, Marker: marker });
    const output = await call('iam', options, () =>
      clients.iam().send(command, { abortSignal: options.signal }),
    );
    for (const role of output.Roles ?? []) {
      if (trustsService(role.AssumeRolePolicyDocument, service)) {
        roles.push({
          arn: role.Arn ?? '',
          name: role.RoleName ?? '',
          path: role.Path ?? '/',
          description: role.Description,
        });
      }
    }
    marker = output.IsTruncated ? output.Marker : undefined;
  } while (marker !== undefined);
  return roles.sort((a, b) => a.name.localeCompare(b.name));
}

export interface CreateBatchRoleInput {
  readonly name: string;
  readonly policy: PolicyDocument;
  readonly description?: string;
}

const POLICY_NAME = 'BucketBrigadeBatchJob';
/** AWS: a new role can be assumed some 5 to 15 seconds after it exists. */
const PROPAGATION_MS = 10_000;

/**
 * Makes a role for batch jobs and waits until it can be used. When its policy is refused the role
 * is rolled back.
 *
 * @throws BrigadeError `Conflict` when there is a role of that name, `AccessDenied`
 *   (iam:CreateRole, iam:PutRolePolicy) …
 */
export async function createBatchRole(
  clients: AwsClients,
  { name, policy, description }: CreateBatchRoleInput,
  options: CallOptions = {},
): Promise<ServiceRole> {
  if (!isRoleName(name)) {
    throw new BrigadeError('InvalidInput', 'Not a name for an IAM role', {
      subject: name,
      problem: { kind: 'roleName' },
    });
  }
  const trust = batchTrustPolicy();
  const role = await createRole(clients, { name, trust, description }, options);
  const document = JSON.stringify(policy);
  try {
    await putRolePolicy(clients, { role: name, policy: POLICY_NAME, document }, options);
  } catch (error) {
    await rollBack(clients, name);
    throw error;
  }
  await call(name, options, () => untilUsable(clients, name, options));
  return role;
}

/** Whatever this meets, why the role is rolled back is what the user must read. */
async function rollBack(clients: AwsClients, role: string): Promise<void> {
  // A cancelled request may have been carried out, and a role with a policy cannot be deleted.
  await deleteRolePolicy(clients, { role, policy: POLICY_NAME }).catch(() => undefined);
  await deleteRole(clients, role).catch(() => undefined);
}

/** The waiter proves only that the role can be read; nobody but the service can try to assume it. */
async function untilUsable(clients: AwsClients, name: string, options: CallOptions): Promise<void> {
  const waiter = { client: clients.iam(), maxWaitTime: 30, abortSignal: options.signal };
  await waitUntilRoleExists(waiter, { RoleName: name });
  if (clients.endpoint === undefined) {
    await delay(PROPAGATION_MS, undefined, { signal: options.signal });
  }
}
