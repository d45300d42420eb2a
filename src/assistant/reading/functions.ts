import { cutText } from '../../aws/cutText.ts';
import { functionRegion, plainFunctionName } from '../../aws/functionArn.ts';
import { errorLines, ERROR_PATTERN, invocationLines } from '../../aws/functions/invocationLines.ts';
import { readNewestLines } from '../../aws/functions/newestLogLines.ts';
import { readFunctionMetrics } from '../../aws/metrics/functionMetrics.ts';
import { alignSpan, choosePeriod, PERIODS } from '../../aws/metrics/metricPeriod.ts';
import { readRangeTotals } from '../../aws/metrics/rangeTotals.ts';
import type { ReadingTool, ToolCall } from '../tool.ts';

interface FunctionInput {
  /** Name or ARN. */
  readonly functionName: string;
  readonly region?: string;
  readonly hours?: number;
}

/** Points of each metric. */
const MAX_POINTS = 36;
/** Log lines that are read to find those of the newest failures. */
const MAX_LINES = 2000;
/** UTF-16 units of a line, which may have a million. */
const MAX_MESSAGE = 1000;

export const readMetrics: ReadingTool = {
  kind: 'reading',
  async read({ session: { clients }, input, signal }: ToolCall<FunctionInput>) {
    const { functionName, region } = addressOf(input, clients.region);
    const now = Math.floor(Date.now() / 1000);
    const asked = { start: now - (input.hours ?? 3) * 3600, end: now };
    const period = PERIODS.find(
      each => each >= choosePeriod(asked, now) && (now - asked.start) / each <= MAX_POINTS,
    );
    const span = alignSpan(asked, period ?? 86_400);
    const query = { functionName, region, ...span };
    const totals = await readRangeTotals(clients, query, { signal });
    const { series, problems } = await readFunctionMetrics(
      clients,
      { ...query, period: period ?? 86_400 },
      { signal },
    );
    const rows = Object.entries(series).flatMap(([metric, { times, values }]) =>
      times.length === 0
        ? []
        : [{ metric, points: times.map((time, at) => [new Date(time * 1000), values[at]]) }],
    );
    const notes = [
      `${totals.invocations} invocations, ${totals.errors} errors, 95th percentile of the duration: ${totals.durationP95 ?? 'none'} ms, from ${iso(span.start)} to ${iso(span.end)}.`,
      `A point for each ${period ?? 86_400} seconds in which something happened.`,
    ];
    return { region, notes, rows: [...rows, ...problems] };
  },
};

export const readFailures: ReadingTool = {
  kind: 'reading',
  async read({
    session: { clients },
    input,
    signal,
  }: ToolCall<FunctionInput & { readonly limit?: number }>) {
    const { functionName, region } = addressOf(input, clients.region);
    const { hours = 3, limit = 20 } = input;
    const end = new Date();
    const start = new Date(end.getTime() - hours * 3_600_000);
    const window = { functionName, region, start, end, maxLines: MAX_LINES };
    const query = { ...window, filterPattern: ERROR_PATTERN };
    const found = await readNewestLines(clients, query, { signal });
    const failures = errorLines(invocationLines(found.lines));
    const rows = failures.slice(0, limit).map(({ timestamp, requestId, key, message }) => ({
      ...{ timestamp, requestId, key, message: cutText(message, MAX_MESSAGE) },
    }));
    const notes = [
      `${rows.length} of ${failures.length} failed invocations since ${found.start.toISOString()}, the newest first, each with the first line that says what went wrong.`,
    ];
    return { region, notes, rows };
  },
};

/** An ARN says where it is. */
function addressOf({ functionName, region }: FunctionInput, own: string) {
  return {
    functionName: plainFunctionName(functionName),
    region: region ?? functionRegion(functionName) ?? own,
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
