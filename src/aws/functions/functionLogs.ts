import {
  DeleteLogGroupCommand,
  FilterLogEventsCommand,
  type FilteredLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { call, callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { logGroupOf } from '../functionArn.ts';
import type { FunctionAddress } from './functions.ts';

export interface LogLine {
  readonly timestamp: Date;
  /** Without the line end. */
  readonly message: string;
  /** `2026/11/22/[$LATEST]…`: one per execution environment. */
  readonly stream: string;
}

export interface LogQuery extends FunctionAddress {
  /** Where it is not `/aws/lambda/<name>`. */
  readonly logGroup?: string;
  readonly startTime?: Date;
  readonly endTime?: Date;
  /** Only the lines of this invocation. */
  readonly requestId?: string;
  /** Only the lines that it finds (CloudWatch Logs user guide, "Filter pattern syntax"). */
  readonly filterPattern?: string;
  /** Lines of a page, 1 to 10000; 1000 by default. */
  readonly limit?: number;
  /** The page after this one. */
  readonly nextToken?: string;
}

export interface LogPage {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** Given back as `nextToken` for the next page; absent at the end. */
  readonly nextToken?: string;
}

/** CloudWatch Logs searches a part of a group at a time, and answers even where it found nothing. */
const MAX_EMPTY_PAGES = 100;

/**
 * A page of the log lines of a function, oldest first. Pages without lines are passed over. A
 * function that has not logged yet has no lines.
 *
 * @throws BrigadeError `AccessDenied` (logs:FilterLogEvents), `Throttled` …
 */
export async function readFunctionLogs(
  clients: AwsClients,
  query: LogQuery,
  options: CallOptions = {},
): Promise<LogPage> {
  let token = query.nextToken;
  for (let page = 0; page < MAX_EMPTY_PAGES; page++) {
    const { events, nextToken } = await readPage(clients, query, token, options);
    if (events.length > 0 || nextToken === undefined) {
      return { lines: events.map(lineOf).sort(byTime), nextToken };
    }
    token = nextToken;
  }
  return { lines: [], nextToken: token };
}

/**
 * The first log lines of a function, page after page until there are as many as are wanted.
 *
 * @throws BrigadeError as `readFunctionLogs`
 */
export async function readLogLines(
  clients: AwsClients,
  query: Omit<LogQuery, 'limit' | 'nextToken'>,
  maxLines: number,
  options: CallOptions = {},
): Promise<{ lines: LogLine[]; isAll: boolean }> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const limit = Math.min(Math.max(maxLines - lines.length, 1), 10_000);
    const page = await readFunctionLogs(clients, { ...query, limit, nextToken }, options);
    lines.push(...page.lines);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && lines.length < maxLines);
  return { lines, isAll: nextToken === undefined };
}

async function readPage(
  clients: AwsClients,
  query: LogQuery,
  token: string | undefined,
  options: CallOptions,
): Promise<{ events: FilteredLogEvent[]; nextToken?: string }> {
  const group = query.logGroup ?? logGroupOf(query.functionName);
  const command = new FilterLogEventsCommand({
    logGroupName: group,
    startTime: query.startTime?.getTime(),
    endTime: query.endTime?.getTime(),
    // In quotes: without them a hyphen would exclude a word.
    filterPattern: query.requestId === undefined ? query.filterPattern : `"${query.requestId}"`,
    limit: query.limit ?? 1000,
    nextToken: token,
  });
  const output = await recoverFrom(['NotFound'], undefined, () =>
    callWithAction('logs:FilterLogEvents', group, options, () =>
      clients.logs(query.region).send(command, { abortSignal: options.signal }),
    ),
  );
  // The same token again, or an empty one, is the end.
  const next = output?.nextToken === token ? undefined : output?.nextToken;
  return { events: output?.events ?? [], nextToken: next === '' ? undefined : next };
}

function lineOf({ timestamp = 0, message = '', logStreamName = '' }: FilteredLogEvent): LogLine {
  return {
    timestamp: new Date(timestamp),
    message: message.replace(/\r?\n$/, ''),
    stream: logStreamName,
  };
}

/** Lines of the same millisecond stay in the order in which they were written. */
function byTime(one: LogLine, other: LogLine): number {
  return one.timestamp.getTime() - other.timestamp.getTime();
}

/** Deletes a function's log lines permanently. @throws BrigadeError `NotFound` … */
export async function deleteLogGroup(
  clients: AwsClients,
  { logGroup, region }: { readonly logGroup: string; readonly region?: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteLogGroupCommand({ logGroupName: logGroup });
  await call(logGroup, options, () =>
    clients.logs(region).send(command, { abortSignal: options.signal }),
  );
}
