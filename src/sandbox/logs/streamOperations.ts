import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import type { LogsOperation } from './logsContext.ts';
import type { StreamPosition } from './logGroups.ts';
import { isStreamPosition } from './logGroups.ts';
import type { LogStream } from './logTables.ts';
import { alreadyExists, constraintError, invalidParameter } from './logsErrors.ts';
import {
  existingGroup,
  existingStream,
  readGroupName,
  readGroupReference,
  readLimit,
  readStreamName,
  streamArn,
} from './logsInput.ts';
import { readToken, writeToken } from './pageToken.ts';

const PAGE_SIZE = 50;
/** What PutLogEvents and DescribeLogStreams still send, and nobody needs any more. */
export const SEQUENCE_TOKEN = '49039859634211131234567890123456789012345678901234567890';

export const createLogStream: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName', 'logStreamName');
  const [groupName, name] = [readGroupName(input), readStreamName(input)];
  const arn = streamArn(context.accountId, groupName, name);
  authorize(context, caller, 'logs:CreateLogStream', arn);
  const group = existingGroup(context, groupName);
  if (context.logs.groups.findStream(group, name)) throw alreadyExists('stream');
  context.logs.groups.createStream(group, name, context.clock.now());
  return undefined;
};

export const deleteLogStream: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName', 'logStreamName');
  const [groupName, name] = [readGroupName(input), readStreamName(input)];
  const arn = streamArn(context.accountId, groupName, name);
  authorize(context, caller, 'logs:DeleteLogStream', arn);
  const group = existingGroup(context, groupName);
  context.logs.groups.deleteStream(group, existingStream(context, group, name));
  return undefined;
};

/** Streams of a group in the order of their names or of their last events. */
export const describeLogStreams: LogsOperation = (context, { caller }, input) => {
  input.only(
    ...['logGroupName', 'logGroupIdentifier', 'logStreamNamePrefix', 'orderBy', 'descending'],
    ...['nextToken', 'limit'],
  );
  const name = readGroupReference(input);
  authorize(context, caller, 'logs:DescribeLogStreams', streamArn(context.accountId, name));
  const group = existingGroup(context, name);
  const prefix = input.text('logStreamNamePrefix') ?? '';
  const order = { byTime: readOrder(input, prefix), descending: input.flag('descending') ?? false };
  const limit = readLimit(input, PAGE_SIZE);
  const request = ['streams', group.id, prefix, order];
  const now = context.clock.now();
  const found: LogStream[] = [];
  const after = readAfter(input, request, now);
  for (const stream of context.logs.groups.streams(group, prefix, order, after)) {
    found.push(stream);
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const more = found.length > limit;
  return {
    logStreams: shown.map(stream => toOutput(context.accountId, name, stream)),
    nextToken: more ? writeToken(request, positionOf(shown.at(-1)), now) : undefined,
  };
};

function readOrder(input: Input, prefix: string): boolean {
  const order = input.text('orderBy') ?? 'LogStreamName';
  if (order === 'LogStreamName') return false;
  if (order !== 'LastEventTime') {
    throw constraintError(
      'orderBy',
      order,
      'satisfy enum value set: [LogStreamName, LastEventTime]',
    );
  }
  if (prefix === '') return true;
  throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
}

function positionOf(stream: LogStream | undefined): StreamPosition {
  return { name: stream?.name ?? '', lastEvent: stream?.last_event ?? 0 };
}

function readAfter(input: Input, request: unknown, now: Date): StreamPosition | undefined {
  const token = input.text('nextToken');
  return token === undefined ? undefined : readToken(token, request, now, isStreamPosition);
}

function toOutput(accountId: string, group: string, stream: LogStream): Output {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    firstEventTimestamp: stream.first_event ?? undefined,
    lastEventTimestamp: stream.last_event ?? undefined,
    lastIngestionTime: stream.last_ingestion ?? undefined,
    uploadSequenceToken: stream.last_ingestion === null ? undefined : SEQUENCE_TOKEN,
    arn: streamArn(accountId, group, stream.name),
    // Always 0 since June 2019 (DescribeLogStreams).
    storedBytes: 0,
  };
}
