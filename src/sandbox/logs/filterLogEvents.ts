import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import type { LogsContext, LogsOperation } from './logsContext.ts';
import { parseFilterPattern } from './filterPattern.ts';
import { MAX_PAGE_BYTES, MAX_EVENTS, eventId } from './getLogEvents.ts';
import type { Predicate } from './jsonPattern.ts';
import type { EventPosition, EventTimes } from './logEvents.ts';
import { isEventPosition } from './logEvents.ts';
import { oldestKept } from './logStore.ts';
import type { LogEvent, LogGroup } from './logTables.ts';
import { constraintError, invalidParameter, notFound } from './logsErrors.ts';
import {
  existingGroup,
  readGroupReference,
  readLimit,
  readMilliseconds,
  streamArn,
} from './logsInput.ts';
import { readToken, writeToken } from './pageToken.ts';

/** Events looked at for one page; it ends here even when nothing was found. AWS's own limit is unknown. */
const MAX_SEARCHED = 10_000;
const MAX_STREAMS = 100;
const LONGEST_PATTERN = 1024;

interface Search {
  readonly group: LogGroup;
  readonly times: EventTimes;
  readonly matches: Predicate;
  readonly limit: number;
  /** The streams to search with their names. */
  readonly streams: ReadonlyMap<number, string>;
}

/** Events of a group that match a pattern, in the order of time. A page may be empty and have a next one. */
export const filterLogEvents: LogsOperation = (context, { caller }, input) => {
  input.only(
    ...['logGroupName', 'logGroupIdentifier', 'logStreamNames', 'logStreamNamePrefix'],
    ...['startTime', 'endTime', 'filterPattern', 'nextToken', 'limit', 'interleaved'],
  );
  const name = readGroupReference(input);
  authorize(context, caller, 'logs:FilterLogEvents', streamArn(context.accountId, name));
  const group = existingGroup(context, name);
  const now = context.clock.now();
  const search: Search = {
    group,
    times: readTimes(input, oldestKept(group.retention, now.getTime())),
    matches: readPattern(input),
    limit: readLimit(input, MAX_EVENTS),
    streams: readStreams(context, group, input),
  };
  const request = ['events', group.id, ...requestOf(input)];
  const token = input.text('nextToken');
  const from =
    token === undefined ? { timestamp: 0, id: 0 } : readToken(token, request, now, isEventPosition);
  const { found, next } = searchPage(context, search, from);
  return {
    events: found.map(event => toOutput(event, search.streams)),
    searchedLogStreams: [],
    nextToken: next === undefined ? undefined : writeToken(request, next, now),
  };
};

function searchPage(
  { logs }: Pick<LogsContext, 'logs'>,
  { group, times, matches, limit, streams }: Search,
  from: EventPosition,
): { found: LogEvent[]; next: EventPosition | undefined } {
  const found: LogEvent[] = [];
  let [searched, bytes] = [0, 0];
  let last = from;
  for (const event of logs.events.inGroup(group.id, times, from)) {
    const full = found.length === limit || bytes >= MAX_PAGE_BYTES;
    if (full || searched === MAX_SEARCHED) return { found, next: last };
    searched += 1;
    last = { timestamp: event.timestamp, id: event.id };
    if (!streams.has(event.stream) || !matches(event.message)) continue;
    found.push(event);
    bytes += Buffer.byteLength(event.message);
  }
  return { found, next: undefined };
}

function readTimes(input: Input, oldest: number): EventTimes {
  const first = readMilliseconds(input, 'startTime') ?? 0;
  const last = readMilliseconds(input, 'endTime') ?? Number.MAX_SAFE_INTEGER;
  if (first > last) {
    throw invalidParameter('End time must not be earlier than start time.');
  }
  return { first: Math.max(first, oldest), last };
}

function readPattern(input: Input): Predicate {
  const pattern = input.text('filterPattern') ?? '';
  if (pattern.length <= LONGEST_PATTERN) return parseFilterPattern(pattern);
  const rule = `have length less than or equal to ${LONGEST_PATTERN}`;
  throw constraintError('filterPattern', pattern, rule);
}

function readStreams(
  { logs }: Pick<LogsContext, 'logs'>,
  group: LogGroup,
  input: Input,
): ReadonlyMap<number, string> {
  const names = input.texts('logStreamNames');
  const prefix = input.text('logStreamNamePrefix');
  if (names.length > 0 && prefix !== undefined) {
    throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive.');
  }
  if (names.length > MAX_STREAMS) {
    const rule = `have length less than or equal to ${MAX_STREAMS}`;
    throw constraintError('logStreamNames', `${names.length} names`, rule);
  }
  const all = logs.groups.streamNames(group);
  if (names.length === 0) {
    return new Map([...all].filter(([, name]) => name.startsWith(prefix ?? '')));
  }
  const known = new Set(all.values());
  if (!names.every(name => known.has(name))) throw notFound('stream');
  return new Map([...all].filter(([, name]) => names.includes(name)));
}

/** What pages of one search have in common. */
function requestOf(input: Input): unknown[] {
  const { first, last } = readTimes(input, 0);
  const pattern = input.text('filterPattern');
  return [first, last, pattern, input.texts('logStreamNames'), input.text('logStreamNamePrefix')];
}

function toOutput(event: LogEvent, streams: ReadonlyMap<number, string>): Output {
  return {
    logStreamName: streams.get(event.stream),
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingested,
    eventId: eventId(event),
  };
}
