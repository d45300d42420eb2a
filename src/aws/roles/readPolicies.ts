import { GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { getRolePolicy, listAttachedPolicies, listRolePolicies } from './roleDetails.ts';
import { policyText } from './roleTrust.ts';

/**
 * All policies of a role as JSON, its own and those that are attached to it.
 *
 * @returns undefined where one can't be read, or where a permissions boundary may take away what they
 *   allow
 * @throws BrigadeError `NotFound` when there is no such role …
 */
export async function readPolicies(
  clients: AwsClients,
  role: string,
  options: CallOptions = {},
): Promise<readonly string[] | undefined> {
  return await recoverFrom(
    ['AccessDenied', 'InvalidInput', 'NotAws', 'Unknown'],
    undefined,
    async () => {
      if (await isBounded(clients, role, options)) return undefined;
      const [own, attached] = await Promise.all([
        listRolePolicies(clients, role, options),
        listAttachedPolicies(clients, role, options),
      ]);
      return await Promise.all([
        ...own.map(policy => getRolePolicy(clients, { role, policy }, options)),
        ...attached.map(arn => managedPolicy(clients, arn, options)),
      ]);
    },
  );
}

async function isBounded(clients: AwsClients, role: string, options: CallOptions) {
  const output = await call(role, options, () =>
    clients.iam().send(new GetRoleCommand({ RoleName: role }), { abortSignal: options.signal }),
  );
  return output.Role?.PermissionsBoundary !== undefined;
}

async function managedPolicy(
  clients: AwsClients,
  arn: string,
  options: CallOptions,
): Promise<string> {
  return await call(arn, options, async () => {
    const signal = { abortSignal: options.signal };
    const policy = await clients.iam().send(new GetPolicyCommand({ PolicyArn: arn }), signal);
    const version = new GetPolicyVersionCommand({
      PolicyArn: arn,
      VersionId: policy.Policy?.DefaultVersionId,
    });
    const { PolicyVersion: found } = await clients.iam().send(version, signal);
    return policyText(found?.Document);
  });
}
