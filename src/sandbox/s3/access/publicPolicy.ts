import { isIP } from 'node:net';
import type { Condition } from '../../iam/condition.ts';
import type { Policy, Statement } from '../../iam/policy.ts';

/**
 * Keys that, compared with fixed values, keep a policy from being public (user guide, "The meaning of
 * 'public'").
 */
const FIXING_KEYS: ReadonlySet<string> = new Set(
  `aws:sourcearn aws:sourcevpc aws:sourcevpce aws:sourceowner aws:sourceaccount aws:sourceorgid
  aws:sourceorgpaths aws:userid aws:principalorgid aws:principalorgpaths aws:principalarn
  aws:principalaccount aws:viaawsservice s3:x-amz-server-side-encryption-aws-kms-key-id
  s3:dataaccesspointarn s3:dataaccesspointaccount`.split(/\s+/),
);

/** Whether a policy lets the public in, in the meaning of S3's Block Public Access. */
export function isPublic(policy: Policy): boolean {
  return policy.statements.some(isPublicStatement);
}

function isPublicStatement({ effect, principals, conditions }: Statement): boolean {
  if (effect !== 'Allow' || !principals) return false;
  if (!principals.everyone && !principals.negated) return false;
  return !conditions.some(fixes);
}

function fixes({ operator, key, values, ifExists, quantifier }: Condition): boolean {
  // Those that hold where the key is absent keep nobody out.
  const optional = ifExists || quantifier === 'forAllValues';
  if (operator === 'null' || operator.negated || optional) return false;
  if (key === 'aws:sourceip') return values.every(isNarrow);
  return FIXING_KEYS.has(key) && values.every(value => isFixed(key, value));
}

/** Wider networks than these let the public in, and so may what is no network at all. */
function isNarrow(network: string): boolean {
  const [address = '', bits] = network.split('/');
  if (isIP(address) === 0) return false;
  if (bits === undefined) return true;
  return Number(bits) >= (address.includes(':') ? 32 : 8);
}

function isFixed(key: string, value: string): boolean {
  // The id of a role with any session is fixed enough.
  if (key === 'aws:userid') return /^[A-Z0-9]+(:\*)?$/.test(value);
  return !/[*?]|\$\{/.test(value);
}
