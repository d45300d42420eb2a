import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { LogsOperation } from './logsContext.ts';
import { EVENT_OVERHEAD, MAX_EVENT_BYTES, oldestKept } from './logStore.ts';
import { constraintError, invalidParameter } from './logsErrors.ts';
import {
  existingGroup,
  existingStream,
  readGroupName,
  readMilliseconds,
  readStreamName,
  streamArn,
} from './logsInput.ts';
import { SEQUENCE_TOKEN } from './streamOperations.ts';

const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Writes a batch; what is too old or too new of it is left out, and said in the answer. */
export const putLogEvents: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName', 'logStreamName', 'logEvents', 'sequenceToken');
  const [groupName, streamName] = [readGroupName(input), readStreamName(input)];
  const arn = streamArn(context.accountId, groupName, streamName);
  authorize(context, caller, 'logs:PutLogEvents', arn);
  const events = readEvents(input);
  const group = existingGroup(context, groupName);
  existingStream(context, group, streamName);
  const now = context.clock.now().getTime();
  const expired = countBefore(events, oldestKept(group.retention, now));
  const tooOld = countBefore(events, now - 14 * DAY_MS);
  const tooNew = countBefore(events, now + 2 * HOUR_MS + 1);
  const taken = events.slice(Math.max(expired, tooOld), tooNew);
  checkSpan(taken);
  context.logs.append({
    group: groupName,
    stream: streamName,
    events: taken.map(({ timestamp, message }) => ({ timestamp: new Date(timestamp), message })),
  });
  const rejected = {
    tooNewLogEventStartIndex: tooNew < events.length ? tooNew : undefined,
    tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
    expiredLogEventEndIndex: expired > 0 ? expired : undefined,
  };
  return {
    nextSequenceToken: SEQUENCE_TOKEN,
    rejectedLogEventsInfo: taken.length < events.length ? rejected : undefined,
  };
};

function readEvents(input: Input): InputEvent[] {
  const inputs = input.children('logEvents');
  if (inputs.length === 0) {
    throw constraintError('logEvents', '[]', 'have length greater than or equal to 1');
  }
  if (inputs.length > MAX_EVENTS) {
    const rule = `have length less than or equal to ${MAX_EVENTS}`;
    throw constraintError('logEvents', `${inputs.length} events`, rule);
  }
  const events = inputs.map((each, index) => readEvent(each, index + 1));
  const bytes = events.reduce((sum, event) => sum + sizeOf(event), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  const ordered = events.every(
    ({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0),
  );
  if (ordered) return events;
  throw invalidParameter(
    'Log events in a single PutLogEvents request must be in chronological order.',
  );
}

function readEvent(input: Input, number: number): InputEvent {
  input.only('timestamp', 'message');
  if (input.text('message') === '') {
    const rule = 'have length greater than or equal to 1';
    throw constraintError(`logEvents.${number}.member.message`, '', rule);
  }
  const message = input.requiredText('message');
  const timestamp = readMilliseconds(input, 'timestamp') ?? input.requiredNumber('timestamp');
  const bytes = sizeOf({ message });
  if (bytes <= MAX_EVENT_BYTES) return { timestamp, message };
  throw invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${MAX_EVENT_BYTES}`);
}

function sizeOf({ message }: Pick<InputEvent, 'message'>): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD;
}

/** How many of the events, which are in the order of time, are older. */
function countBefore(events: readonly InputEvent[], time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index === -1 ? events.length : index;
}

function checkSpan(events: readonly InputEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last || last.timestamp - first.timestamp <= DAY_MS) return;
  throw invalidParameter(
    'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  );
}
