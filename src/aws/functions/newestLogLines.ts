import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readLogLines, type LogLine, type LogQuery } from './functionLogs.ts';

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
  { start: from, end: endTime, maxLines, ...query }: LogWindow,
  options: CallOptions = {},
): Promise<NewestLines> {
  let start = from.getTime();
  const end = endTime.getTime();
  for (;;) {
    const span = { ...query, startTime: new Date(start), endTime };
    const { lines, isAll } = await readLogLines(clients, span, maxLines, options);
    if (isAll || end - start <= SMALLEST_WINDOW) return { lines, start: new Date(start) };
    start += Math.ceil((end - start) / 2);
  }
}
