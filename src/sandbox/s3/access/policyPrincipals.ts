import { AwsError, notImplemented } from '../../errors.ts';
import type { Statement } from '../../iam/policy.ts';
import type { PrincipalCheck } from '../../iam/principalCheck.ts';
import type { TrustPrincipals } from '../../iam/trustPrincipals.ts';
import type { Principal } from '../../principal.ts';

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;
const ENTITY =
  /^arn:aws:(iam::\d{12}:(user|role)\/[^*?]+|sts::\d{12}:assumed-role\/[^/*?]+\/[^*?]+)$/;

/**
 * Reads whom a statement of a bucket policy speaks of.
 * @throws AwsError MalformedPolicy in S3's words
 */
export function readPolicyPrincipals(
  statement: Readonly<Record<string, unknown>>,
  exists: PrincipalCheck,
): TrustPrincipals {
  const negated = statement['NotPrincipal'] !== undefined;
  const principal = statement['Principal'] ?? statement['NotPrincipal'];
  if (principal === undefined) {
    throw new AwsError('MalformedPolicy', 400, 'Missing required field Principal');
  }
  if (principal === '*') return { everyone: true, services: [], aws: [], negated };
  if (typeof principal !== 'object' || principal === null || Array.isArray(principal)) {
    throw invalidPrincipal(JSON.stringify(principal));
  }
  const names: Record<'AWS' | 'Service', string[]> = { AWS: [], Service: [] };
  for (const [type, given] of Object.entries(principal)) {
    const list: unknown[] = [given].flat();
    if (type === 'Federated' || type === 'CanonicalUser') {
      throw notImplemented(`PutBucketPolicy with a principal of the type ${type}`);
    }
    const kind = type === 'AWS' || type === 'Service' ? type : undefined;
    for (const name of list) {
      if (!kind || typeof name !== 'string' || !isPrincipal(kind, name, exists)) {
        throw invalidPrincipal(`"${type}" : ${JSON.stringify(name)}`);
      }
      names[kind].push(name);
    }
  }
  if (names.AWS.length + names.Service.length === 0) throw invalidPrincipal('');
  const everyone = names.AWS.includes('*');
  return { everyone, services: names.Service, aws: names.AWS, negated };
}

function isPrincipal(type: 'AWS' | 'Service', name: string, exists: PrincipalCheck): boolean {
  if (type === 'Service') return SERVICE.test(name);
  return name === '*' || ACCOUNT.test(name) || (ENTITY.test(name) && exists(name));
}

function invalidPrincipal(detail: string): AwsError {
  return new AwsError('MalformedPolicy', 400, 'Invalid principal in policy', { Detail: detail });
}

/**
 * Whether a statement's principals include the caller. An `Allow` for an account leaves it to the
 * account's own policies who may act; a `Deny` for one denies everybody in it (IAM user guide, "AWS JSON
 * policy elements: Principal").
 * @param roles the ids of the roles that the policy names, as they were when it was put
 */
export function matchesPrincipal(
  { principals, effect }: Statement,
  caller: Principal,
  roles: Readonly<Record<string, string>>,
): boolean {
  if (!principals) return false;
  const whole = effect === 'Deny' || principals.negated;
  const named =
    principals.everyone || principals.aws.some(name => names(name, caller, roles, whole));
  return named !== principals.negated;
}

function names(
  name: string,
  caller: Principal,
  roles: Readonly<Record<string, string>>,
  whole: boolean,
): boolean {
  if (caller.kind === 'anonymous') return false;
  const account = ACCOUNT.exec(name)?.[1];
  if (account !== undefined) {
    return account === caller.accountId && (whole || caller.kind === 'root');
  }
  if (caller.kind !== 'role') return name === caller.arn;
  if (name !== caller.roleArn) return name === caller.arn;
  return roles[name] === caller.userId.split(':')[0];
}
