import { AwsError } from '../errors.ts';
import type { Principal, RolePrincipal } from '../principal.ts';
import { REGION } from '../region.ts';
import type { ConditionContext } from './condition.ts';
import { evaluatePolicies } from './evaluatePolicies.ts';
import type { Decision } from './evaluatePolicies.ts';
import type { RoleTable } from './roleTable.ts';

/** Values of condition keys, e.g. `{ 's3:prefix': 'photos/' }`; the keys' case does not matter. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Lets the caller do an action on a resource, or throws. The sandbox's user may do everything; a role
 * does what its inline policies allow.
 * @param action e.g. `s3:PutObjectTagging`
 * @param resource the ARN, or `*` where the action has none
 * @throws AwsError AccessDenied 403 with AWS's sentence
 */
export function authorize(
  { iam }: { readonly iam: RoleTable },
  caller: Principal,
  action: string,
  resource: string,
  context: RequestContext = {},
): void {
  const decision = decide(iam, caller, action, resource, context);
  if (decision !== 'allowed') throw accessDenied(caller, action, resource, decision);
}

/** Like authorize, but answers whether. */
export function isAuthorized(
  { iam }: { readonly iam: RoleTable },
  caller: Principal,
  action: string,
  resource: string,
  context: RequestContext = {},
): boolean {
  return decide(iam, caller, action, resource, context) === 'allowed';
}

function decide(
  roles: RoleTable,
  caller: Principal,
  action: string,
  resource: string,
  context: RequestContext,
): Decision {
  if (caller.kind !== 'role') return 'allowed';
  const roleId = caller.userId.split(':')[0] ?? '';
  return evaluatePolicies(roles.policies(roleId), {
    action,
    resource,
    context: () => conditionContext({ ...callerContext(caller), ...context }),
  });
}

/** The keys that AWS adds to every request of a role (IAM user guide, "Global condition keys"). */
function callerContext(caller: RolePrincipal): RequestContext {
  const now = new Date();
  return {
    'aws:PrincipalArn': caller.roleArn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': caller.userId,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'false',
    'aws:RequestedRegion': REGION,
  };
}

/** Values by lower-case key, as conditions are evaluated. */
export function conditionContext(context: RequestContext): ConditionContext {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    if (value === undefined) continue;
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return values;
}

function accessDenied(
  caller: Principal,
  action: string,
  resource: string,
  decision: Decision,
): AwsError {
  const reason =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  // S3 puts the resource in quotes, other services don't.
  const named = action.startsWith('s3:') ? `"${resource}"` : resource;
  return new AwsError(
    'AccessDenied',
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${named} ${reason}`,
  );
}
