import { joinSeries, mapValues } from '../timeSeries.ts';
import type { TimeSeries } from '../timeSeries.ts';
import { MathError } from './mathError.ts';
import { isArray, isSeries } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';
import type { BinaryOperator } from './parseExpression.ts';

const OPERATIONS: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^']);

/**
 * Applies an operator as metric math does: where one of two series has a point, the other one's missing
 * value is 0, and a result that is no number (a division by zero) is no point.
 * @throws MathError for two arrays, or for an array that is compared
 */
export function applyOperator(
  operator: BinaryOperator,
  left: MathValue,
  right: MathValue,
): MathValue {
  const operation = OPERATIONS[operator];
  if (isArray(left) || isArray(right)) return applyToArray(operator, left, right);
  if (isSeries(left) && isSeries(right)) {
    return joinSeries([left, right], ([a = 0, b = 0]) => operation(a, b));
  }
  if (isSeries(left)) return mapValues(left, value => operation(value, right as number));
  if (isSeries(right)) return mapValues(right, value => operation(left, value));
  return operation(left, right);
}

function applyToArray(operator: BinaryOperator, left: MathValue, right: MathValue): MathValue {
  if (!ARITHMETIC.has(operator)) throw new MathError(`${operator} takes no array of time series.`);
  if (isArray(left) && isArray(right)) {
    throw new MathError(`${operator} takes one array of time series, not two.`);
  }
  const apply = (a: MathValue, b: MathValue): TimeSeries =>
    applyOperator(operator, a, b) as TimeSeries;
  if (isArray(left)) return left.map(one => ({ ...apply(one, right), label: one.label }));
  return (right as readonly TimeSeries[]).map(one => ({ ...apply(left, one), label: one.label }));
}
