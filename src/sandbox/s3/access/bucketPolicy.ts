import { AwsError } from '../../errors.ts';
import type { Condition } from '../../iam/condition.ts';
import { readCondition, unusableValue } from '../../iam/condition.ts';
import type { Policy, Statement } from '../../iam/policy.ts';
import { isTooDeep, pattern } from '../../iam/policy.ts';
import type { PolicyText } from '../../iam/wildcard.ts';
import { matches, textOfVersion, tokenize } from '../../iam/wildcard.ts';
import type { ActionTarget } from './policyActions.ts';
import { ACTION_TARGETS, isConditionKey, keyApplies } from './policyActions.ts';
import type { PrincipalCheck } from '../../iam/principalCheck.ts';
import { readPolicyPrincipals } from './policyPrincipals.ts';

type Json = Readonly<Record<string, unknown>>;

/** S3's answer to a bucket policy that it won't store. */
export function malformedPolicy(message: string, detail?: string): AwsError {
  return new AwsError(
    'MalformedPolicy',
    400,
    message,
    detail === undefined ? {} : { Detail: detail },
  );
}

const MAX_BYTES = 20 * 1024;
const ELEMENTS = new Set(
  'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '),
);

/**
 * Reads a bucket's policy, as S3 validates one when it is put.
 * @param exists whether the account has the user or role that an ARN names
 * @throws AwsError MalformedPolicy in S3's words; also for a condition that the sandbox can't evaluate
 */
export function parseBucketPolicy(text: string, bucket: string, exists: PrincipalCheck): Policy {
  const document = readDocument(text);
  const unknown = Object.keys(document).find(key => !/^(Version|Id|Statement)$/.test(key));
  if (unknown !== undefined) throw malformedPolicy(`Unknown field ${unknown}`);
  const id = document['Id'];
  if ((id !== undefined && typeof id !== 'string') || isTooDeep(document)) {
    throw malformedPolicy('Invalid policy syntax.');
  }
  if (document['Statement'] === undefined) {
    throw malformedPolicy('Missing required field Statement');
  }
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformedPolicy('The policy must contain a valid version string');
  }
  const list: unknown[] = [document['Statement']].flat();
  if (list.length === 0) throw malformedPolicy('Could not parse the policy: Statement is empty!');
  const read = textOfVersion(version);
  const statements = list.map(each => readStatement(each, bucket, exists, read));
  const sids = statements.flatMap(({ sid }) => sid || []);
  if (new Set(sids).size < sids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
  return { version, statements };
}

function readDocument(text: string): Json {
  if (!text.startsWith('{')) {
    throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  }
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw malformedPolicy('Policy exceeds the maximum allowed document size.');
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readStatement(
  value: unknown,
  bucket: string,
  exists: PrincipalCheck,
  read: PolicyText,
): Statement {
  if (!isObject(value)) throw malformedPolicy('Invalid policy syntax.');
  const unknown = Object.keys(value).find(key => !ELEMENTS.has(key));
  if (unknown !== undefined) throw malformedPolicy(`Unknown field ${unknown}`);
  const { Sid: sid, Effect: effect } = value;
  if (effect === undefined) throw malformedPolicy('Missing required field Effect');
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformedPolicy(
      `Invalid effect: ${typeof effect === 'string' ? effect : JSON.stringify(effect)}`,
    );
  }
  if (sid !== undefined && typeof sid !== 'string') throw malformedPolicy('Invalid policy syntax.');
  const principals = readPolicyPrincipals(value, exists);
  const actions = readNames(value, 'Action');
  const resources = readNames(value, 'Resource');
  const known = actions.names.flatMap(action => targetsOf(action));
  const targets = resources.names.map(resource => targetOf(resource, bucket));
  if (!actions.negated && !resources.negated) checkTargets(actions.names, targets);
  const conditions = readConditions(value['Condition'], actions.negated ? undefined : known, read);
  const [actionPatterns, resourcePatterns] = [
    actions.names.map(name => pattern(name.toLowerCase())),
    resources.names.map(name => pattern(read(name))),
  ];
  return {
    sid,
    effect,
    actions: actions.negated ? [] : actionPatterns,
    notActions: actions.negated ? actionPatterns : undefined,
    resources: resources.negated ? [] : resourcePatterns,
    notResources: resources.negated ? resourcePatterns : undefined,
    conditions,
    principals,
  };
}

/** Reads `Action` or `NotAction` (`Resource` or `NotResource`), of which there must be one. */
function readNames(statement: Json, name: string): { names: string[]; negated: boolean } {
  const [plain, negation] = [statement[name], statement[`Not${name}`]];
  if (plain !== undefined && negation !== undefined) {
    throw malformedPolicy('Invalid policy syntax.');
  }
  const names: unknown[] = [plain ?? negation ?? []].flat();
  if (names.length === 0) throw malformedPolicy(`Missing required field ${name}`);
  const texts = names.map(each => {
    if (typeof each === 'string' && each !== '') return each;
    throw malformedPolicy(`Policy has invalid ${name.toLowerCase()}`);
  });
  return { names: texts, negated: negation !== undefined };
}

/** The actions that a pattern names; there must be one. */
function targetsOf(action: string): string[] {
  const name = action.toLowerCase();
  if (name === '*') return [...ACTION_TARGETS.keys()];
  if (ACTION_TARGETS.has(name)) return [name];
  const tokens = tokenize(name);
  const found = [...ACTION_TARGETS.keys()].filter(each => tokens && matches(tokens, each));
  if (found.length === 0) throw malformedPolicy('Policy has invalid action');
  return found;
}

/** Whether a resource is the bucket, something in it, or (with a wildcard) may be both. */
function targetOf(resource: string, bucket: string): ActionTarget | 'both' {
  const prefix = `arn:aws:s3:::${bucket}`;
  const rest = resource.startsWith(prefix) ? resource.slice(prefix.length) : undefined;
  if (rest === '') return 'bucket';
  if (rest?.startsWith('/')) return 'object';
  if (rest !== undefined && /^[*?]/.test(rest)) return 'both';
  throw malformedPolicy('Policy has invalid resource');
}

function checkTargets(
  actions: readonly string[],
  targets: readonly (ActionTarget | 'both')[],
): void {
  const applies = (name: string): boolean => {
    const target = ACTION_TARGETS.get(name);
    return targets.some(each => each === target || (each === 'both' && target !== 'account'));
  };
  if (actions.every(action => targetsOf(action).some(applies))) return;
  throw malformedPolicy('Action does not apply to any resource(s) in statement');
}

function readConditions(
  block: unknown,
  actions: readonly string[] | undefined,
  read: PolicyText,
): Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw malformedPolicy('Invalid policy syntax.');
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformedPolicy('Invalid policy syntax.');
    return Object.entries(keys).map(([key, values]) => {
      const lower = key.toLowerCase();
      if (!isConditionKey(lower)) throw malformedPolicy('Policy has an invalid condition key', key);
      if (actions && !keyApplies(lower, actions)) {
        throw malformedPolicy(
          'Conditions do not apply to combination of actions and resources in statement',
        );
      }
      const given: unknown[] = [values].flat();
      const condition = readCondition(
        operator,
        key,
        given.map(each => read(valueText(each))),
      );
      if (!condition) throw malformedPolicy(`Invalid Condition type : ${operator}`);
      const wrong = unusableValue(condition);
      if (wrong === undefined) return condition;
      throw malformedPolicy('Policy has an invalid condition value', wrong);
    });
  });
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return value;
  throw malformedPolicy('Invalid policy syntax.');
}
