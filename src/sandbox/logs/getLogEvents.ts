import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import type { LogsOperation } from './logsContext.ts';
import type { EventPosition, EventTimes } from './logEvents.ts';
import { isEventPosition } from './logEvents.ts';
import { oldestKept } from './logStore.ts';
import type { LogEvent } from './logTables.ts';
import { invalidParameter } from './logsErrors.ts';
import {
  existingGroup,
  existingStream,
  readGroupReference,
  readLimit,
  readMilliseconds,
  readStreamName,
  streamArn,
} from './logsInput.ts';

export const MAX_EVENTS = 10_000;
export const MAX_PAGE_BYTES = 1024 * 1024;

const BEGINNING: EventPosition = { timestamp: 0, id: 0 };
const END: EventPosition = { timestamp: Number.MAX_SAFE_INTEGER, id: 0 };

/**
 * Events of one stream, a page of them in the order of time. The tokens lead on in both directions; one
 * that comes back unchanged says that there is no more.
 */
export const getLogEvents: LogsOperation = (context, { caller }, input) => {
  input.only(
    ...['logGroupName', 'logGroupIdentifier', 'logStreamName', 'startTime', 'endTime', 'nextToken'],
    ...['limit', 'startFromHead'],
  );
  const [groupName, streamName] = [readGroupReference(input), readStreamName(input)];
  const arn = streamArn(context.accountId, groupName, streamName);
  authorize(context, caller, 'logs:GetLogEvents', arn);
  const group = existingGroup(context, groupName);
  const stream = existingStream(context, group, streamName);
  const times = readTimes(input, oldestKept(group.retention, context.clock.now().getTime()));
  const token = readToken(input);
  const limit = readLimit(input, MAX_EVENTS);
  const { logs } = context;
  const page = token.forward
    ? takePage(logs.events.inStream(stream.id, times, token.position), limit)
    : takePage(logs.events.inStreamBackward(stream.id, times, token.position), limit).reverse();
  const { first, last } = endsOf(page, token.position);
  return {
    events: page.map(toOutput),
    nextForwardToken: writeToken('f', last),
    nextBackwardToken: writeToken('b', first),
  };
};

/** Without events both tokens stay where the one that was given stands. */
function endsOf(
  page: readonly LogEvent[],
  position: EventPosition,
): { first: EventPosition; last: EventPosition } {
  // What is written to an empty stream comes after its forward token.
  const forward = position === END ? BEGINNING : position;
  return { first: page[0] ?? position, last: page.at(-1) ?? forward };
}

/** The end is not part of it (GetLogEvents). */
function readTimes(input: Input, oldest: number): EventTimes {
  const end = readMilliseconds(input, 'endTime') ?? Number.MAX_SAFE_INTEGER;
  return { first: Math.max(readMilliseconds(input, 'startTime') ?? 0, oldest), last: end - 1 };
}

/** As many events as are asked for and fit in AWS's megabyte. */
export function takePage(events: Iterable<LogEvent>, limit: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length === limit || (page.length > 0 && bytes > MAX_PAGE_BYTES)) break;
    page.push(event);
  }
  return page;
}

function readToken(input: Input): { forward: boolean; position: EventPosition } {
  const token = input.text('nextToken');
  if (token === undefined) {
    const forward = input.flag('startFromHead') ?? false;
    return { forward, position: forward ? BEGINNING : END };
  }
  const [, direction, timestamp, id] = /^([fb])\/(\d{16})(\d{40})$/.exec(token) ?? [];
  const position = { timestamp: Number(timestamp), id: Number(id) };
  if (direction === undefined || !isEventPosition(position)) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  return { forward: direction === 'f', position };
}

function writeToken(direction: 'f' | 'b', position: EventPosition): string {
  return `${direction}/${eventId(position)}`;
}

/** 56 digits like AWS's, which sort as the events do. */
export function eventId({ timestamp, id }: EventPosition): string {
  return String(timestamp).padStart(16, '0') + String(id).padStart(40, '0');
}

function toOutput({ timestamp, message, ingested }: LogEvent): Output {
  return { timestamp, message, ingestionTime: ingested };
}
