import { notImplemented } from '../../errors.ts';
import { mapValues, withPoints } from '../timeSeries.ts';
import type { TimeSeries } from '../timeSeries.ts';
import { aggregate, isAggregate } from './aggregate.ts';
import { applyOperator } from './arithmetic.ts';
import { conditional } from './conditional.ts';
import { fill, periodsOf } from './fill.ts';
import type { RangeOf } from './fill.ts';
import { OF_ARRAYS, arrayOf, seriesFunction } from './functions.ts';
import { MathError } from './mathError.ts';
import { eachSeries, isArray, seriesArray, wrongArgument } from './mathValue.ts';
import type { MathValue } from './mathValue.ts';
import type { Expression } from './parseExpression.ts';

/** What an expression may refer to. */
export interface MathScope {
  /** The value of an Id. @throws MathError when the request has no such Id */
  readonly valueOf: (id: string) => MathValue;
  /** The metrics of the request, no expressions, with their Ids. */
  readonly metrics: () => readonly (readonly [id: string, series: TimeSeries])[];
  readonly rangeOf: RangeOf;
  /** Called with the points of every part of an expression. @throws AwsError when it is too much */
  readonly count: (points: number) => void;
  /** Seconds, for series that no metric gives a period. */
  readonly period: number;
}

/** AWS's functions that the sandbox does not have. */
const REFUSED: ReadonlySet<string> = new Set([
  ...['ANOMALY_DETECTION_BAND', 'DB_PERF_INSIGHTS', 'INSIGHT_RULE_METRIC', 'LAMBDA', 'SEARCH'],
  ...['SERVICE_QUOTA', 'SORT', 'MINUTE', 'HOUR', 'DAY', 'DATE', 'MONTH', 'YEAR', 'EPOCH'],
]);

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * Computes an expression of metric math.
 * @throws MathError when it makes no sense; AwsError NotImplemented for a function of REFUSED
 */
export function evaluate(expression: Expression, scope: MathScope): MathValue {
  const value = evaluatePart(expression, scope);
  if (typeof value !== 'number') {
    for (const series of isArray(value) ? value : [value]) scope.count(series.times.length);
  }
  return value;
}

function evaluatePart(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'text':
      throw new MathError(`Unexpected text "${expression.value}".`);
    case 'name':
      return scope.valueOf(expression.name);
    case 'array':
      return evaluateArray(expression.items, scope);
    case 'negative':
      return negative(evaluate(expression.operand, scope));
    case 'binary':
      return applyOperator(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
      );
    case 'call':
      return callFunction(expression, scope);
  }
}

function negative(value: MathValue): MathValue {
  if (typeof value === 'number') return -value;
  return eachSeries(value, series => mapValues(series, point => -point));
}

function evaluateArray(items: readonly Expression[], scope: MathScope): MathValue {
  const series: TimeSeries[] = [];
  for (const item of items) {
    const value = evaluate(item, scope);
    if (typeof value === 'number') throw new MathError('An array takes time series, no scalars.');
    series.push(...(isArray(value) ? value : [value]));
    seriesArray(series);
  }
  return series;
}

function callFunction({ name, args }: Call, scope: MathScope): MathValue {
  const [first, second, third] = args;
  if (name === 'METRICS') return metrics(args, scope);
  const inner = (argument: Expression | undefined): MathValue => {
    if (argument === undefined) throw wrongArgument();
    return evaluate(argument, scope);
  };
  if (name === 'FILL') {
    if (second === undefined || third) throw wrongArgument();
    return fill(inner(first), second, inner, scope.rangeOf);
  }
  if (name === 'IF') {
    if (args.length > 3) throw wrongArgument();
    return conditional(inner(first), inner(second), third && inner(third));
  }
  if (Object.hasOwn(OF_ARRAYS, name)) {
    const values = args.map(inner);
    return (OF_ARRAYS[name] ?? wrongUse)(arrayOf(values[0]), values.slice(1));
  }
  return callOfOne(name, args, inner, scope);
}

/** The functions of one argument. */
function callOfOne(
  name: string,
  args: readonly Expression[],
  inner: (argument: Expression | undefined) => MathValue,
  scope: MathScope,
): MathValue {
  if (REFUSED.has(name)) throw notImplemented(`GetMetricData with the function ${name}`);
  const ofSeries = seriesFunction(name);
  const known = ofSeries ?? (isAggregate(name) || name === 'PERIOD' || name === 'TIME_SERIES');
  if (known === false) throw new MathError(`Unknown function ${name}.`);
  if (args.length !== 1) throw wrongArgument();
  if (name === 'PERIOD') return periodOf(args[0], scope);
  const value = inner(args[0]);
  if (ofSeries) return eachSeries(value, ofSeries);
  if (isAggregate(name)) return aggregate(name, value);
  return constantSeries(value, scope);
}

/** PERIOD: "Valid input is metrics, not the results of other expressions". In seconds. */
function periodOf(argument: Expression | undefined, { metrics }: MathScope): number {
  const name = argument?.kind === 'name' ? argument.name : undefined;
  const [, series] = metrics().find(([id]) => id === name) ?? [];
  if (!series) throw wrongArgument();
  return series.period;
}

function wrongUse(): never {
  throw wrongArgument();
}

function metrics(args: readonly Expression[], { metrics }: MathScope): MathValue {
  const [filter, ...more] = args;
  if (more.length > 0 || (filter && filter.kind !== 'text')) throw wrongArgument();
  const wanted = filter?.kind === 'text' ? filter.value : '';
  return metrics()
    .filter(([id]) => id.includes(wanted))
    .map(([, series]) => series);
}

/** TIME_SERIES: a scalar at every period. */
function constantSeries(value: MathValue, { rangeOf, period }: MathScope): TimeSeries {
  if (typeof value !== 'number') throw wrongArgument();
  const points = [...periodsOf(period, rangeOf)].map(time => [time, value] as const);
  return withPoints({ label: '', times: [], values: [], period, known: true }, points);
}
