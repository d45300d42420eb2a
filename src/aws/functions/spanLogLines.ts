import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readLogLines, type LogLine, type LogQuery } from './functionLogs.ts';
import { ERROR_PATTERN, unfinished } from './invocationLines.ts';

export interface LogSpan extends Omit<LogQuery, 'startTime' | 'endTime' | 'limit' | 'nextToken'> {
  readonly start: Date;
  /** Not of the span any more. */
  readonly end: Date;
  /** How many lines are wanted at most. */
  readonly maxLines: number;
}

export interface SpanLines {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** From when on there are only lines of errors, because there are too many; undefined if it has all. */
  readonly errorsOnlyAfter?: Date;
}

/** Milliseconds that an invocation may run (AWS Lambda developer guide, "Lambda quotas"). */
const LONGEST = 900_000;
/** Invocations that are followed beyond the span: each costs a request. */
const MAX_FOLLOWED = 10;

/**
 * The log lines of what was invoked in a span, also those written later: Lambda counts an invocation
 * and its error where it began. Of a span with too many lines the first ones, then those of errors.
 *
 * @throws BrigadeError as `readFunctionLogs`
 */
export async function readSpanLines(
  clients: AwsClients,
  { start, end, maxLines, ...query }: LogSpan,
  options: CallOptions = {},
): Promise<SpanLines> {
  // Logs' end is of its span.
  const span = { ...query, startTime: start, endTime: new Date(end.getTime() - 1) };
  const { lines, isAll } = await readLogLines(clients, span, maxLines, options);
  if (!isAll) {
    const last = lines.at(-1)?.timestamp ?? start;
    const rest = { ...span, startTime: last, filterPattern: ERROR_PATTERN };
    const errors = await readLogLines(clients, rest, maxLines, options);
    const later = errors.lines.filter(({ timestamp }) => timestamp > last);
    return { lines: [...lines, ...later], errorsOnlyAfter: last };
  }
  for (const requestId of unfinished(lines).slice(0, MAX_FOLLOWED)) {
    const until = new Date(end.getTime() + LONGEST);
    const after = { ...query, requestId, startTime: end, endTime: until };
    lines.push(...(await readLogLines(clients, after, maxLines, options)).lines);
  }
  return { lines };
}
