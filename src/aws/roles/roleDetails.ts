import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { policyText } from './roleTrust.ts';

export interface RoleDetails {
  readonly arn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** JSON. */
  readonly trustPolicy: string;
}

/** A role with its tags. @throws BrigadeError `NotFound`, `AccessDenied` (iam:GetRole) … */
export async function getRole(
  clients: AwsClients,
  name: string,
  options: CallOptions = {},
): Promise<RoleDetails> {
  const output = await call(name, options, () =>
    clients.iam().send(new GetRoleCommand({ RoleName: name }), { abortSignal: options.signal }),
  );
  const { Role: role } = output;
  return {
    arn: role?.Arn ?? '',
    name: role?.RoleName ?? name,
    tags: Object.fromEntries((role?.Tags ?? []).map(tag => [tag.Key ?? '', tag.Value ?? ''])),
    trustPolicy: policyText(role?.AssumeRolePolicyDocument),
  };
}

/** A policy in a role, as JSON. @throws BrigadeError `NotFound`, `AccessDenied` (iam:GetRolePolicy) … */
export async function getRolePolicy(
  clients: AwsClients,
  { role, policy }: { readonly role: string; readonly policy: string },
  options: CallOptions = {},
): Promise<string> {
  const command = new GetRolePolicyCommand({ RoleName: role, PolicyName: policy });
  const output = await call(role, options, () =>
    clients.iam().send(command, { abortSignal: options.signal }),
  );
  return policyText(output.PolicyDocument);
}

/** The names of the policies in a role. @throws BrigadeError */
export async function listRolePolicies(
  clients: AwsClients,
  role: string,
  options: CallOptions = {},
): Promise<string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const command = new ListRolePoliciesCommand({ RoleName: role, Marker: marker });
    const output = await call(role, options, () =>
      clients.iam().send(command, { abortSignal: options.signal }),
    );
    names.push(...(output.PolicyNames ?? []));
    marker = output.IsTruncated ? output.Marker : undefined;
  } while (marker !== undefined);
  return names;
}

/** The ARNs of the policies that are attached to a role. @throws BrigadeError */
export async function listAttachedPolicies(
  clients: AwsClients,
  role: string,
  options: CallOptions = {},
): Promise<string[]> {
  const arns: string[] = [];
  let marker: string | undefined;
  do {
    const command = new ListAttachedRolePoliciesCommand({ RoleName: role, Marker: marker });
    const output = await call(role, options, () =>
      clients.iam().send(command, { abortSignal: options.signal }),
    );
    arns.push(...(output.AttachedPolicies ?? []).map(policy => policy.PolicyArn ?? ''));
    marker = output.IsTruncated ? output.Marker : undefined;
  } while (marker !== undefined);
  return arns;
}
