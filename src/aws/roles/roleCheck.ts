import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { roleName } from './roleNames.ts';
import { decideByPolicies } from './policyDecision.ts';
import { readPolicies } from './readPolicies.ts';
import { getRole } from './roleDetails.ts';
import {
  BATCH_SERVICE,
  permissionsOf,
  type BatchRoleInput,
  type RolePermission,
} from './rolePolicy.ts';
import { trustsService } from './roleTrust.ts';
import { simulate, type Decision } from './simulate.ts';

export interface PermissionFinding {
  readonly purpose: RolePermission['purpose'];
  /** `s3:PutObjectTagging` … */
  readonly action: string;
  /** The ARN asked about. */
  readonly resource: string;
  /** What a policy would have to name to allow it: the ARN asked about, or a pattern. */
  readonly pattern: string;
  readonly decision: Decision;
  /** Who says so: IAM's simulation or, where it may not be asked, the role's policies as they read. */
  readonly by?: 'policies';
  /** The job does without it (GetBucketLocation, ListBucket, …Version actions without versions). */
  readonly optional: boolean;
}

const OPTIONAL: ReadonlySet<RolePermission['purpose']> = new Set([
  'locateBuckets',
  'detectMissing',
]);

export interface RoleCheck {
  /** Whether S3 Batch Operations may assume the role; undefined when the caller may not read it. */
  readonly trusted: boolean | undefined;
  readonly findings: readonly PermissionFinding[];
}

export interface CheckRoleInput extends Omit<BatchRoleInput, 'partition'> {
  readonly roleArn: string;
  /** Whether the manifest names versions: only then the …Version actions are needed. */
  readonly versions?: boolean;
}

/**
 * Asks IAM whether a role may do what a job does (SimulatePrincipalPolicy), and where the caller may not
 * ask, reads the role's policies. It is advice: bucket policies, KMS keys and organization policies are
 * not weighed.
 *
 * @throws BrigadeError `NotFound` when there is no such role; where the caller may neither ask nor read,
 *   the decisions are `unknown` instead.
 */
export async function checkRole(
  clients: AwsClients,
  input: CheckRoleInput,
  options: CallOptions = {},
): Promise<RoleCheck> {
  const role = await readRole(clients, input.roleArn, options);
  const findings: PermissionFinding[] = [];
  for (const permission of permissionsOf({ ...input, partition: clients.partition })) {
    findings.push(...(await checkPermission(clients, role.arn, permission, input, options)));
  }
  return {
    trusted: role.trusted,
    findings: await readUnknown(clients, role.arn, findings, options),
  };
}

/** What nobody may simulate can often be read. */
async function readUnknown(
  clients: AwsClients,
  roleArn: string,
  findings: readonly PermissionFinding[],
  options: CallOptions,
): Promise<readonly PermissionFinding[]> {
  if (!findings.some(({ decision }) => decision === 'unknown')) return findings;
  const policies = await readPolicies(clients, roleName(roleArn), options);
  if (policies === undefined) return findings;
  return findings.map(finding => {
    if (finding.decision !== 'unknown') return finding;
    const decision = decideByPolicies(policies, finding.action, finding.resource);
    return { ...finding, decision, by: 'policies' };
  });
}

/** The ARN given may have lost its path (SSO roles): GetRole knows the whole of it. */
async function readRole(clients: AwsClients, roleArn: string, options: CallOptions) {
  const role = await recoverFrom(['AccessDenied'], undefined, () =>
    getRole(clients, roleName(roleArn), options),
  );
  return role === undefined
    ? { arn: roleArn, trusted: undefined }
    : { arn: role.arn, trusted: trustsService(role.trustPolicy, BATCH_SERVICE) };
}

async function checkPermission(
  clients: AwsClients,
  roleArn: string,
  permission: RolePermission,
  { versions = false, operation }: CheckRoleInput,
  options: CallOptions,
): Promise<PermissionFinding[]> {
  const findings: PermissionFinding[] = [];
  // The policy covers every version of the function; the job calls just one.
  const called = 'functionArn' in operation ? [operation.functionArn] : [];
  const patterns = permission.purpose === 'invoke' ? called : permission.resources;
  for (const pattern of patterns) {
    const asked = { roleArn, actions: permission.actions, pattern };
    const { resource, decisions } = await simulate(clients, asked, options);
    for (const [action, decision] of decisions) {
      const optional =
        OPTIONAL.has(permission.purpose) || (!versions && action.includes('Version'));
      findings.push({ purpose: permission.purpose, action, resource, pattern, decision, optional });
    }
  }
  return findings;
}
