import { AwsError } from '../errors.ts';
import type { Principal, RolePrincipal } from '../principal.ts';
import { REGION } from '../region.ts';
import type { ConditionContext } from './condition.ts';
import { evaluatePolicies } from './evaluatePolicies.ts';
import type { Decision } from './evaluatePolicies.ts';
import type { Role, RoleTable } from './roleTable.ts';

/** Values of condition keys, e.g. `{ 's3:prefix': 'photos/' }`; the keys' case does not matter. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Lets the caller do an action on a resource, or throws. The sandbox's user may do everything; a role
 * does what its policies allow, inline and attached.
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
    context: () =>
      conditionContext({ ...callerContext(caller, roles.findById(roleId)), ...context }),
  });
}

/** The keys that AWS adds to every request of a role (IAM user guide, "Global condition keys"). */
function callerContext(caller: RolePrincipal, role: Role | undefined): RequestContext {
  const now = new Date();
  const tags = (role?.tags ?? []).map(({ key, value }) => [`aws:PrincipalTag/${key}`, value]);
  return {
    ...(Object.fromEntries(tags) as RequestContext),
    'aws:PrincipalArn': caller.roleArn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': caller.userId,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'false',
    'aws:RequestedRegion': REGION,
    'aws:SourceIp': '127.0.0.1',
    'aws:ResourceAccount': caller.accountId,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:MultiFactorAuthPresent': 'false',
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
  return new AwsError(
    'AccessDenied',
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${shownResource(action, resource)} ${reason}`,
  );
}

/** How an answer names a resource: S3 quotes it, IAM calls what is there already by its kind. */
function shownResource(action: string, resource: string): string {
  if (action.startsWith('s3:')) return `"${resource}"`;
  if (action === 'iam:CreateRole' || action === 'iam:PassRole') return resource;
  const [, kind, name] = /^arn:aws:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/.exec(resource) ?? [];
  if (action.startsWith('iam:') && kind !== undefined) return `${kind} ${name}`;
  return action.startsWith('iam:') && resource.includes(':policy/')
    ? `policy ${resource}`
    : resource;
}
