import { holds } from './condition.ts';
import type { ConditionContext } from './condition.ts';
import type { Pattern, Policy, Statement } from './policy.ts';
import { matches, tokenize } from './wildcard.ts';
import type { VariableLookup } from './wildcard.ts';

/** In the words of SimulatePrincipalPolicy. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

export interface PolicyRequest {
  /** e.g. `s3:PutObjectTagging`, in any case. */
  readonly action: string;
  /** The resource's ARN, or `*` for an action that has none. */
  readonly resource: string;
  /** Asked for only when a statement has conditions or variables. */
  readonly context: () => ConditionContext;
}

/** Decides by identity policies: a Deny that matches wins, else an Allow that matches, else nothing does. */
export function evaluatePolicies(policies: readonly Policy[], request: PolicyRequest): Decision {
  let decision: Decision = 'implicitDeny';
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (statement.effect === 'Allow' && decision === 'allowed') continue;
      if (!statementMatches(statement, request)) continue;
      if (statement.effect === 'Deny') return 'explicitDeny';
      decision = 'allowed';
    }
  }
  return decision;
}

/** Whether a statement of an identity policy speaks of this request. */
export function statementMatches(statement: Statement, request: PolicyRequest): boolean {
  return (
    actionMatches(statement, request.action) &&
    resourceMatches(statement, request) &&
    conditionsHold(statement, request.context)
  );
}

export function actionMatches(statement: Statement, action: string): boolean {
  const name = action.toLowerCase();
  const none: VariableLookup = () => undefined;
  if (statement.notActions !== undefined)
    return !anyMatches(statement.notActions, name, () => none);
  return anyMatches(statement.actions, name, () => none);
}

export function conditionsHold(statement: Statement, context: () => ConditionContext): boolean {
  if (statement.conditions.length === 0) return true;
  const values = context();
  return statement.conditions.every(condition => holds(condition, values, variables(values)));
}

function resourceMatches(statement: Statement, request: PolicyRequest): boolean {
  const lookup = (): VariableLookup => variables(request.context());
  if (statement.notResources !== undefined) {
    return !anyMatches(statement.notResources, request.resource, lookup);
  }
  return anyMatches(statement.resources, request.resource, lookup);
}

function anyMatches(
  patterns: readonly Pattern[],
  text: string,
  lookup: () => VariableLookup,
): boolean {
  return patterns.some(pattern => {
    const tokens = pattern.tokens ?? tokenize(pattern.text, lookup());
    return tokens !== undefined && matches(tokens, text);
  });
}

function variables(context: ConditionContext): VariableLookup {
  return name => context.get(name.toLowerCase())?.[0];
}
