import { AwsError } from '../errors.ts';
import type { Input } from '../input.ts';
import type { MetricName } from './metricStore.ts';

const UNITS: ReadonlySet<string> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...['Bytes', 'Bits'].flatMap(unit => {
    const sizes = ['', 'Kilo', 'Mega', 'Giga', 'Tera'];
    const lower = unit.toLowerCase();
    return sizes.flatMap(size => {
      const name = size === '' ? unit : size + lower;
      return [name, `${name}/Second`];
    });
  }),
]);

const MOST_DIMENSIONS = 30;
/** Printable ASCII with something that is no space; names don't begin with a colon. */
const DIMENSION_VALUE = /^(?=.*[^ ])[\x20-\x7e]{1,1024}$/;
const DIMENSION_NAME = /^(?!:)(?=.*[^ ])[\x20-\x7e]{1,255}$/;
const NAMESPACE = /^[^:][^]{0,254}$/;

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}

/** Namespace, name and dimensions of a metric. */
export function readMetric(input: Input): MetricName {
  const namespace = readNamespace(input);
  const metricName = readMetricName(input);
  return { namespace, metricName, dimensions: readDimensions(input) };
}

export function readNamespace(input: Input): string {
  const namespace = input.requiredText('Namespace');
  if (!NAMESPACE.test(namespace)) {
    throw invalidValue(
      `The value ${namespace} for parameter ${input.pathOf('Namespace')} is invalid.`,
    );
  }
  return namespace;
}

export function readMetricName(input: Input): string {
  const name = input.requiredText('MetricName');
  if (name.length > 255) {
    throw invalidValue(
      `The parameter ${input.pathOf('MetricName')} must be shorter than 256 characters.`,
    );
  }
  return name;
}

/** @throws AwsError InvalidParameterValue by AWS's rules for names, values and their number */
export function readDimensions(input: Input): Record<string, string> {
  const dimensions = new Map<string, string>();
  for (const dimension of input.children('Dimensions')) {
    dimension.only('Name', 'Value');
    const name = dimension.requiredText('Name');
    const value = dimension.requiredText('Value');
    checkText(dimension, 'Name', name, DIMENSION_NAME);
    checkText(dimension, 'Value', value, DIMENSION_VALUE);
    if (dimensions.has(name)) {
      throw invalidValue(`The dimension ${name} must not be given twice.`);
    }
    dimensions.set(name, value);
  }
  if (dimensions.size > MOST_DIMENSIONS) {
    throw invalidValue(
      `The collection ${input.pathOf('Dimensions')} must not have a size greater than ${MOST_DIMENSIONS}.`,
    );
  }
  return Object.fromEntries(dimensions);
}

function checkText(input: Input, member: string, value: string, rule: RegExp): void {
  if (rule.test(value)) return;
  throw invalidValue(`The value ${value} for parameter ${input.pathOf(member)} is invalid.`);
}

export function readUnit(input: Input): string | undefined {
  const unit = input.text('Unit');
  if (unit === undefined || UNITS.has(unit)) return unit;
  throw invalidValue(
    `The value ${unit} for parameter ${input.pathOf('Unit')} must be a unit of CloudWatch.`,
  );
}
