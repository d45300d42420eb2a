import { createHash } from 'node:crypto';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { PolicyDocument } from '../roles/policyStatement.ts';
import { putRolePolicy } from '../roles/roleChanges.ts';
import { roleName } from '../roles/roleNames.ts';
import { simulate, type Decision } from '../roles/simulate.ts';
import type { NeededPermission } from './failureCause.ts';

/** What IAM says of a role's part in a denial. */
export interface RoleDenial {
  /**
   * `implicitDeny` where no policy of it allows something, which a policy more helps against; `allowed`
   * where it is denied elsewhere (a bucket policy, a key, an organization), or the object isn't there.
   */
  readonly decision: Decision;
  /** What no policy of it allows. */
  readonly missing: readonly NeededPermission[];
}

/**
 * Asks IAM whether a role lacks what a group of failures needs.
 *
 * @throws BrigadeError `NotFound` when there is no such role …
 */
export async function roleDenial(
  clients: AwsClients,
  roleArn: string,
  needs: readonly NeededPermission[],
  options: CallOptions = {},
): Promise<RoleDenial> {
  const decisions = new Set<Decision>();
  const missing: NeededPermission[] = [];
  for (const { actions, resources } of needs) {
    for (const pattern of resources) {
      const found = await simulate(clients, { roleArn, actions, pattern }, options);
      const lacking = [...found.decisions].filter(([, decision]) => decision === 'implicitDeny');
      found.decisions.forEach(decision => decisions.add(decision));
      if (lacking.length === 0) continue;
      missing.push({ actions: lacking.map(([action]) => action), resources: [pattern] });
    }
  }
  const worst = ['explicitDeny', 'implicitDeny', 'unknown'] as const;
  const decision = worst.find(one => decisions.has(one)) ?? 'allowed';
  return { decision: needs.length === 0 ? 'unknown' : decision, missing };
}

/** The policy that would allow it, and nothing more. */
export function allowingPolicy(missing: readonly NeededPermission[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: missing.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
    })),
  };
}

/**
 * Gives a role an inline policy more, `BucketBrigade-…`, that allows what was missing. The same again
 * is written over itself.
 *
 * @returns the policy's name
 * @throws BrigadeError `AccessDenied` (iam:PutRolePolicy) …
 */
export async function allowInRole(
  clients: AwsClients,
  roleArn: string,
  missing: readonly NeededPermission[],
  options: CallOptions = {},
): Promise<string> {
  const document = JSON.stringify(allowingPolicy(missing));
  const digest = createHash('sha256').update(document).digest('hex').slice(0, 8);
  const policy = `BucketBrigade-${digest}`;
  await putRolePolicy(clients, { role: roleName(roleArn), policy, document }, options);
  return policy;
}
