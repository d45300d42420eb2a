import { OPERATORS } from './conditionOperators.ts';
import type { Operator } from './conditionOperators.ts';
import type { VariableLookup } from './wildcard.ts';

/** The request's values by lower-case condition key; an absent key has no entry. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** One key of one operator of a statement's Condition block. All of them must hold. */
export interface Condition {
  readonly operator: Operator | 'null';
  readonly quantifier: 'forAllValues' | 'forAnyValue' | undefined;
  readonly ifExists: boolean;
  /** Lower case, since condition keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

const OPERATOR_NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i;

/** Reads one operator's entry, or answers undefined when the operator is not one that is evaluated. */
export function readCondition(
  operatorName: string,
  key: string,
  values: readonly string[],
): Condition | undefined {
  const [, quantifier, name = '', ifExists] = OPERATOR_NAME.exec(operatorName) ?? [];
  const operator = name.toLowerCase() === 'null' ? 'null' : OPERATORS.get(name.toLowerCase());
  if (operator === undefined) return undefined;
  return {
    operator,
    quantifier:
      quantifier === undefined
        ? undefined
        : quantifier.toLowerCase() === 'forallvalues'
          ? 'forAllValues'
          : 'forAnyValue',
    ifExists: ifExists !== undefined,
    key: key.toLowerCase(),
    values,
  };
}

/**
 * A value that the condition's operator can't compare anything with, so that the condition would hold
 * for nothing, or for all: no number, no time, no network.
 */
export function unusableValue({ operator, values }: Condition): string | undefined {
  if (operator === 'null') return undefined;
  return values.find(value => !operator.accepts(value));
}

/** Whether a condition holds for a request (IAM user guide, "Condition operators", "Multivalued keys"). */
export function holds(
  condition: Condition,
  context: ConditionContext,
  lookup: VariableLookup,
): boolean {
  const actual = context.get(condition.key);
  const { operator } = condition;
  if (operator === 'null') {
    const absent = actual === undefined || actual.length === 0;
    return condition.values.some(value => value.toLowerCase() === String(absent));
  }
  const single = (value: string): boolean =>
    operator.negated !==
    condition.values.some(expected => operator.compare(value, expected, lookup));
  if (condition.quantifier === 'forAllValues') return (actual ?? []).every(single);
  if (actual === undefined || actual.length === 0) {
    if (condition.ifExists) return true;
    return condition.quantifier === undefined && operator.negated;
  }
  if (condition.quantifier === 'forAnyValue') return actual.some(single);
  return operator.negated ? actual.every(single) : actual.some(single);
}
