import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { Output } from '../output.ts';
import type { MetricsOperation } from './metricsContext.ts';
import { invalidValue } from './metricInput.ts';
import type { MetricFilter } from './metricStore.ts';
import type { MetricName } from './metricTables.ts';
import { DAY, HOUR } from './timeRange.ts';

const PAGE_SIZE = 500;
const MAX_FILTERS = 10;

interface DimensionFilter {
  readonly name: string;
  readonly value: string | undefined;
}

/** Metrics that had data within two weeks, or within three hours. */
export const listMetrics: MetricsOperation = ({ iam, metrics, clock }, { caller }, input) => {
  authorize({ iam }, caller, 'cloudwatch:ListMetrics', '*');
  input.only('Namespace', 'MetricName', 'Dimensions', 'NextToken', 'RecentlyActive');
  const dimensions = readFilters(input);
  const found: MetricName[] = [];
  for (const metric of metrics.list(readFilter(input, clock.now()), readToken(input))) {
    if (dimensions.every(filter => matches(metric, filter))) found.push(metric);
    if (found.length > PAGE_SIZE) break;
  }
  const shown = found.slice(0, PAGE_SIZE);
  const last = shown.at(-1);
  return {
    Metrics: shown.map(toOutput),
    NextToken: found.length > PAGE_SIZE && last ? writeToken(last) : undefined,
  };
};

function readFilter(input: Input, now: Date): MetricFilter {
  const recently = input.text('RecentlyActive');
  if (recently !== undefined && recently !== 'PT3H') {
    throw invalidValue(`The value ${recently} for parameter RecentlyActive must be PT3H.`);
  }
  const seconds = recently === undefined ? 14 * DAY : 3 * HOUR;
  return {
    namespace: readName(input, 'Namespace'),
    metricName: readName(input, 'MetricName'),
    activeSince: new Date(now.getTime() - seconds * 1000),
  };
}

/** What is given has a character at least, by AWS's model. */
function readName(input: Input, name: string): string | undefined {
  const text = input.text(name);
  if (text !== '') return text;
  throw invalidValue(`The value  for parameter ${input.pathOf(name)} is invalid.`);
}

function readFilters(input: Input): DimensionFilter[] {
  const filters = input.children('Dimensions').map(filter => {
    filter.only('Name', 'Value');
    return { name: filter.requiredText('Name'), value: readName(filter, 'Value') };
  });
  if (filters.length <= MAX_FILTERS) return filters;
  throw invalidValue(`The collection Dimensions must not have a size greater than ${MAX_FILTERS}.`);
}

function matches({ dimensions }: MetricName, { name, value }: DimensionFilter): boolean {
  if (!Object.hasOwn(dimensions, name)) return false;
  return value === undefined || dimensions[name] === value;
}

function toOutput({ namespace, metricName, dimensions }: MetricName): Output {
  return {
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

function writeToken({ namespace, metricName, dimensions }: MetricName): string {
  return encodeToken([namespace, metricName, dimensions]);
}

function readToken(input: Input): MetricName | undefined {
  const token = input.text('NextToken');
  if (token === undefined) return undefined;
  const parsed = decodeToken(token);
  if (Array.isArray(parsed) && parsed.length === 3) {
    const [namespace, metricName, dimensions] = parsed as [unknown, unknown, unknown];
    const texts = typeof namespace === 'string' && typeof metricName === 'string';
    if (texts && typeof dimensions === 'object' && dimensions !== null) {
      return { namespace, metricName, dimensions: dimensions as Record<string, string> };
    }
  }
  throw invalidValue('Request parameter NextToken is invalid');
}
