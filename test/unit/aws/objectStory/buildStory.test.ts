import { describe, expect, test } from 'vitest';
import type { LambdaFunction } from '../../../../src/aws/functions/functions.ts';
import type { BucketNotification } from '../../../../src/aws/notifications/notification.ts';
import type { StoryFacts } from '../../../../src/aws/objectStory/facts.ts';
import { logFacts } from '../../../../src/aws/objectStory/readLog.ts';
import { buildStory } from '../../../../src/aws/objectStory/buildStory.ts';
import type { LogLine } from '../../../../src/aws/functions/functionLogs.ts';
import { at, end, line, ONE, report, resized, said, start, started, TWO } from './recordedLogs.ts';

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:resize';
const UPLOAD = { at: at(0), size: 5, eTag: 'e1' };
const OBJECT = { bucket: 'photos', key: 'in/my cat.jpg' };

const notification = (change: Partial<BucketNotification> = {}): BucketNotification => ({
  id: 'new-images',
  destination: { kind: 'lambda', arn: ARN },
  events: ['s3:ObjectCreated:*'],
  prefix: '',
  suffix: '.jpg',
  ...change,
});

function facts(change: Partial<StoryFacts> & { lines?: readonly LogLine[] } = {}): StoryFacts {
  const { lines = [], ...more } = change;
  const details = { timeoutSeconds: 30, state: 'Active', reason: '' } as LambdaFunction;
  return {
    object: OBJECT,
    since: at(0),
    upload: { kind: 'known', value: UPLOAD },
    notifications: { kind: 'known', value: sends(notification()) },
    function: {
      ...{ name: 'resize', arn: ARN, region: 'eu-central-1', logGroup: '/aws/lambda/resize' },
      ...{ details: { kind: 'known', value: details }, isOurs: true, retries: 2 },
    },
    log: { kind: 'known', value: logFacts(lines, { ...OBJECT, ...UPLOAD }) },
    results: [],
    ...more,
  };
}

function sends(...notifications: BucketNotification[]) {
  return { notifications, eventBridge: false };
}

const SOON = at(5_000);
const LATE = at(3_600_000);

/** The step at which a story stands, or stopped. */
function stand(given: StoryFacts, now = SOON) {
  const { steps, isOver } = buildStory(given, now);
  const found = steps.find(({ state }) => state !== 'done') ?? steps.at(-1);
  return { kind: found?.kind, state: found?.state, why: found?.reason?.kind, isOver };
}

const RUN = [
  line(700, start(ONE)),
  line(800, said(800, ONE, started)),
  line(1100, said(1100, ONE, resized)),
  line(1132, end(ONE)),
  line(1132, report(ONE)),
];
const failing = (ms: number, status: string) => [
  line(ms, start(ONE)),
  line(ms + 1, said(ms + 1, ONE, started)),
  line(ms + 900, report(ONE, `Status: ${status}\t`)),
];
const RESULT = { bucket: 'photos-resized', key: 'resized-in/my cat.jpg', at: at(1000), size: 71 };

describe('a story', () => {
  test('that went well is over when what was resized is there', () => {
    const told = buildStory(facts({ lines: RUN, results: [{ ...RESULT, state: 'there' }] }), SOON);
    expect(told.isOver).toBe(true);
    expect(told.steps.map(({ kind, state, at: when }) => [kind, state, when])).toEqual([
      ['uploaded', 'done', at(0)],
      ['event', 'done', undefined],
      ['function', 'done', undefined],
      ['invocation', 'done', at(700)],
      ['resized', 'done', at(1000)],
    ]);
  });

  test('waits for the log, for what runs and for what is written, and not without end', () => {
    const waits = { state: 'waiting', isOver: false };
    expect(stand(facts())).toMatchObject({ kind: 'invocation', ...waits });
    expect(stand(facts({ lines: RUN.slice(0, 2) }))).toMatchObject({ why: 'running', ...waits });
    const unwritten = facts({ lines: RUN, results: [{ ...RESULT, state: 'missing' }] });
    expect(stand(unwritten)).toMatchObject({ kind: 'resized', why: 'resultMissing', ...waits });
    const stops = { state: 'failed', isOver: true };
    expect(stand(facts(), LATE)).toMatchObject({ why: 'noInvocation', ...stops });
    expect(stand(unwritten, LATE)).toMatchObject({ why: 'resultMissing', ...stops });
    expect(stand(facts({ throttles: 3 }), LATE)).toMatchObject({ why: 'throttled', ...stops });
    const dayLater = at(25 * 3_600_000);
    const old = buildStory(facts({ since: dayLater }), dayLater).steps[3];
    expect(old?.reason).toEqual({ kind: 'noInvocation', isOld: true });
  });

  test('is waited for a while, also by who has a clock that is ahead', () => {
    const ahead = { since: at(250_000) };
    expect(stand(facts(ahead), at(251_000))).toMatchObject({ state: 'waiting' });
    expect(stand(facts(ahead), at(271_000))).toMatchObject({ state: 'failed' });
    expect(stand(facts({ since: LATE }), LATE)).toMatchObject({ state: 'failed' });
  });

  test('of an object that was written over is told of the new upload alone', () => {
    const before = [line(700, start(TWO)), line(800, said(800, TWO, { ...started, eTag: 'e0' }))];
    const told = buildStory(facts({ lines: [...before, ...RUN] }), SOON);
    expect(told.steps[3]).toMatchObject({ kind: 'invocation', state: 'done' });
    expect(stand(facts({ lines: before }))).toMatchObject({ kind: 'invocation', state: 'waiting' });
  });
});

describe('an upload that still runs', () => {
  const unknown = { kind: 'unknown' } as const;
  const sending = (state: 'running' | 'paused' | 'failed' | 'cancelled') =>
    stand(facts({ upload: unknown, sending: { state, bytes: 5, totalBytes: 9 } }));

  test('is what the story begins with, and ends with where no object comes of it', () => {
    const waits = { kind: 'uploaded', state: 'waiting', why: 'sending', isOver: false };
    expect(sending('running')).toEqual(waits);
    expect(sending('paused')).toEqual(waits);
    const stops = { kind: 'uploaded', state: 'failed', why: 'notSent', isOver: true };
    expect(sending('failed')).toEqual(stops);
    expect(sending('cancelled')).toEqual(stops);
  });

  test('and took long is waited for from its end, though S3 dates the object by its beginning', () => {
    const hour = 3_600_000;
    const value = { ...UPLOAD, eTag: 'e1-9' };
    const upload = { kind: 'known', value } as const;
    const seen = facts({ upload, sentAt: at(hour), since: at(hour) });
    expect(stand(seen, at(hour + 100_000))).toMatchObject({ state: 'waiting' });
    expect(stand(seen, at(hour + 181_000))).toMatchObject({ why: 'noInvocation' });
    // Who looks later can't know when it was complete.
    const later = facts({ upload, since: at(hour) });
    expect(stand(later, at(hour + 10_000))).toMatchObject({ state: 'waiting' });
    expect(stand(later, at(hour + 21_000))).toMatchObject({ why: 'noInvocation' });
  });
});

describe('a story stops', () => {
  const of = (...entries: BucketNotification[]) =>
    stand(facts({ notifications: { kind: 'known', value: sends(...entries) } }));

  test('where there is no object, or it may not be looked at', () => {
    expect(stand(facts({ upload: { kind: 'missing' } }))).toMatchObject({ why: 'objectMissing' });
    const denied = { kind: 'denied', action: 's3:GetObject' } as const;
    expect(stand(facts({ upload: denied }))).toMatchObject({ state: 'unknown', isOver: true });
    expect(stand(facts({ notifications: denied }))).toMatchObject({ kind: 'event', why: 'denied' });
  });

  test('where no notification matches, and says in what each does not', () => {
    expect(of()).toMatchObject({ kind: 'event', state: 'failed', why: 'noNotifications' });
    const near = [
      notification({ suffix: '.JPG' }),
      notification({ prefix: 'out/' }),
      notification({ prefix: 'out/', suffix: '.png' }),
      notification({ events: ['s3:ObjectRemoved:*'] }),
    ];
    const given = facts({ notifications: { kind: 'known', value: sends(...near) } });
    const reason = buildStory(given, SOON).steps[1]?.reason;
    expect(reason?.kind === 'noneMatches' && reason.near.map(({ mismatch }) => mismatch)).toEqual([
      'suffix',
      'prefix',
      'prefixAndSuffix',
      'event',
    ]);
  });

  test('where the event goes elsewhere, or to a function that can’t run', () => {
    const queue = { kind: 'queue', arn: 'arn:aws:sqs:eu-central-1:111122223333:q' } as const;
    expect(of(notification({ destination: queue }))).toMatchObject({ why: 'otherDestination' });
    const toEventBridge = { notifications: [notification({ suffix: '.png' })], eventBridge: true };
    expect(stand(facts({ notifications: { kind: 'known', value: toEventBridge } }))).toMatchObject({
      ...{ kind: 'event', state: 'unknown', why: 'noneMatches', isOver: true },
    });
    // Those that send come first.
    expect(of(notification({ suffix: '.png' }), notification())).toMatchObject({
      kind: 'invocation',
    });
    const found = facts().function!;
    const function_ = (change: object) => stand(facts({ function: { ...found, ...change } }));
    expect(function_({ details: { kind: 'missing' } })).toMatchObject({ why: 'functionMissing' });
    expect(function_({ isPermitted: false })).toMatchObject({ why: 'notPermitted' });
    expect(function_({ reservedConcurrency: 0 })).toMatchObject({ why: 'nothingReserved' });
    const broken = { kind: 'known', value: { state: 'Failed', reason: 'role' } };
    expect(function_({ details: broken })).toMatchObject({ why: 'functionBroken' });
  });

  test('at a denied log, unless the resized object tells the rest', () => {
    const log = { kind: 'denied', action: 'logs:FilterLogEvents' } as const;
    expect(stand(facts({ log }))).toMatchObject({ kind: 'invocation', why: 'denied' });
    const told = buildStory(facts({ log, results: [{ ...RESULT, state: 'there' }] }), SOON);
    expect(told.steps[4]).toMatchObject({ state: 'done' });
    const waiting = buildStory(facts({ log, results: [{ ...RESULT, state: 'missing' }] }), SOON);
    expect(waiting.isOver).toBe(false);
  });

  test('where the log has nothing, unless a resized object was written since', () => {
    const expired = (state: 'there' | 'older') =>
      buildStory(facts({ since: LATE, results: [{ ...RESULT, state }] }), LATE);
    const written = expired('there');
    expect(written.steps.slice(3)).toMatchObject([
      { state: 'unknown', reason: { kind: 'noInvocation', isOld: false } },
      { state: 'done', at: RESULT.at },
    ]);
    expect(written.isOver).toBe(true);
    // It was made of an upload before this one.
    expect(expired('older').steps.slice(3)).toMatchObject([
      { state: 'failed', reason: { kind: 'noInvocation' } },
      { state: 'pending' },
    ]);
  });

  test('after the last attempt, and until then says when Lambda tries again', () => {
    const first = failing(700, 'error');
    const [, , , step] = buildStory(facts({ lines: first }), SOON).steps;
    expect(step).toMatchObject({
      state: 'waiting',
      reason: { kind: 'attemptFailed', attempt: 1, of: 3, next: at(61_600) },
    });
    const all = [...first, ...failing(61_600, 'error'), ...failing(182_500, 'timeout')];
    const last = buildStory(facts({ lines: all }), at(184_000)).steps[3];
    expect(last).toMatchObject({ state: 'failed', reason: { why: 'timedOut', attempt: 3, of: 3 } });
    const onFailure = 'arn:aws:sqs:eu-central-1:111122223333:lost';
    const once = { ...facts().function!, retries: 0, onFailure };
    const [, , , gaveUp] = buildStory(facts({ lines: first, function: once }), SOON).steps;
    expect(gaveUp).toMatchObject({ state: 'failed', reason: { of: 1, onFailure } });
    const twice = { ...once, retries: 1 };
    const [, , , tries] = buildStory(facts({ lines: first, function: twice }), SOON).steps;
    expect(tries).toMatchObject({ state: 'waiting', reason: { onFailure: undefined } });
  });

  test('where the function says why it resized nothing, or nothing is there to write to', () => {
    const told = { ...started, outcome: 'failed', errorType: 'NotAnImage', message: 'no picture' };
    const lines = [line(700, start(ONE)), line(800, said(800, ONE, told)), line(900, report(ONE))];
    const { steps, isOver } = buildStory(facts({ lines }), SOON);
    expect(steps[4]?.reason).toMatchObject({ kind: 'notResized', errorType: 'NotAnImage' });
    expect(isOver).toBe(true);
    const gone = facts({ lines: RUN, missingBucket: 'photos-resized' });
    expect(stand(gone)).toMatchObject({ kind: 'resized', why: 'bucketMissing' });
  });
});

describe('runs that name no object', () => {
  const unnamed = (id: string, ms: number, more = '') => [
    line(ms, start(id)),
    line(ms + 9, report(id, more)),
  ];
  const theirs = (lines: readonly LogLine[]) =>
    facts({ lines, function: { ...facts().function!, isOurs: false } });

  test('may be the one, where another function does not log what it works on', () => {
    const two = [...unnamed(ONE, 700), ...unnamed(TWO, 800)];
    const { steps, isOver } = buildStory(theirs(two), SOON);
    expect(steps[3]).toMatchObject({ state: 'unknown', reason: { kind: 'notNamed', count: 2 } });
    expect(steps[4]).toMatchObject({ state: 'unknown', reason: { kind: 'otherFunction' } });
    expect(isOver).toBe(true);
    // The resize function says at once what it works on: what is silent is about something else.
    expect(stand(facts({ lines: two }))).toMatchObject({ state: 'waiting' });
  });

  test('are the one, where there is only one and it failed before it could log anything', () => {
    const killed = unnamed(ONE, 700, 'Status: error\tError Type: Runtime.OutOfMemory\t');
    expect(buildStory(facts({ lines: killed }), SOON).steps[3]).toMatchObject({
      state: 'waiting',
      reason: { kind: 'attemptFailed', why: 'outOfMemory' },
    });
  });
});
