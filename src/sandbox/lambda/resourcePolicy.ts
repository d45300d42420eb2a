import { conditionContext } from '../iam/authorize.ts';
import type { RequestContext } from '../iam/authorize.ts';
import { holds, readCondition } from '../iam/condition.ts';
import type { PolicyStatement } from './lambdaFunction.ts';

/**
 * Whether a function's resource policy lets a service call it. There are Allow statements only:
 * AddPermission makes no others.
 * @param service e.g. `s3.amazonaws.com`
 */
export function policyAllows(
  policy: readonly PolicyStatement[],
  service: string,
  context: RequestContext,
): boolean {
  return policy.some(
    statement =>
      namesService(statement, service) &&
      allowsInvoke(statement.Action) &&
      conditionsHold(statement, context),
  );
}

function namesService({ Principal: principal }: PolicyStatement, service: string): boolean {
  return principal === '*' || (typeof principal !== 'string' && principal['Service'] === service);
}

function allowsInvoke(action: string): boolean {
  return ['lambda:invokefunction', 'lambda:*', '*'].includes(action.toLowerCase());
}

function conditionsHold(
  { Condition: block = {} }: PolicyStatement,
  context: RequestContext,
): boolean {
  const values = conditionContext(context);
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      const condition = readCondition(operator, key, [value]);
      return condition !== undefined && holds(condition, values, () => undefined);
    }),
  );
}
