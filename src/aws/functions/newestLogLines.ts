import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readFunctionLogs, type LogLine, type LogQuery } from './functionLogs.ts';

export interface LogWindow extends Omit<LogQuery, 'startTime' | 'endTime' | 'limit' | 'nextToken'> {
  readonly start: Date;
  readonly end: Date;
  /** How many lines are wanted at most. */
  readonly maxLines: number;
}

export interface NewestLines {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** From when on these are all lines; the window's start unless there were too many. */
  readonly start: Date;
}

/** Milliseconds below which a window is not made smaller: many lines have the same. */
const SMALLEST_WINDOW = 1_000;

/**
 * The newest lines of a window. CloudWatch Logs reads from the oldest on, so where a window has more
 * lines than are wanted, a later half of it is read instead.
 *
 * @throws BrigadeError as `readFunctionLogs`
 */
export async function readNewestLines(
  clients: AwsClients,
  window: LogWindow,
  options: CallOptions = {},
): Promise<NewestLines> {
  let start = window.start.getTime();
  const end = window.end.getTime();
  for (;;) {
    const { lines, isAll } = await readAll(clients, window, new Date(start), options);
    if (isAll || end - start <= SMALLEST_WINDOW) return { lines, start: new Date(start) };
    start += Math.ceil((end - start) / 2);
  }
}

/** All lines from a time on, unless there are more than are wanted. */
async function readAll(
  clients: AwsClients,
  { end: endTime, maxLines, ...query }: LogWindow,
  startTime: Date,
  options: CallOptions,
): Promise<{ lines: LogLine[]; isAll: boolean }> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const limit = Math.min(Math.max(maxLines - lines.length, 1), 10_000);
    const page = await readFunctionLogs(
      clients,
      { ...query, startTime, endTime, limit, ...(nextToken !== undefined && { nextToken }) },
      options,
    );
    lines.push(...page.lines);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && lines.length < maxLines);
  return { lines, isAll: nextToken === undefined };
}
