import { AwsError, notImplemented } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { Operation } from '../operation.ts';
import { Timestamp } from '../output.ts';
import type { Services } from '../sandboxServices.ts';
import { HISTORY_MS, type TrailFilter, type TrailPosition } from './trailEvents.ts';

const MOST_RESULTS = 50;
/** Requests a second and account (LookupEvents: "The rate of lookup requests is limited to two"). */
const REQUESTS_PER_SECOND = 2;

const ATTRIBUTES = {
  EventId: 'id',
  EventName: 'name',
  EventSource: 'source',
  Username: 'username',
} as const;
const OTHER_ATTRIBUTES = ['ReadOnly', 'ResourceType', 'ResourceName', 'AccessKeyId'];

/** The event history, the newest event first, by one attribute at most. */
export const lookupEvents: Operation = (services, { caller }, input) => {
  authorize(services, caller, 'cloudtrail:LookupEvents', '*');
  assertRate(services);
  input.only(
    'LookupAttributes',
    'StartTime',
    'EndTime',
    'MaxResults',
    'NextToken',
    'EventCategory',
  );
  if (input.has('EventCategory')) throw notImplemented('LookupEvents with EventCategory');
  const filter = readFilter(services, input);
  const count = input.wholeNumber('MaxResults') ?? MOST_RESULTS;
  if (count < 1 || count > MOST_RESULTS) {
    throw invalid('MaxResults', `A limit value of ${count} is not between 1 and ${MOST_RESULTS}.`);
  }
  const asked = [input.time('StartTime'), input.time('EndTime'), filter.attribute];
  const after = readPosition(input.text('NextToken'), asked);
  const found = services.trail.list(filter, after, count + 1);
  const shown = found.slice(0, count);
  const last = shown.at(-1);
  return {
    Events: shown.map(({ id, name, source, time, username, record }) => ({
      EventId: id,
      EventName: name,
      ReadOnly: 'false',
      EventTime: new Timestamp(time / 1000),
      EventSource: source,
      Username: username,
      Resources: [],
      CloudTrailEvent: record,
    })),
    NextToken:
      last && found.length > count
        ? encodeToken([JSON.stringify(asked), { time: last.time, number: last.number }])
        : undefined,
  };
};

function readFilter({ clock }: Services, input: Input): TrailFilter {
  const now = clock.now().getTime();
  const start = input.time('StartTime')?.getTime() ?? 0;
  const end = input.time('EndTime')?.getTime() ?? now;
  if (start > end) throw invalid('TimeRange', 'The start time is after the end time.');
  const attributes = input.children('LookupAttributes');
  if (attributes.length > 1) {
    throw invalid('LookupAttributes', 'You can specify only one lookup attribute.');
  }
  const [attribute] = attributes;
  const history = { start: Math.max(start, now - HISTORY_MS), end };
  return attribute === undefined ? history : { ...history, attribute: readAttribute(attribute) };
}

function readAttribute(attribute: Input): readonly ['id' | 'name' | 'source' | 'username', string] {
  const key = attribute.requiredText('AttributeKey');
  if (OTHER_ATTRIBUTES.includes(key)) throw notImplemented(`LookupEvents by ${key}`);
  if (!Object.hasOwn(ATTRIBUTES, key)) {
    throw invalid('LookupAttributes', `${key} is not a valid lookup attribute.`);
  }
  return [ATTRIBUTES[key as keyof typeof ATTRIBUTES], attribute.requiredText('AttributeValue')];
}

/** A token is good for the request that it was given for, and for no other. */
function readPosition(token: string | undefined, asked: unknown): TrailPosition | undefined {
  if (token === undefined) return undefined;
  const parsed = decodeToken(token);
  if (Array.isArray(parsed) && parsed[0] === JSON.stringify(asked)) {
    return parsed[1] as TrailPosition;
  }
  throw invalid('NextToken', 'The NextToken is not valid, or is of another request.');
}

function invalid(what: string, message: string): AwsError {
  return new AwsError(`Invalid${what}Exception`, 400, message);
}

const calls = new WeakMap<object, readonly number[]>();

function assertRate({ trail, clock }: Services): void {
  const now = clock.now().getTime();
  const recent = (calls.get(trail) ?? []).filter(time => now - time < 1000 && time <= now);
  if (recent.length >= REQUESTS_PER_SECOND) {
    throw new AwsError('ThrottlingException', 400, 'Rate exceeded');
  }
  calls.set(trail, [...recent, now]);
}
