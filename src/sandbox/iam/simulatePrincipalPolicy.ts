import { notImplemented } from '../errors.ts';
import type { QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import type { IamContext, IamOperation } from './iamContext.ts';
import { authorize, conditionContext } from './authorize.ts';
import type { RequestContext } from './authorize.ts';
import type { ConditionContext } from './condition.ts';
import { evaluatePolicies, statementMatches } from './evaluatePolicies.ts';
import type { Decision } from './evaluatePolicies.ts';
import { noSuchEntity, validationError } from './iamErrors.ts';
import { members, page, requiredText } from './iamParameters.ts';
import { parsePolicy } from './policy.ts';
import type { Policy } from './policy.ts';

/** A policy with the id that a result names it by. */
interface NamedPolicy {
  readonly id: string;
  readonly policy: Policy;
}

interface ResourceResult {
  readonly resource: string;
  readonly decision: Decision;
  readonly matched: readonly string[];
  readonly missing: readonly string[];
}

/** What would change the answer, lists of it included. */
const REFUSED =
  /^(ResourcePolicy|ResourceOwner|CallerArn|ResourceHandlingOption|PermissionsBoundaryPolicyInputList|PolicyExclusionList)(\.|$)/;
/** Worst first: what is said of all resources together. */
const BY_SEVERITY: readonly Decision[] = ['explicitDeny', 'implicitDeny', 'allowed'];
const EVERYTHING =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';

/**
 * What a role would be allowed. As on AWS now, an action's own EvalResourceName is a template of an
 * ARN; each resource's decision stands in ResourceSpecificResults.
 */
export const simulatePrincipalPolicy: IamOperation = (context, { caller }, parameters) => {
  const source = requiredText(parameters, 'PolicySourceArn');
  authorize(context, caller, 'iam:SimulatePrincipalPolicy', source);
  for (const [name] of parameters.pairs) {
    if (REFUSED.test(name)) throw notImplemented(`SimulatePrincipalPolicy with ${name}`);
  }
  const policies = [...policiesOf(context, source), ...inputPolicies(parameters)];
  const actions = readActions(parameters);
  const resources = members(parameters, 'ResourceArns');
  const conditions = conditionContext({
    'aws:PrincipalArn': source,
    ...contextEntries(parameters),
  });
  const { shown, trailer } = page(actions, parameters);
  const results = shown.map(action => {
    const evaluated = (resources.length === 0 ? ['*'] : resources).map(resource =>
      evaluate(policies, action, resource, conditions),
    );
    return resultXml(action, evaluated, resources.length > 0);
  });
  return element('EvaluationResults', ...results) + trailer;
};

function policiesOf(context: IamContext, source: string): NamedPolicy[] {
  if (source === `arn:aws:iam::${context.accountId}:user/sandbox`) {
    return [{ id: 'user_sandbox', policy: parsePolicy(EVERYTHING, 'identity') }];
  }
  if (!/^arn:aws:iam::\d{12}:(role|user|group)\/.+$/.test(source)) {
    throw validationError(
      `Invalid Entity Arn: ${source} does not clearly define entity type and name.`,
    );
  }
  const role = context.iam.findByArn(source);
  if (role === undefined) throw noSuchEntity(`The principal ${source} cannot be found.`);
  const { managed } = context.iam;
  const inline = context.iam.inlinePolicies(role).map(({ name, document }) => ({
    id: `role_${role.name}_${name}`,
    document,
  }));
  const attached = managed.attached(role.id).map(policy => ({
    id: policy.name,
    document: managed.defaultDocument(policy),
  }));
  return [...inline, ...attached].map(({ id, document }) => ({
    id,
    policy: parsePolicy(document, 'identity'),
  }));
}

function inputPolicies(parameters: QueryParameters): NamedPolicy[] {
  return members(parameters, 'PolicyInputList').map((document, index) => ({
    id: `PolicyInputList.${index + 1}`,
    policy: parsePolicy(document, 'identity'),
  }));
}

function readActions(parameters: QueryParameters): string[] {
  const actions = members(parameters, 'ActionNames');
  if (actions.length === 0) throw validationError('ActionNames must not be empty.');
  const wrong = actions.find(action => !/^[a-z0-9-]+:[A-Za-z0-9*]+$/.test(action));
  if (wrong !== undefined) throw validationError(`Invalid action: ${wrong}`);
  return actions;
}

function contextEntries(parameters: QueryParameters): RequestContext {
  const entries: Record<string, readonly string[]> = {};
  for (let index = 1; parameters.has(`ContextEntries.member.${index}.ContextKeyName`); index += 1) {
    const entry = `ContextEntries.member.${index}`;
    const key = parameters.get(`${entry}.ContextKeyName`) ?? '';
    entries[key] = members(parameters, `${entry}.ContextKeyValues`);
  }
  return entries;
}

function evaluate(
  policies: readonly NamedPolicy[],
  action: string,
  resource: string,
  context: ConditionContext,
): ResourceResult {
  const request = { action, resource, context: () => context };
  const missing = new Set<string>();
  for (const { policy } of policies) {
    for (const { key } of policy.statements.flatMap(statement => statement.conditions)) {
      if (!context.has(key)) missing.add(key);
    }
  }
  return {
    resource,
    decision: evaluatePolicies(
      policies.map(({ policy }) => policy),
      request,
    ),
    matched: policies
      .filter(({ policy }) => policy.statements.some(one => statementMatches(one, request)))
      .map(({ id }) => id),
    missing: [...missing],
  };
}

function resultXml(action: string, results: readonly ResourceResult[], specific: boolean): string {
  const decision = BY_SEVERITY.find(each => results.some(result => result.decision === each));
  return element(
    'member',
    textElement('EvalActionName', action),
    textElement('EvalResourceName', specific ? resourceTemplate(results) : '*'),
    textElement('EvalDecision', decision),
    detailXml(
      results.flatMap(result => result.matched),
      results.flatMap(result => result.missing),
    ),
    specific ? element('ResourceSpecificResults', ...results.map(resourceXml)) : '',
  );
}

function resourceXml(result: ResourceResult): string {
  return element(
    'member',
    textElement('EvalResourceName', result.resource),
    textElement('EvalResourceDecision', result.decision),
    detailXml(result.matched, result.missing),
  );
}

function detailXml(matched: readonly string[], missing: readonly string[]): string {
  const statements = [...new Set(matched)].map(id =>
    element(
      'member',
      textElement('SourcePolicyId', id),
      textElement('SourcePolicyType', 'IAM Policy'),
    ),
  );
  const values = [...new Set(missing)].map(key => textElement('member', key));
  return element('MatchedStatements', ...statements) + element('MissingContextValues', ...values);
}

/** The kind of resource that the action takes, as the ARN template that AWS answers. */
function resourceTemplate(results: readonly ResourceResult[]): string {
  const parts = (results[0]?.resource ?? '*').split(':');
  if (parts[2] !== 's3') return '*';
  const isObject = parts.slice(5).join(':').includes('/');
  return `arn:\${Partition}:s3:::\${BucketName}${isObject ? '/${KeyName}' : ''}`;
}
