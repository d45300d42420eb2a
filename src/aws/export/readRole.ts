import { GetRoleCommand } from '@aws-sdk/client-iam';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { orUndefined } from '../deployment/plannedStep.ts';
import { getRolePolicy, listAttachedPolicies, listRolePolicies } from '../roles/roleDetails.ts';
import { policyText } from '../roles/roleTrust.ts';
import { ownTags } from './ownTags.ts';
import type { OwnRole } from './deploymentFacts.ts';

/**
 * A role with all that makes it.
 *
 * @returns undefined when it is not there, or the caller may not look (iam:GetRole,
 *   iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies)
 */
export async function readRole(
  clients: AwsClients,
  name: string,
  options: CallOptions,
): Promise<OwnRole | undefined> {
  return await recoverFrom(['AccessDenied'], undefined, () =>
    orUndefined(wholeRole(clients, name, options)),
  );
}

async function wholeRole(
  clients: AwsClients,
  name: string,
  options: CallOptions,
): Promise<OwnRole> {
  const command = new GetRoleCommand({ RoleName: name });
  const { Role: role } = await call(name, options, () =>
    clients.iam().send(command, { abortSignal: options.signal }),
  );
  const names = await listRolePolicies(clients, name, options);
  const attached = await listAttachedPolicies(clients, name, options);
  const documents = await Promise.all(
    names.map(policy => getRolePolicy(clients, { role: name, policy }, options)),
  );
  const boundary = role?.PermissionsBoundary?.PermissionsBoundaryArn;
  const seconds = role?.MaxSessionDuration ?? DEFAULT_SECONDS;
  const tags = (role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
  return {
    ...{ name, exists: true, path: role?.Path ?? '/', description: role?.Description ?? '' },
    trust: JSON.parse(policyText(role?.AssumeRolePolicyDocument)) as object,
    policies: Object.fromEntries(
      names.map((policy, at) => [policy, JSON.parse(documents[at] ?? '{}') as object]),
    ),
    existingPolicies: names,
    attached,
    tags: ownTags(Object.fromEntries(tags)),
    ...(boundary !== undefined && { boundary }),
    ...(seconds !== DEFAULT_SECONDS && { maxSessionSeconds: seconds }),
  };
}

/** Of a role for which nothing was said (IAM API reference, CreateRole, MaxSessionDuration). */
const DEFAULT_SECONDS = 3600;
