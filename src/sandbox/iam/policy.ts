import { readCondition, unusableValue } from './condition.ts';
import type { Condition } from './condition.ts';
import { malformed } from './malformedPolicy.ts';
import type { PolicyKind } from './policyKind.ts';
import { readPrincipals } from './trustPrincipals.ts';
import type { TrustPrincipals } from './trustPrincipals.ts';
import { hasVariable, textOfVersion, tokenize } from './wildcard.ts';
import type { PolicyText, Token } from './wildcard.ts';

/** A pattern, made ready once unless it holds a policy variable. */
export interface Pattern {
  readonly text: string;
  readonly tokens: readonly Token[] | undefined;
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Lower case: actions are not case-sensitive. */
  readonly actions: readonly Pattern[];
  readonly notActions: readonly Pattern[] | undefined;
  /** Empty in a trust policy, whose resource is the role itself. */
  readonly resources: readonly Pattern[];
  readonly notResources: readonly Pattern[] | undefined;
  readonly conditions: readonly Condition[];
  /** Only in a trust policy. */
  readonly principals: TrustPrincipals | undefined;
}

export interface Policy {
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

type Json = Readonly<Record<string, unknown>>;

const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

const UNPREFIXED = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';

/**
 * Reads a policy document and makes it ready to be evaluated.
 * @throws AwsError MalformedPolicyDocument with AWS's sentence, also for a condition operator that the
 * sandbox can't evaluate: a policy that would not be enforced as written is refused.
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = parseObject(text);
  const unknown = Object.keys(document).find(key => !/^(Version|Id|Statement)$/.test(key));
  const id = document['Id'];
  const wrong = unknown !== undefined || (id !== undefined && typeof id !== 'string');
  if (wrong || isTooDeep(document)) throw malformed('Syntax errors in policy.');
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string.');
  }
  const statements = [document['Statement']].flat();
  if (document['Statement'] === undefined || statements.length === 0) {
    throw malformed('Syntax errors in policy.');
  }
  const read = textOfVersion(version);
  const parsed = statements.map(statement => parseStatement(statement, kind, read));
  const sids = parsed.flatMap(statement => statement.sid ?? []).filter(sid => sid !== '');
  if (new Set(sids).size < sids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.');
  }
  return { version, statements: parsed };
}

function parseObject(text: string): Json {
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return document;
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  throw malformed('Syntax errors in policy.');
}

/** Nothing in a policy is deeper than a value of a condition. */
const DEEPEST = 6;

/** Whether a document is deeper than any policy, so that nobody need walk through the rest of it. */
export function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some(each => isTooDeep(each, levels - 1));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseStatement(statement: unknown, kind: PolicyKind, read: PolicyText): Statement {
  if (!isObject(statement) || Object.keys(statement).some(key => !STATEMENT_ELEMENTS.has(key))) {
    throw malformed('Syntax errors in policy.');
  }
  const { Sid: sid, Effect: effect } = statement;
  if ((effect !== 'Allow' && effect !== 'Deny') || (sid !== undefined && typeof sid !== 'string')) {
    throw malformed('Syntax errors in policy.');
  }
  if (sid !== undefined && kind === 'identity' && !/^[A-Za-z0-9]*$/.test(sid)) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  return {
    sid,
    effect,
    ...readActions(statement),
    ...readResources(statement, kind, read),
    conditions: readConditions(statement['Condition'], read),
    principals: readPrincipals(statement, kind),
  };
}

function readActions(statement: Json): Pick<Statement, 'actions' | 'notActions'> {
  const actions = either(statement, 'Action', 'Policy statement must contain actions.');
  actions.names.forEach(checkAction);
  const patterns = actions.names.map(action => pattern(action.toLowerCase()));
  return actions.negated
    ? { actions: [], notActions: patterns }
    : { actions: patterns, notActions: undefined };
}

/** @throws AwsError MalformedPolicyDocument unless it is `*` or of some service */
function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor = '', name = '', ...more] = action.split(':');
  if (name === '' || /\s/.test(action)) throw malformed(UNPREFIXED);
  if (more.length > 0) throw malformed('Actions/Condition can contain only one colon.');
  if (!/^[a-z0-9.-]+$/i.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
}

function readResources(
  statement: Json,
  kind: PolicyKind,
  read: PolicyText,
): Pick<Statement, 'resources' | 'notResources'> {
  if (kind === 'trust') {
    if ('Resource' in statement) throw malformed('Has prohibited field Resource');
    if ('NotResource' in statement) {
      throw malformed('AssumeRole policy must not contain resources.');
    }
    return { resources: [], notResources: undefined };
  }
  const resources = either(statement, 'Resource', 'Policy statement must contain resources.');
  resources.names.forEach(checkResource);
  const patterns = resources.names.map(resource => pattern(read(resource)));
  return resources.negated
    ? { resources: [], notResources: patterns }
    : { resources: patterns, notResources: undefined };
}

/** @throws AwsError MalformedPolicyDocument unless it is `*` or an ARN of some service */
function checkResource(resource: string): void {
  if (resource === '*') return;
  const [arn, partition = '', vendor = '', ...rest] = resource.split(':');
  if (arn !== 'arn' || rest.length < 3) {
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
  if (!/^(aws[a-z-]*|\*)$/.test(partition)) {
    throw malformed(`Partition "${partition}" is not valid for resource "${resource}".`);
  }
  if (vendor === '' || /[*?$]/.test(vendor)) {
    throw malformed('Resource vendor must be fully qualified and cannot contain regexes.');
  }
}

/** Reads `Action` or `NotAction` (`Resource` or `NotResource`), of which there must be one. */
function either(
  statement: Json,
  name: string,
  message: string,
): { names: string[]; negated: boolean } {
  const [plain, negation] = [statement[name], statement[`Not${name}`]];
  if (plain !== undefined && negation !== undefined) throw malformed('Syntax errors in policy.');
  const names = [plain ?? negation ?? []].flat();
  if (names.length === 0) throw malformed(message);
  return { names: names.map(text), negated: negation !== undefined };
}

function readConditions(block: unknown, read: PolicyText): Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw malformed('Syntax errors in policy.');
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformed('Syntax errors in policy.');
    return Object.entries(keys).map(([key, values]) => {
      if (!/^[a-z0-9-]+:./i.test(key)) throw malformed(UNPREFIXED);
      const texts = [values].flat().map(value => read(conditionValue(value)));
      const condition = readCondition(operator, key, texts);
      if (condition === undefined) throw malformed(`Invalid Condition type : ${operator}.`);
      const wrong = unusableValue(condition);
      if (wrong === undefined) return condition;
      throw malformed(`Invalid value in condition ${operator}: ${wrong}`);
    });
  });
}

function conditionValue(value: unknown): string {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  // Empty texts are usual: `s3:prefix` of the whole bucket.
  return value === '' ? '' : text(value);
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw malformed('Syntax errors in policy.');
  return value;
}

/** A pattern, made ready to be matched. */
export function pattern(source: string): Pattern {
  return { text: source, tokens: hasVariable(source) ? undefined : tokenize(source) };
}
