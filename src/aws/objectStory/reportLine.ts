/** What Lambda measured of one attempt, as its REPORT line has it. */
export interface AttemptReport {
  /** Milliseconds, initialization not included. */
  readonly durationMs?: number;
  readonly billedMs?: number;
  readonly memoryMegabytes?: number;
  readonly maxMemoryMegabytes?: number;
  /** Milliseconds; only where the attempt waited for a new execution environment. */
  readonly initMs?: number;
  /** Only where it was not a success: `error`, `timeout`, `failure`. */
  readonly status?: string;
  readonly errorType?: string;
  /** X-Ray's id of the trace, where it was traced. */
  readonly traceId?: string;
}

/** What a line of a function's log says of the life of an attempt. */
export type PlatformLine =
  | { readonly kind: 'initStart' }
  | { readonly kind: 'start'; readonly requestId: string }
  | { readonly kind: 'report'; readonly requestId: string; readonly report: AttemptReport };

/**
 * Reads a line that Lambda itself wrote, in either log format (AWS Lambda developer guide, "Working
 * with Lambda function logs" and "Telemetry API schema reference"); undefined for any other line.
 */
export function platformLine(message: string): PlatformLine | undefined {
  if (message.startsWith('INIT_START ')) return { kind: 'initStart' };
  const start = /^START RequestId: (\S+)/.exec(message)?.[1];
  if (start !== undefined) return { kind: 'start', requestId: start };
  const reported = /^REPORT RequestId: (\S+)/.exec(message)?.[1];
  if (reported !== undefined) {
    return { kind: 'report', requestId: reported, report: textReport(message) };
  }
  return message.startsWith('{') && message.includes('"platform.') ? jsonLine(message) : undefined;
}

function textReport(message: string): AttemptReport {
  const number = (name: string, unit: string): number | undefined => {
    // "Duration" ends "Billed Duration" too: a field begins the line or follows a tab.
    const found = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) ${unit}`).exec(message)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const word = (name: string): string | undefined =>
    new RegExp(`(?:^|[\\t\\n])${name}: ([^\\t\\n]+)`).exec(message)?.[1]?.trim();
  return {
    durationMs: number('Duration', 'ms'),
    billedMs: number('Billed Duration', 'ms'),
    memoryMegabytes: number('Memory Size', 'MB'),
    maxMemoryMegabytes: number('Max Memory Used', 'MB'),
    initMs: number('Init Duration', 'ms') ?? number('Restore Duration', 'ms'),
    status: word('Status'),
    errorType: word('Error Type'),
    traceId: word('XRAY TraceId'),
  };
}

function jsonLine(message: string): PlatformLine | undefined {
  const { type, record } = recordOf(parsed(message));
  const fields = recordOf(record);
  const requestId = textOf(fields['requestId']);
  if (type === 'platform.initStart') return { kind: 'initStart' };
  if (requestId === undefined) return undefined;
  if (type === 'platform.start') return { kind: 'start', requestId };
  if (type !== 'platform.report') return undefined;
  return { kind: 'report', requestId, report: jsonReport(fields) };
}

function jsonReport(fields: Readonly<Record<string, unknown>>): AttemptReport {
  const metrics = recordOf(fields['metrics']);
  const number = (name: string): number | undefined =>
    typeof metrics[name] === 'number' ? metrics[name] : undefined;
  const status = textOf(fields['status']);
  const trace = textOf(recordOf(fields['tracing'])['value']);
  return {
    durationMs: number('durationMs'),
    billedMs: number('billedDurationMs'),
    memoryMegabytes: number('memorySizeMB'),
    maxMemoryMegabytes: number('maxMemoryUsedMB'),
    initMs: number('initDurationMs') ?? number('restoreDurationMs'),
    status: status === 'success' ? undefined : status,
    errorType: textOf(fields['errorType']),
    traceId: /Root=([^;]+)/.exec(trace ?? '')?.[1],
  };
}

/** A text as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of an object; none of anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** A text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
