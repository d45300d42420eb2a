import { AwsError } from '../errors.ts';
import type { Input } from '../input.ts';
import { REGION } from '../region.ts';
import type { LogsContext } from './logsContext.ts';
import type { LogGroup, LogStream } from './logTables.ts';
import { constraintError, notFound } from './logsErrors.ts';

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;

/** The ARN of a log group, without the `:*` that stands for its streams. */
export function groupArn(accountId: string, group: string): string {
  return `arn:aws:logs:${REGION}:${accountId}:log-group:${group}`;
}

/**
 * The ARN that permissions for a log group (no stream) or a stream are checked against. A group's own
 * ARN has the stream's part too, so that policies with `log-group:NAME:*` allow it.
 */
export function streamArn(accountId: string, group: string, stream = ''): string {
  return `${groupArn(accountId, group)}:log-stream:${stream}`;
}

export function checkGroupName(member: string, name: string): string {
  if (GROUP_NAME.test(name)) return name;
  if (name.length > 512) {
    throw constraintError(member, name, 'have length less than or equal to 512');
  }
  throw constraintError(member, name, 'satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
}

export function readGroupName(input: Input): string {
  return checkGroupName('logGroupName', input.requiredText('logGroupName'));
}

export function readStreamName(input: Input): string {
  const name = input.requiredText('logStreamName');
  if (STREAM_NAME.test(name)) return name;
  throw constraintError('logStreamName', name, 'satisfy regular expression pattern: [^:*]*');
}

/** The group that logGroupName, or logGroupIdentifier (a name or an ARN), names. */
export function readGroupReference(input: Input): string {
  const name = input.text('logGroupName');
  const identifier = input.text('logGroupIdentifier');
  if (name !== undefined && identifier !== undefined) {
    throw new AwsError(
      'ValidationException',
      400,
      'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    );
  }
  if (identifier === undefined) return readGroupName(input);
  const prefix = /^arn:aws:logs:[^:]*:\d{12}:log-group:/.exec(identifier)?.[0] ?? '';
  return checkGroupName('logGroupIdentifier', identifier.slice(prefix.length));
}

/** @throws AwsError ResourceNotFoundException */
export function existingGroup({ logs }: Pick<LogsContext, 'logs'>, name: string): LogGroup {
  const group = logs.groups.find(name);
  if (!group) throw notFound('group');
  return group;
}

/** @throws AwsError ResourceNotFoundException */
export function existingStream(
  { logs }: Pick<LogsContext, 'logs'>,
  group: LogGroup,
  name: string,
): LogStream {
  const stream = logs.groups.findStream(group, name);
  if (!stream) throw notFound('stream');
  return stream;
}

/** @throws AwsError InvalidParameterException unless it is of the range or absent */
export function readLimit(input: Input, most: number, fallback = most): number {
  const limit = input.wholeNumber('limit') ?? fallback;
  if (limit > most) {
    throw constraintError('limit', String(limit), `have value less than or equal to ${most}`);
  }
  if (limit < 1) {
    throw constraintError('limit', String(limit), 'have value greater than or equal to 1');
  }
  return limit;
}

/** A time in milliseconds since 1970. */
export function readMilliseconds(input: Input, name: string): number | undefined {
  const time = input.wholeNumber(name);
  if (time === undefined || time >= 0) return time;
  throw constraintError(name, String(time), 'have value greater than or equal to 0');
}
