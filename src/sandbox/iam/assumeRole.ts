import { AwsError } from '../errors.ts';
import { rolePrincipal } from '../principal.ts';
import type { Principal, RolePrincipal } from '../principal.ts';
import { conditionContext } from './authorize.ts';
import type { RequestContext } from './authorize.ts';
import { actionMatches, conditionsHold } from './evaluatePolicies.ts';
import { parsePolicy } from './policy.ts';
import type { Statement } from './policy.ts';
import type { Role, RoleTable } from './roleTable.ts';

/** Who asks to act as a role: an AWS service such as `batchoperations.s3.amazonaws.com`, or a caller. */
export type Trustee = { readonly service: string } | { readonly caller: Principal };

/** Whether the role's trust policy lets the trustee assume it. */
export function mayAssume(role: Role, trustee: Trustee, context: RequestContext = {}): boolean {
  if (role.tooNew) return false;
  const statements = parsePolicy(role.trustPolicy, 'trust').statements.filter(
    statement =>
      isNamed(statement, trustee) &&
      actionMatches(statement, 'sts:AssumeRole') &&
      conditionsHold(statement, () => conditionContext(context)),
  );
  return (
    statements.some(statement => statement.effect === 'Allow') &&
    !statements.some(statement => statement.effect === 'Deny')
  );
}

/**
 * Whether the trust policy lets in a user, a role or a session by its own ARN: it then needs no policy of
 * its own that lets it assume the role (IAM user guide, "Policy evaluation logic").
 */
export function isTrustedByName(role: Role, caller: Principal, context: RequestContext): boolean {
  const arns = [caller.arn, ...(caller.kind === 'role' ? [caller.roleArn] : [])];
  return parsePolicy(role.trustPolicy, 'trust').statements.some(
    statement =>
      statement.effect === 'Allow' &&
      statement.principals?.negated === false &&
      statement.principals.aws.some(name => arns.includes(name)) &&
      actionMatches(statement, 'sts:AssumeRole') &&
      conditionsHold(statement, () => conditionContext(context)),
  );
}

/**
 * The principal that a service is when it acts as a role.
 * @throws AwsError AccessDenied when there is no such role or it does not trust the service: AWS
 *   does not distinguish the two.
 */
export function assumeServiceRole(
  { iam }: { readonly iam: RoleTable },
  roleArn: string,
  service: string,
  sessionName: string,
  context: RequestContext = {},
): RolePrincipal {
  const role = iam.findByArn(roleArn);
  if (role === undefined || !mayAssume(role, { service }, context)) {
    throw new AwsError(
      'AccessDenied',
      403,
      `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  return rolePrincipal(role, sessionName);
}

function isNamed(statement: Statement, trustee: Trustee): boolean {
  const { principals } = statement;
  if (principals === undefined) return false;
  const named =
    'service' in trustee
      ? principals.services.includes(trustee.service)
      : principals.everyone || principals.aws.some(name => namesCaller(name, trustee.caller));
  return named !== principals.negated;
}

/** An account (its id or its root) names everyone in it. */
function namesCaller(name: string, caller: Principal): boolean {
  if (name === caller.accountId || name === `arn:aws:iam::${caller.accountId}:root`) return true;
  return name === caller.arn || (caller.kind === 'role' && name === caller.roleArn);
}
