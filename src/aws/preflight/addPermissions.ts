import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { PolicyStatement } from '../roles/policyStatement.ts';
import { putRolePolicy } from '../roles/roleChanges.ts';
import { getRolePolicy } from '../roles/roleDetails.ts';
import { roleName } from '../roles/roleNames.ts';

/** The policy that what roles lacked is added to: those that they came with stay as they are. */
const POLICY = 'BucketBrigadeAdded';

/**
 * Allows a role more. A policy of another name is not touched, and what was added before is kept.
 *
 * @throws BrigadeError `AccessDenied` (iam:PutRolePolicy, iam:GetRolePolicy), `NotFound` …
 */
export async function addPermissions(
  clients: AwsClients,
  {
    roleArn,
    statements,
  }: { readonly roleArn: string; readonly statements: readonly PolicyStatement[] },
  options: CallOptions = {},
): Promise<void> {
  const role = roleName(roleArn);
  const before = await recoverFrom(['NotFound'], undefined, () =>
    getRolePolicy(clients, { role, policy: POLICY }, options),
  );
  const kept = before === undefined ? [] : statementsOf(before);
  // IAM wants each Sid once in a policy.
  const all = [...kept, ...statements].map((statement, at) => ({
    ...statement,
    Sid: `Added${at + 1}`,
  }));
  const Statement = [...new Map(all.map(each => [contentOf(each), each])).values()];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  await putRolePolicy(clients, { role, policy: POLICY, document }, options);
}

function contentOf({ Effect, Action, Resource }: PolicyStatement): string {
  return JSON.stringify([Effect, Action, Resource]);
}

/** This extension wrote it; what someone else made of it is kept as it is. */
function statementsOf(document: string): PolicyStatement[] {
  const { Statement } = JSON.parse(document) as { Statement: PolicyStatement | PolicyStatement[] };
  return [Statement].flat();
}
