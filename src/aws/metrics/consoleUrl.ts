import { isAwsHost } from '../awsHosts.ts';
import type { AwsClients } from '../clients.ts';
import { consoleHost } from '../consoleAddress.ts';
import type { TimeSpan } from './metricPeriod.ts';

/** The metrics graph of CloudWatch's console, as the console of Lambda draws it. */
const METRICS = [
  ['AWS/Lambda', 'Errors', 'FunctionName', '', { id: 'errors', stat: 'Sum', color: '#d13212' }],
  ['.', 'Invocations', '.', '.', { id: 'invocations', stat: 'Sum' }],
  [
    {
      expression: '100 - 100 * errors / MAX([errors, invocations])',
      label: 'Success rate (%)',
      id: 'availability',
      yAxis: 'right',
    },
  ],
];

/** A function, and what is shown of it. */
export interface ConsoleQuery {
  readonly functionName: string;
  readonly region: string;
  /** The last so many seconds, or a span. */
  readonly range: { readonly last: number } | TimeSpan;
}

/**
 * The address of CloudWatch's console with the errors and the success rate of a function in a range.
 * Undefined in a partition whose console is not known.
 */
export function consoleUrl({ functionName, region, range }: ConsoleQuery): string | undefined {
  const host = consoleHost(region);
  if (host === undefined) return undefined;
  const graph = {
    metrics: METRICS.map(metric => metric.map(part => (part === '' ? functionName : part))),
    view: 'timeSeries',
    stacked: false,
    region,
    title: functionName,
    yAxis: { right: { max: 100 } },
    ...timesOf(range),
  };
  const place = `https://${region}.${host}/cloudwatch/home?region=${region}`;
  return `${place}#metricsV2:graph=${consoleText(graph)}`;
}

/** Whether AWS's console shows the metrics that these clients read: not those of another service. */
export async function isInConsole(clients: AwsClients, region: string): Promise<boolean> {
  const { endpoint } = clients.cloudWatch(region).config;
  return endpoint === undefined || isAwsHost((await endpoint()).hostname);
}

function timesOf(range: ConsoleQuery['range']): { start: string; end: string } {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return 'last' in range
    ? { start: `-PT${Math.ceil(range.last / 60)}M`, end: 'P0D' }
    : { start: iso(range.start), end: iso(range.end) };
}

/** How the console writes a value into its addresses: `~(a~'text~b~(~1~2))`, other characters as `*2f`. */
function consoleText(value: unknown): string {
  if (typeof value === 'string') return `~'${value.replace(/[^\w.-]/g, escapeCharacter)}`;
  if (Array.isArray(value)) return `~(${value.map(consoleText).join('')})`;
  if (typeof value !== 'object' || value === null) return `~${String(value)}`;
  const parts = Object.entries(value).map(([name, part]) => name + consoleText(part));
  return `~(${parts.join('~')})`;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256
    ? `*${code.toString(16).padStart(2, '0')}`
    : `**${code.toString(16).padStart(4, '0')}`;
}
