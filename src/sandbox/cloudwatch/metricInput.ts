import { AwsError } from '../errors.ts';
import type { Input } from '../input.ts';
import type { MetricName } from './metricTables.ts';

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

const MAX_DIMENSIONS = 30;
const LONGEST_NAME = 255;
const LONGEST_VALUE = 1024;

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}

/** The error for a value outside the set that CloudWatch accepts, in its words. */
export function notInSet(path: string, values: readonly string[]): AwsError {
  return invalidValue(`The parameter ${path} must be a value in the set [${values.join(', ')}].`);
}

/** Namespace, name and dimensions of a metric. */
export function readMetric(input: Input): MetricName {
  const namespace = readNamespace(input);
  const metricName = readMetricName(input);
  return { namespace, metricName, dimensions: readDimensions(input) };
}

export function readNamespace(input: Input): string {
  const namespace = input.requiredText('Namespace');
  checkText(input, 'Namespace', namespace, LONGEST_NAME);
  if (namespace.startsWith(':')) throw invalidText(input, 'Namespace', namespace);
  return namespace;
}

export function readMetricName(input: Input): string {
  const name = input.requiredText('MetricName');
  checkText(input, 'MetricName', name, LONGEST_NAME);
  return name;
}

/** @throws AwsError InvalidParameterValue by AWS's rules for names, values and their number */
export function readDimensions(input: Input): Record<string, string> {
  const dimensions = new Map<string, string>();
  for (const dimension of input.children('Dimensions')) {
    dimension.only('Name', 'Value');
    const name = dimension.requiredText('Name');
    const value = dimension.requiredText('Value');
    checkText(dimension, 'Name', name, LONGEST_NAME);
    if (name.startsWith(':')) throw invalidText(dimension, 'Name', name);
    checkText(dimension, 'Value', value, LONGEST_VALUE);
    if (dimensions.has(name)) {
      throw invalidValue('No metric may specify the same dimension name twice.');
    }
    dimensions.set(name, value);
  }
  if (dimensions.size > MAX_DIMENSIONS) {
    throw invalidValue(
      `The collection ${input.pathOf('Dimensions')} must not have a size greater than ${MAX_DIMENSIONS}.`,
    );
  }
  return Object.fromEntries(dimensions);
}

/** Printable ASCII with something that is no space (Dimension; "Namespaces" in the user guide). */
function checkText(input: Input, member: string, value: string, longest: number): void {
  const path = input.pathOf(member);
  if (/[^\x20-\x7e]/.test(value)) {
    throw invalidValue(`The value for parameter ${path} contains non-ASCII characters.`);
  }
  if (value.length > longest) {
    throw invalidValue(`The parameter ${path} must be shorter than ${longest + 1} characters.`);
  }
  if (value.trim() === '') throw invalidText(input, member, value);
}

function invalidText(input: Input, member: string, value: string): AwsError {
  return invalidValue(`The value ${value} for parameter ${input.pathOf(member)} is invalid.`);
}

export function readUnit(input: Input): string | undefined {
  const unit = input.text('Unit');
  if (unit === undefined || UNITS.has(unit)) return unit;
  throw notInSet(input.pathOf('Unit'), [...UNITS]);
}
