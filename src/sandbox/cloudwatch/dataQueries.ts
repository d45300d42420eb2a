import { AwsError, notImplemented } from '../errors.ts';
import type { Input } from '../input.ts';
import { readMetric, readUnit } from './metricInput.ts';
import type { MetricStat } from './metricPoints.ts';
import { MathError } from './math/mathError.ts';
import { parseExpression } from './math/parseExpression.ts';
import type { Expression } from './math/parseExpression.ts';
import { parseStatistic } from './statistic.ts';
import { isPeriod } from './timeRange.ts';

interface QueryBase {
  readonly id: string;
  readonly label: string | undefined;
  readonly returnData: boolean;
}

export interface MetricQuery extends QueryBase, MetricStat {
  readonly statisticName: string;
}

export interface ExpressionQuery extends QueryBase {
  readonly expression: Expression;
  /** Seconds; what series have that no metric gives a period. */
  readonly period: number | undefined;
}

export type DataQuery = MetricQuery | ExpressionQuery;

const ID = /^[a-z][a-zA-Z0-9_]{0,254}$/;
const MAX_QUERIES = 500;
const LONGEST_EXPRESSION = 2048;

export function isExpression(query: DataQuery): query is ExpressionQuery {
  return 'expression' in query;
}

export function isMetric(query: DataQuery): query is MetricQuery {
  return !isExpression(query);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}

/** @throws AwsError ValidationError by AWS's rules, NotImplemented for what the sandbox does not have */
export function readQueries(input: Input): DataQuery[] {
  const inputs = input.children('MetricDataQueries');
  if (inputs.length === 0) {
    throw validationError('The parameter MetricDataQueries is required.');
  }
  if (inputs.length > MAX_QUERIES) {
    throw validationError(
      `The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`,
    );
  }
  const queries = inputs.map(readQuery);
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  }
  return queries;
}

function readQuery(input: Input): DataQuery {
  input.only('Id', 'MetricStat', 'Expression', 'Label', 'ReturnData', 'Period');
  const id = input.requiredText('Id');
  if (!ID.test(id)) {
    throw validationError(
      `The value ${id} for parameter ${input.pathOf('Id')} is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  const label = input.text('Label');
  if (label?.includes('${')) throw notImplemented('GetMetricData with dynamic labels');
  const base = { id, label, returnData: input.flag('ReturnData') ?? true };
  const expression = input.text('Expression');
  const stat = input.child('MetricStat');
  if (expression !== undefined && stat) {
    throw validationError(
      'The parameters MetricDataQuery Expression and MetricStat are mutually exclusive and you have specified both.',
    );
  }
  const period = readPeriod(input, 'Period');
  if (expression !== undefined) {
    return { ...base, expression: readExpression(id, expression, input), period };
  }
  if (!stat) throw validationError(`The parameter ${input.pathOf('MetricStat')} is required.\n`);
  return { ...base, ...readStat(stat) };
}

function readExpression(id: string, text: string, input: Input): Expression {
  if (text === '' || text.length > LONGEST_EXPRESSION) {
    throw validationError(
      `The parameter ${input.pathOf('Expression')} must have 1 to ${LONGEST_EXPRESSION} characters.`,
    );
  }
  if (/^\s*SELECT\b/i.test(text))
    throw notImplemented('GetMetricData with Metrics Insights queries');
  return explainMathErrors(id, () => parseExpression(text));
}

/** Turns what is wrong with an expression into AWS's error. */
export function explainMathErrors<Result>(id: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MathError)) throw error;
    throw validationError(`Error in expression '${id}': ${error.message}`);
  }
}

function readStat(input: Input): MetricStat & { readonly statisticName: string } {
  input.only('Metric', 'Period', 'Stat', 'Unit');
  const metric = input.requiredChild('Metric');
  metric.only('Namespace', 'MetricName', 'Dimensions');
  const statisticName = input.requiredText('Stat');
  const statistic = parseStatistic(statisticName);
  if (statistic === 'refused') throw notImplemented(`the statistic ${statisticName}`);
  if (statistic === 'unknown') {
    throw validationError(
      `The value ${statisticName} for parameter ${input.pathOf('Stat')} is not a valid statistic.`,
    );
  }
  const period = readPeriod(input, 'Period');
  if (period === undefined) {
    throw validationError(`The parameter ${input.pathOf('Period')} is required.`);
  }
  return { metric: readMetric(metric), statistic, statisticName, period, unit: readUnit(input) };
}

/** @throws AwsError InvalidParameterValue unless it is a period that CloudWatch has */
export function readPeriod(input: Input, name: string): number | undefined {
  const period = input.wholeNumber(name);
  if (period === undefined || isPeriod(period)) return period;
  throw new AwsError(
    'InvalidParameterValue',
    400,
    `The value ${period} for parameter ${input.pathOf(name)} must be 1, 5, 10, 20, 30 or a multiple of 60.`,
  );
}
