import { BlockList, isIP } from 'node:net';
import { hasVariable, matches, tokenize } from './wildcard.ts';
import type { VariableLookup } from './wildcard.ts';

/** Whether a value of the request matches a value of the policy. */
export type Comparison = (actual: string, expected: string, lookup: VariableLookup) => boolean;

export interface Operator {
  readonly compare: Comparison;
  /** A negated operator holds when no value of the policy matches, and when the key is absent. */
  readonly negated: boolean;
  /** Whether a value of the policy is one that can be compared with. */
  readonly accepts: (expected: string) => boolean;
}

const expand = (pattern: string, lookup: VariableLookup): string | undefined => {
  if (!hasVariable(pattern)) return pattern;
  return pattern.replace(/\$\{([^}]*)\}/g, (_, name: string) =>
    /^[*?$]$/.test(name) ? name : (lookup(name.trim()) ?? '\u0000'),
  );
};

const stringEquals: Comparison = (actual, expected, lookup) => actual === expand(expected, lookup);
const sameIgnoringCase: Comparison = (actual, expected, lookup) =>
  actual.toLowerCase() === expand(expected, lookup)?.toLowerCase();
const stringLike: Comparison = (actual, expected, lookup) => {
  const tokens = tokenize(expected, lookup);
  return tokens !== undefined && matches(tokens, actual);
};
/** ARNs are compared in their six parts: a `*` never reaches over a colon (IAM user guide). */
const arnLike: Comparison = (actual, expected, lookup) => {
  const [parts, patterns] = [arnParts(actual), arnParts(expected)];
  return (
    parts !== undefined &&
    patterns !== undefined &&
    patterns.every((pattern, index) => stringLike(parts[index] ?? '', pattern, lookup))
  );
};

function arnParts(text: string): string[] | undefined {
  const parts = text.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const bool: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const numeric =
  (holds: (actual: number, expected: number) => boolean): Comparison =>
  (actual, expected) =>
    actual.trim() !== '' && holds(Number(actual), Number(expected));
const date =
  (holds: (actual: number, expected: number) => boolean): Comparison =>
  (actual, expected) =>
    holds(instant(actual), instant(expected));

/** ISO 8601 or seconds since 1970. */
function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

const binary: Comparison = (actual, expected) =>
  Buffer.from(actual, 'base64').equals(Buffer.from(expected, 'base64'));

/** An address, or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

const inNetwork: Comparison = (actual, expected) => {
  if (!isNetwork(expected) || isIP(actual) === 0) return false;
  const [address = '', bits] = expected.split('/');
  const family = isIP(address);
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), kind);
  return list.check(actual, isIP(actual) === 4 ? 'ipv4' : 'ipv6');
};

const isNumber = (text: string): boolean => text.trim() !== '' && !Number.isNaN(Number(text));
const isTime = (text: string): boolean => !Number.isNaN(instant(text));
const isText = (): boolean => true;

const positive = (compare: Comparison, accepts: Operator['accepts'] = isText): Operator => ({
  compare,
  accepts,
  negated: false,
});
const not = (operator: Operator): Operator => ({ ...operator, negated: true });
const numbers = (holds: (actual: number, expected: number) => boolean): Operator =>
  positive(numeric(holds), isNumber);
const times = (holds: (actual: number, expected: number) => boolean): Operator =>
  positive(date(holds), isTime);

/** The operators that are evaluated, by lower-case name. `Null` is apart: it asks for presence. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: positive(stringEquals),
    StringNotEquals: not(positive(stringEquals)),
    StringEqualsIgnoreCase: positive(sameIgnoringCase),
    StringNotEqualsIgnoreCase: not(positive(sameIgnoringCase)),
    StringLike: positive(stringLike),
    StringNotLike: not(positive(stringLike)),
    ArnEquals: positive(arnLike),
    ArnLike: positive(arnLike),
    ArnNotEquals: not(positive(arnLike)),
    ArnNotLike: not(positive(arnLike)),
    Bool: positive(bool),
    BinaryEquals: positive(binary),
    NumericEquals: numbers((a, b) => a === b),
    NumericNotEquals: not(numbers((a, b) => a === b)),
    NumericLessThan: numbers((a, b) => a < b),
    NumericLessThanEquals: numbers((a, b) => a <= b),
    NumericGreaterThan: numbers((a, b) => a > b),
    NumericGreaterThanEquals: numbers((a, b) => a >= b),
    DateEquals: times((a, b) => a === b),
    DateNotEquals: not(times((a, b) => a === b)),
    DateLessThan: times((a, b) => a < b),
    DateLessThanEquals: times((a, b) => a <= b),
    DateGreaterThan: times((a, b) => a > b),
    DateGreaterThanEquals: times((a, b) => a >= b),
    IpAddress: positive(inNetwork, isNetwork),
    NotIpAddress: not(positive(inNetwork, isNetwork)),
  }).map(([name, operator]) => [name.toLowerCase(), operator]),
);
