import { sideBySide, withPoints } from '../timeSeries.ts';
import type { TimeSeries } from '../timeSeries.ts';
import { isArray, isSeries, wrongArgument } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';

/**
 * IF: by a scalar condition, one of the two; by a series, point by point. A true point without a value
 * is 0; a false one without a value is no point.
 * @throws MathError for arrays, and where no argument is a series
 */
export function conditional(
  condition: MathValue,
  whenTrue: MathValue,
  whenFalse: MathValue | undefined,
): MathValue {
  const values = [condition, whenTrue, whenFalse ?? 0];
  if (values.some(isArray) || !values.some(isSeries)) throw wrongArgument();
  if (typeof condition === 'number') {
    if (condition !== 0) return whenTrue;
    return whenFalse ?? withPoints(whenTrue as TimeSeries, []);
  }
  return pointByPoint(condition as TimeSeries, whenTrue, whenFalse);
}

function pointByPoint(
  condition: TimeSeries,
  whenTrue: MathValue,
  whenFalse: MathValue | undefined,
): TimeSeries {
  const empty = withPoints(condition, []);
  const asSeries = (value: MathValue | undefined): TimeSeries =>
    value !== undefined && isSeries(value) ? value : empty;
  const [constantTrue, constantFalse] = [scalar(whenTrue), scalar(whenFalse)];
  const points: (readonly [number, number | undefined])[] = [];
  const sides = sideBySide([condition, asSeries(whenTrue), asSeries(whenFalse)]);
  for (const [time, [decision, one, other]] of sides) {
    if (decision === undefined) continue;
    const value = decision === 0 ? (constantFalse ?? other) : (constantTrue ?? one ?? 0);
    points.push([time, value]);
  }
  return withPoints(condition, points);
}

function scalar(value: MathValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
