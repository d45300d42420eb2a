import { AwsError } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { Output } from '../output.ts';
import { Timestamp } from '../output.ts';
import type { TrailOperation } from './trailContext.ts';
import type { EventAttribute, EventRow, HistoryPosition } from './eventHistory.ts';

const MAX_RESULTS = 50;
const MAX_VALUE = 2000;
const END: HistoryPosition = { time: Number.MAX_SAFE_INTEGER, number: 0 };
const KEYS: ReadonlySet<string> = new Set<EventAttribute | 'ReadOnly'>([
  ...(['EventId', 'EventName', 'ReadOnly', 'Username', 'ResourceType', 'ResourceName'] as const),
  ...(['EventSource', 'AccessKeyId'] as const),
]);

type Attribute =
  | { readonly key: EventAttribute; readonly value: string }
  | { readonly key: 'ReadOnly'; readonly value: string };

/** Management events of a span, the newest first, a page of up to 50 of them. */
export const lookupEvents: TrailOperation = ({ iam, trail }, { caller }, input) => {
  input.only('LookupAttributes', 'StartTime', 'EndTime', 'MaxResults', 'NextToken');
  authorize({ iam }, caller, 'cloudtrail:LookupEvents', '*');
  if (!trail.admitLookup()) throw new AwsError('ThrottlingException', 400, 'Rate exceeded');
  const attribute = readAttribute(input);
  const span = readSpan(input);
  const limit = readLimit(input);
  const request = JSON.stringify([attribute, span]);
  const before = readToken(input.text('NextToken'), request);
  // All that is recorded are writes.
  const isReadOnly = attribute?.key === 'ReadOnly';
  if (isReadOnly && attribute.value !== 'false') return { Events: [] };
  const by = isReadOnly ? undefined : attribute;
  const rows = trail.find(span, by, before, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    Events: page.map(toOutput),
    ...(rows.length > limit && last && { NextToken: writeToken(request, last) }),
  };
};

function readAttribute(input: Input): Attribute | undefined {
  const attributes = input.children('LookupAttributes');
  const [first] = attributes;
  if (first === undefined) return undefined;
  if (attributes.length > 1) throw invalidAttributes('You can only specify one lookup attribute.');
  const [key, value] = [first.text('AttributeKey') ?? '', first.text('AttributeValue') ?? ''];
  if (!KEYS.has(key)) throw invalidAttributes(`The attribute key ${key} is not valid.`);
  if (value === '' || value.length > MAX_VALUE) {
    throw invalidAttributes(`The value of ${key} must have 1 to ${MAX_VALUE} characters.`);
  }
  return { key: key as EventAttribute, value };
}

/** Start and end are both of it. */
function readSpan(input: Input): { start: number; end: number } {
  const seconds = (name: string): number | undefined => {
    const time = input.time(name)?.getTime();
    return time === undefined ? undefined : time / 1000;
  };
  const start = seconds('StartTime') ?? 0;
  const end = seconds('EndTime') ?? Number.MAX_SAFE_INTEGER;
  if (start <= end) return { start, end };
  throw new AwsError(
    'InvalidTimeRangeException',
    400,
    'The start time must be before or equal to the end time.',
  );
}

function readLimit(input: Input): number {
  const limit = input.wholeNumber('MaxResults') ?? MAX_RESULTS;
  if (limit >= 1 && limit <= MAX_RESULTS) return limit;
  throw new AwsError(
    'InvalidMaxResultsException',
    400,
    `A maximum results value of ${limit} was specified, but must be between 1 and ${MAX_RESULTS}.`,
  );
}

function writeToken(request: string, { time, number }: HistoryPosition): string {
  return encodeToken([request, time, number]);
}

/** A token must come with the parameters of the request that it answered. */
function readToken(token: string | undefined, request: string): HistoryPosition {
  if (token === undefined) return END;
  const parsed = decodeToken(token);
  if (Array.isArray(parsed)) {
    const [of, time, number] = parsed as unknown[];
    const isPosition = Number.isSafeInteger(time) && Number.isSafeInteger(number);
    if (isPosition && of === request) return { time: Number(time), number: Number(number) };
  }
  throw new AwsError('InvalidNextTokenException', 400, 'The specified next token is not valid.');
}

function toOutput(row: EventRow): Output {
  const { resource_type: ResourceType, resource_name: ResourceName } = row;
  return {
    EventId: row.id,
    EventName: row.name,
    ReadOnly: 'false',
    AccessKeyId: row.access_key_id,
    EventTime: new Timestamp(row.time),
    EventSource: row.source,
    Username: row.user_name,
    Resources:
      ResourceType === null || ResourceName === null ? [] : [{ ResourceType, ResourceName }],
    CloudTrailEvent: row.record,
  };
}

function invalidAttributes(message: string): AwsError {
  return new AwsError('InvalidLookupAttributesException', 400, message);
}
