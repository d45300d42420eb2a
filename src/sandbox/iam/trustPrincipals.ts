import { malformed } from './malformedPolicy.ts';
import type { PolicyKind } from './policyKind.ts';

/** Whom a statement of a trust policy speaks of. */
export interface TrustPrincipals {
  readonly everyone: boolean;
  /** Service principals such as `lambda.amazonaws.com`. */
  readonly services: readonly string[];
  /** Account ids, and ARNs of users, roles and role sessions. */
  readonly aws: readonly string[];
  /** `NotPrincipal`: everyone but these. */
  readonly negated: boolean;
}

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
const AWS =
  /^(\*|\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)\/.+)|arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[^/]+\/.+)$/;

/**
 * Reads the Principal of a statement: required in a trust policy, forbidden in an identity policy.
 * @throws AwsError MalformedPolicyDocument
 */
export function readPrincipals(
  statement: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
): TrustPrincipals | undefined {
  const negated = statement['NotPrincipal'] !== undefined;
  const principal = statement['Principal'] ?? statement['NotPrincipal'];
  if (kind === 'identity') {
    if (principal !== undefined) throw malformed('Policy document should not specify a principal.');
    return undefined;
  }
  if (principal === '*') return { everyone: true, services: [], aws: [], negated };
  if (typeof principal !== 'object' || principal === null) {
    throw malformed('Missing required field Principal');
  }
  const entries = Object.entries(principal).map(([type, names]) => ({
    type,
    names: [names].flat(),
  }));
  if (entries.every(({ names }) => names.length === 0)) {
    throw malformed('Missing required field Principal cannot be empty!');
  }
  for (const { type, names } of entries) for (const name of names) checkName(type, name);
  const namesOf = (type: string): string[] =>
    entries.filter(entry => entry.type === type).flatMap(entry => entry.names as string[]);
  const aws = namesOf('AWS');
  return { everyone: aws.includes('*'), services: namesOf('Service'), aws, negated };
}

function checkName(type: string, name: unknown): void {
  const shape = type === 'Service' ? SERVICE : type === 'AWS' ? AWS : undefined;
  if (shape === undefined || typeof name !== 'string' || !shape.test(name)) {
    throw malformed(`Invalid principal in policy: "${type.toUpperCase()}":"${String(name)}"`);
  }
}
