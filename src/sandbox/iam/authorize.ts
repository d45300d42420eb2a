import { AwsError } from '../errors.ts';
import type { Principal, RequestContext, RolePrincipal } from '../principal.ts';
import { REGION } from '../region.ts';
import type { ConditionContext } from './condition.ts';
import { evaluatePolicies } from './evaluatePolicies.ts';
import type { Decision, PolicyRequest } from './evaluatePolicies.ts';
import type { RoleTable } from './roleTable.ts';

export type { RequestContext } from '../principal.ts';

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
  return decideByIdentity(roles, caller, {
    action,
    resource,
    context: () => conditionContext({ ...callerContext(roles, caller), ...context }),
  });
}

/** What the caller's own policies say, whatever those of a resource do. */
export function decideByIdentity(
  roles: RoleTable,
  caller: Principal,
  request: PolicyRequest,
): Decision {
  if (caller.kind === 'anonymous') return 'implicitDeny';
  if (caller.kind !== 'role') return 'allowed';
  return evaluatePolicies(roles.policies(roleIdOf(caller)), request);
}

function roleIdOf({ userId }: RolePrincipal): string {
  return userId.split(':')[0] ?? '';
}

const PRINCIPAL_TYPES = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  anonymous: 'Anonymous',
};

/**
 * The keys that AWS adds to every request (IAM user guide, "Global condition keys"). Everything reaches
 * the sandbox over HTTP, so that `aws:SecureTransport` is false.
 */
export function callerContext(roles: RoleTable, caller: Principal): RequestContext {
  const now = new Date();
  const role = caller.kind === 'role' ? roles.findById(roleIdOf(caller)) : undefined;
  const tags = (role?.tags ?? []).map(({ key, value }) => [`aws:PrincipalTag/${key}`, value]);
  return {
    ...(Object.fromEntries(tags) as RequestContext),
    ...(caller.kind === 'anonymous'
      ? {}
      : {
          'aws:PrincipalArn': caller.kind === 'role' ? caller.roleArn : caller.arn,
          'aws:PrincipalAccount': caller.accountId,
        }),
    ...(caller.kind === 'user' ? { 'aws:username': caller.arn.split('/').pop() } : {}),
    'aws:PrincipalType': PRINCIPAL_TYPES[caller.kind],
    'aws:userid': caller.kind === 'anonymous' ? 'anonymous' : caller.userId,
    'aws:TokenIssueTime': caller.tokenIssued,
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

/**
 * AWS's sentence for callers who may not do something.
 * @param source whose policy decided: the caller's or the resource's
 */
export function accessDenied(
  caller: Principal,
  action: string,
  resource: string,
  decision: Decision,
  source: 'identity' | 'resource' = 'identity',
): AwsError {
  const reason =
    decision === 'explicitDeny'
      ? `with an explicit deny in ${source === 'identity' ? 'an identity' : 'a resource'}-based policy`
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
