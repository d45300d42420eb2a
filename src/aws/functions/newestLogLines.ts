import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readFunctionLogs, readLogLines, type LogLine, type LogQuery } from './functionLogs.ts';

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

/** Milliseconds to which the start is found; each halving is a request. */
const PRECISE_MS = 1_000;
/** A page of CloudWatch Logs (API reference of FilterLogEvents, `limit`). */
const PAGE_LINES = 10_000;
/** Lines of one millisecond that are read to find the last of them. */
const MAX_LINES_AT_ONCE = 200_000;

/**
 * The newest lines of a window. CloudWatch Logs reads from the oldest on, so where a window has more
 * lines than are wanted, its start is moved to where enough of them are left.
 *
 * @throws BrigadeError as `readFunctionLogs`
 */
export async function readNewestLines(
  clients: AwsClients,
  { start: from, end: endTime, maxLines, ...query }: LogWindow,
  options: CallOptions = {},
): Promise<NewestLines> {
  const read = (start: number) =>
    readLogLines(clients, { ...query, startTime: new Date(start), endTime }, maxLines, options);
  const whole = await read(from.getTime());
  if (whole.isAll) return { lines: whole.lines, start: from };
  // From `tooMany` on there are more than are wanted, from `few` on there are `found`.
  let tooMany = from.getTime();
  let few = endTime.getTime() + 1;
  let found: readonly LogLine[] = [];
  const isFound = () =>
    found.length >= maxLines / 4 || (found.length > 0 && few - tooMany < PRECISE_MS);
  while (few - tooMany > 1 && !isFound()) {
    const middle = tooMany + Math.floor((few - tooMany) / 2);
    const { lines, isAll } = await read(middle);
    if (isAll) [few, found] = [middle, lines];
    else tooMany = middle;
  }
  if (found.length > 0) return { lines: found, start: new Date(few) };
  const start = new Date(tooMany);
  const span = { ...query, startTime: start, endTime };
  return { lines: await readLast(clients, span, maxLines, options), start };
}

/** The last lines of a millisecond that has more than are wanted. */
async function readLast(
  clients: AwsClients,
  span: Omit<LogQuery, 'limit' | 'nextToken'>,
  maxLines: number,
  options: CallOptions,
): Promise<readonly LogLine[]> {
  let lines: LogLine[] = [];
  let nextToken: string | undefined;
  for (let count = 0; count < MAX_LINES_AT_ONCE; count += PAGE_LINES) {
    const query = { ...span, limit: PAGE_LINES, nextToken };
    const page = await readFunctionLogs(clients, query, options);
    lines = [...lines, ...page.lines].slice(-maxLines);
    nextToken = page.nextToken;
    if (nextToken === undefined) break;
  }
  return lines;
}
