import { AwsError } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { MetricsOperation } from './metricsContext.ts';
import {
  invalidValue,
  readDimensions,
  readMetricName,
  readNamespace,
  readUnit,
} from './metricInput.ts';
import type { MetricDatum, StatisticSet } from './metricTables.ts';
import { DAY, HOUR } from './timeRange.ts';

const MAX_DATA = 1000;
const MAX_VALUES = 150;
const LARGEST = 2 ** 360;

type Observed = Omit<MetricDatum, 'value' | 'count'>;

/** What a datum of the request is: values with their counts, statistics, or both. */
interface Datum {
  readonly data: readonly MetricDatum[];
  readonly statistics: StatisticSet | undefined;
}

/** Records observations of metrics of one's own. */
export const putMetricData: MetricsOperation = (context, { caller }, input) => {
  input.only('Namespace', 'MetricData');
  const namespace = readNamespace(input);
  authorize(context, caller, 'cloudwatch:PutMetricData', '*', {
    'cloudwatch:namespace': namespace,
  });
  if (namespace.startsWith('AWS/')) {
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  const inputs = input.children('MetricData');
  if (inputs.length === 0) throw missing('MetricData');
  if (inputs.length > MAX_DATA) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
  }
  const now = context.clock.now();
  const data = inputs.map(one => readDatum(one, namespace, now));
  context.store.transaction(() => {
    for (const datum of data) {
      context.metrics.put(datum.data);
      if (datum.statistics) context.metrics.putStatistics(datum.statistics);
    }
  });
  return undefined;
};

function readDatum(input: Input, namespace: string, now: Date): Datum {
  input.only(
    ...['MetricName', 'Dimensions', 'Timestamp', 'Value', 'Values', 'Counts', 'StatisticValues'],
    ...['Unit', 'StorageResolution'],
  );
  const metric: Observed = {
    namespace,
    metricName: readMetricName(input),
    dimensions: readDimensions(input),
    unit: readUnit(input),
    timestamp: readTimestamp(input, now),
    storageResolution: readResolution(input),
  };
  const given = ['Value', 'Values', 'StatisticValues'].filter(name => input.has(name));
  if (given.length === 0) throw missing(input.pathOf('Value'));
  // Values and StatisticValues together are taken by AWS (recorded); both are recorded here.
  if (given.length > 1 && given[0] === 'Value') {
    const [one, other] = given.map(name => input.pathOf(name));
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      `The parameters ${one ?? ''} and ${other ?? ''} are mutually exclusive and you have specified both.`,
    );
  }
  const set = input.child('StatisticValues');
  const value = input.number('Value');
  return {
    data:
      value !== undefined
        ? [{ ...metric, value: checkValue(input, 'Value', value) }]
        : input.has('Values')
          ? readValues(input, metric)
          : [],
    statistics: set && readStatistics(set, metric),
  };
}

/** Two weeks ago at most, two hours ahead at most (PutMetricData). */
function readTimestamp(input: Input, now: Date): Date {
  const timestamp = input.time('Timestamp') ?? now;
  const age = (now.getTime() - timestamp.getTime()) / 1000;
  if (age <= 14 * DAY && age >= -2 * HOUR) return timestamp;
  const rule = age > 0 ? 'within the past two weeks' : 'no more than two hours in the future';
  throw invalidValue(`The parameter ${input.pathOf('Timestamp')} must specify a time ${rule}.`);
}

function readResolution(input: Input): 1 | 60 {
  const resolution = input.wholeNumber('StorageResolution') ?? 60;
  if (resolution === 1 || resolution === 60) return resolution;
  throw invalidValue(
    `The value ${resolution} for parameter ${input.pathOf('StorageResolution')} must be 1 or 60.`,
  );
}

function readValues(input: Input, metric: Observed): MetricDatum[] {
  const values = input.numbers('Values');
  if (values.length === 0) throw missing(input.pathOf('Values'));
  if (values.length > MAX_VALUES) {
    throw invalidValue(
      `The collection ${input.pathOf('Values')} must not have a size greater than ${MAX_VALUES}.`,
    );
  }
  const counts = input.has('Counts') ? input.numbers('Counts') : values.map(() => 1);
  if (counts.length !== values.length) {
    throw invalidValue(
      `The parameters ${input.pathOf('Values')} and ${input.pathOf('Counts')} must be of the same size.`,
    );
  }
  return values.map((value, index) => ({
    ...metric,
    value: checkValue(input, 'Values', value),
    count: checkCount(input, 'Counts', counts[index] ?? 1),
  }));
}

function readStatistics(input: Input, metric: Observed): StatisticSet {
  input.only('SampleCount', 'Sum', 'Minimum', 'Maximum');
  const read = (name: string): number => checkValue(input, name, input.requiredNumber(name));
  const [minimum, maximum] = [read('Minimum'), read('Maximum')];
  if (minimum > maximum) {
    throw invalidValue(
      `The parameter ${input.pathOf('Maximum')} must be greater than ${input.pathOf('Minimum')}.`,
    );
  }
  const samples = checkCount(input, 'SampleCount', input.requiredNumber('SampleCount'));
  return { ...metric, samples, sum: read('Sum'), minimum, maximum };
}

function checkValue(input: Input, name: string, value: number): number {
  if (Math.abs(value) <= LARGEST) return value;
  throw invalidValue(`The value ${value} for parameter ${input.pathOf(name)} is invalid.`);
}

function checkCount(input: Input, name: string, count: number): number {
  if (count > 0 && count <= LARGEST) return count;
  throw invalidValue(
    `The value ${count} for parameter ${input.pathOf(name)} must be greater than 0.`,
  );
}

function missing(path: string): AwsError {
  return new AwsError('MissingParameter', 400, `The parameter ${path} is required.`);
}
