import {
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
  type EvaluationResult,
} from '@aws-sdk/client-iam';
import { call, type CallOptions } from './call.ts';
import type { AwsClients } from './clients.ts';
import { BrigadeError } from './errors.ts';
import { permissionsOf, type RolePermission, type BatchRoleInput } from './rolePolicy.ts';
import { trustsBatchOperations } from './roleTrust.ts';

/** `unknown`: the caller may not ask, or AWS did not say. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny' | 'unknown';

export interface PermissionFinding {
  readonly purpose: RolePermission['purpose'];
  /** `s3:PutObjectTagging` … */
  readonly action: string;
  /** The ARN asked about. */
  readonly resource: string;
  /** What a policy would have to name to allow it: the ARN asked about, or a pattern. */
  readonly pattern: string;
  readonly decision: Decision;
  /** The job does without it (GetBucketLocation, the …Version actions without versions). */
  readonly optional: boolean;
}

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
 * Asks IAM whether a role may do what a job does (SimulatePrincipalPolicy). It is advice:
 * bucket policies, KMS keys and organization policies are not weighed.
 *
 * @throws BrigadeError `NotFound` when there is no such role; where the caller may not ask, the
 *   decisions are `unknown` instead.
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
  return { trusted: role.trusted, findings };
}

/** The ARN given may have lost its path (SSO roles): GetRole knows the whole of it. */
async function readRole(clients: AwsClients, roleArn: string, options: CallOptions) {
  const name = roleArn.split('/').at(-1) ?? '';
  try {
    const output = await call(roleArn, options, () =>
      clients.iam().send(new GetRoleCommand({ RoleName: name }), { abortSignal: options.signal }),
    );
    const trusted = trustsBatchOperations(output.Role?.AssumeRolePolicyDocument);
    return { arn: output.Role?.Arn ?? roleArn, trusted };
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'AccessDenied') {
      return { arn: roleArn, trusted: undefined };
    }
    throw error;
  }
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
  const called = operation.name === 'LambdaInvoke' ? [operation.functionArn] : [];
  const patterns = permission.purpose === 'invoke' ? called : permission.resources;
  for (const pattern of patterns) {
    const resource = concrete(pattern);
    const results = await simulate(clients, roleArn, permission.actions, resource, options);
    for (const action of permission.actions) {
      const optional =
        permission.purpose === 'locateBuckets' || (!versions && action.includes('Version'));
      const decision = decisionOf(results, action, resource);
      findings.push({ purpose: permission.purpose, action, resource, pattern, decision, optional });
    }
  }
  return findings;
}

/** The simulator takes a resource as it is: a wildcard must become some object below it. */
function concrete(resource: string): string {
  return resource
    .replace(/\*$/, 'bucket-brigade-check')
    .replace(/\$\{([*?$])\}/g, (_, character: string) => character);
}

async function simulate(
  clients: AwsClients,
  roleArn: string,
  actions: readonly string[],
  resource: string,
  options: CallOptions,
): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  try {
    do {
      const command = new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: [...actions],
        ResourceArns: [resource],
        Marker: marker,
      });
      const output = await call(roleArn, options, () =>
        clients.iam().send(command, { abortSignal: options.signal }),
      );
      results.push(...(output.EvaluationResults ?? []));
      marker = output.IsTruncated ? output.Marker : undefined;
    } while (marker !== undefined);
  } catch (error) {
    if (!(error instanceof BrigadeError) || !CANNOT_ASK.has(error.code)) {
      throw error;
    }
  }
  return results;
}

/** Denied, or an engine that cannot simulate. */
const CANNOT_ASK = new Set<BrigadeError['code']>(['AccessDenied', 'InvalidInput', 'Unknown']);

/**
 * Newer answers name an ARN template at the top and the resource only in ResourceSpecificResults;
 * older ones have just the top.
 */
function decisionOf(
  results: readonly EvaluationResult[],
  action: string,
  resource: string,
): Decision {
  const result = results.find(
    ({ EvalActionName: name }) => name?.toLowerCase() === action.toLowerCase(),
  );
  const specific = (result?.ResourceSpecificResults ?? []).find(
    ({ EvalResourceName: name }) => name === resource,
  );
  const decision = specific?.EvalResourceDecision ?? result?.EvalDecision;
  return decision ?? 'unknown';
}
