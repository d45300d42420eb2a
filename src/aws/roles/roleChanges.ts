import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

/** A role that a service may assume. */
export interface ServiceRole {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
}

export interface NewRole {
  readonly name: string;
  readonly description?: string | undefined;
  /** Who may assume it: a policy document. */
  readonly trust: object;
  readonly tags?: Readonly<Record<string, string>>;
}

/** @throws BrigadeError `Conflict` when there is one of that name, `AccessDenied` (iam:CreateRole) … */
export async function createRole(
  clients: AwsClients,
  { name, description, trust, tags = {} }: NewRole,
  options: CallOptions = {},
): Promise<ServiceRole> {
  const command = new CreateRoleCommand({
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify(trust),
    // IAM refuses an empty description.
    Description: description === '' ? undefined : description,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const output = await call(name, options, () =>
    clients.iam().send(command, { abortSignal: options.signal }),
  );
  return { arn: output.Role?.Arn ?? '', name, path: output.Role?.Path ?? '/', description };
}

/** A policy in a role. */
export interface InlinePolicy {
  readonly role: string;
  readonly policy: string;
}

/** Writes a policy into a role, over one of that name. @throws BrigadeError */
export async function putRolePolicy(
  clients: AwsClients,
  { role, policy, document }: InlinePolicy & { /** JSON. */ readonly document: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new PutRolePolicyCommand({
    RoleName: role,
    PolicyName: policy,
    PolicyDocument: document,
  });
  await call(role, options, () => clients.iam().send(command, { abortSignal: options.signal }));
}

/** @throws BrigadeError `NotFound` when the role or the policy is not there … */
export async function deleteRolePolicy(
  clients: AwsClients,
  { role, policy }: InlinePolicy,
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteRolePolicyCommand({ RoleName: role, PolicyName: policy });
  await call(role, options, () => clients.iam().send(command, { abortSignal: options.signal }));
}

/** Replaces who may assume a role. @throws BrigadeError */
export async function putTrustPolicy(
  clients: AwsClients,
  { role, document }: { readonly role: string; /** JSON. */ readonly document: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: document });
  await call(role, options, () => clients.iam().send(command, { abortSignal: options.signal }));
}

/** @throws BrigadeError `Conflict` while it has policies, `NotFound` … */
export async function deleteRole(
  clients: AwsClients,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteRoleCommand({ RoleName: name });
  await call(name, options, () => clients.iam().send(command, { abortSignal: options.signal }));
}
