import { describe, expect, test } from 'vitest';
import { attemptsAbout, attemptsIn, outcomeOf } from '../../../../src/aws/objectStory/attempts.ts';
import {
  at,
  end,
  INIT,
  INIT_START,
  jsonLog,
  line,
  ONE,
  OTHER_STREAM,
  report,
  resized,
  said,
  start,
  started,
  TWO,
  XRAY,
} from './recordedLogs.ts';

const UPLOAD = { bucket: 'photos', key: 'in/my cat.jpg', eTag: 'e1' };
const FIGURES = {
  durationMs: 812.37,
  billedMs: 1127,
  memoryMegabytes: 512,
  maxMemoryMegabytes: 131,
};

describe('a run', () => {
  test('is told with what Lambda measured, cold with its initialization and its trace', () => {
    const [attempt, ...others] = attemptsIn([
      line(0, INIT_START),
      line(320, start(ONE)),
      line(400, said(400, ONE, started)),
      line(1100, said(1100, ONE, resized)),
      line(1132, end(ONE)),
      line(1132, report(ONE, INIT) + XRAY),
    ]);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      ...{ requestId: ONE, number: 1, status: 'succeeded', isCold: true },
      ...{ startedAt: at(320), endedAt: at(1132) },
      report: { ...FIGURES, initMs: 313.61, traceId: '1-6741a2b3-0123456789abcdef01234567' },
    });
    expect(attempt?.lines.map(({ message }) => message.split(' ')[0])).toHaveLength(6);
    expect(outcomeOf([attempt!], UPLOAD)).toMatchObject(resized);
  });

  test('is told alike from the JSON format, whose lines hold the function’s as a text', () => {
    const [attempt, ...others] = attemptsIn(jsonLog(ONE, resized));
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      ...{ requestId: ONE, status: 'succeeded', isCold: true, startedAt: at(320) },
      report: {
        ...{ ...FIGURES, durationMs: 812.371, initMs: 313.608 },
        traceId: '1-6741a2b3-0123456789abcdef01234567',
      },
    });
    expect(attempt?.report.status).toBeUndefined();
    expect(outcomeOf([attempt!], UPLOAD)?.outputs).toHaveLength(1);
  });

  test('in a warm environment is no cold start, and one under way is told as far as it is', () => {
    const warm = [line(0, start(ONE)), line(9, end(ONE)), line(9, report(ONE))];
    expect(attemptsIn(warm)).toMatchObject([{ isCold: false, status: 'succeeded' }]);
    const running = attemptsIn([line(20, INIT_START), line(40, start(TWO))]);
    expect(running).toMatchObject([{ isCold: true, status: 'running', requestId: TWO }]);
    const [unclear] = attemptsIn([line(0, start(ONE)), line(4, 'a line without an id')]);
    expect(unclear?.isCold).toBeUndefined();
    expect(unclear?.endedAt).toBeUndefined();
    expect(unclear?.lines).toHaveLength(2);
  });

  test('is told from those that run beside it, by its stream where a line has no id', () => {
    const attempts = attemptsIn([
      line(0, start(ONE)),
      line(1, start(TWO), OTHER_STREAM),
      line(2, 'of one'),
      line(3, 'of two', OTHER_STREAM),
      line(4, said(4, ONE, resized)),
      line(5, report(TWO), OTHER_STREAM),
      line(6, report(ONE)),
    ]);
    expect(attempts.map(({ requestId, lines }) => [requestId, lines.length])).toEqual([
      [ONE, 4],
      [TWO, 3],
    ]);
    expect(attemptsAbout(attempts, UPLOAD).map(({ requestId }) => requestId)).toEqual([ONE]);
  });

  test('that Lambda retried is another one of its request id, in any stream', () => {
    const thrown = JSON.stringify({ errorType: 'AccessDenied', errorMessage: 'no', stack: [] });
    const attempts = attemptsIn([
      line(0, start(ONE)),
      line(1, said(1, ONE, started)),
      line(2, `${at(2).toISOString()}\t${ONE}\tERROR\tInvoke Error \t${thrown}`),
      line(3, end(ONE)),
      line(3, report(ONE, 'Status: error\tError Type: AccessDenied\t')),
      line(60_000, start(ONE), OTHER_STREAM),
      line(60_900, report(ONE), OTHER_STREAM),
    ]);
    const failed = { status: 'failed', errorType: 'AccessDenied', errorMessage: 'no' };
    expect(attempts).toMatchObject([
      { number: 1, ...failed },
      { number: 2, status: 'succeeded' },
    ]);
    expect(attemptsAbout(attempts, UPLOAD)).toHaveLength(2);
  });
});

describe('a run that failed', () => {
  const statusOf = (...messages: string[]) =>
    attemptsIn([start(ONE), ...messages].map((message, index) => line(index, message)))[0];

  test('timed out, whether Lambda says so before or after its report', () => {
    const late = `${at(0).toISOString()} ${ONE} Task timed out after 3.00 seconds\n\n`;
    const status = 'Status: timeout\t';
    expect(statusOf(late, end(ONE), report(ONE, status))?.status).toBe('timedOut');
    expect(statusOf(end(ONE), report(ONE), late)?.status).toBe('timedOut');
    expect(statusOf(report(ONE, status))?.status).toBe('timedOut');
  });

  test('ran out of memory, by Lambda’s word, by V8’s, or by what the kernel leaves', () => {
    const killed = `RequestId: ${ONE} Error: Runtime exited with error: signal: killed\nRuntime.ExitError`;
    const full = report(ONE).replace('131 MB', '512 MB');
    const oom = 'Status: error\tError Type: Runtime.OutOfMemory\t';
    const heap =
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
    expect(statusOf(report(ONE, oom))?.status).toBe('outOfMemory');
    expect(statusOf(killed, full)?.status).toBe('outOfMemory');
    expect(statusOf(heap, report(ONE))?.status).toBe('outOfMemory');
    expect(statusOf(killed, report(ONE))).toMatchObject({
      ...{ status: 'failed', errorType: 'Runtime.ExitError' },
      errorMessage: 'Runtime exited with error: signal: killed',
    });
  });

  test('threw, also where the report of an older Lambda does not say so', () => {
    const thrown = JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is not a function' });
    const message = `${at(1).toISOString()}\t${ONE}\tERROR\tInvoke Error \t${thrown}`;
    const told = { status: 'failed', errorType: 'TypeError', errorMessage: 'x is not a function' };
    expect(statusOf(message, report(ONE))).toMatchObject(told);
    // What a function logs of an error that it has dealt with ends nothing.
    expect(statusOf(said(1, ONE, { errorMessage: 'no' }), report(ONE))?.status).toBe('succeeded');
  });
});

describe('the object that a run is about', () => {
  const about = (message: string, upload = UPLOAD) =>
    attemptsAbout(attemptsIn([line(0, start(ONE)), line(1, message)]), upload).length === 1;
  const event = (key: string, more = {}) =>
    `INFO ${JSON.stringify({
      Records: [{ s3: { bucket: { name: 'photos' }, object: { key, ...more } } }],
    })}`;

  test('is read from an event of S3 that a function logged, with its encoded key', () => {
    expect(about(event('in/my+cat.jpg'))).toBe(true);
    expect(about(event('in/my+cat.jpg', { eTag: 'e1' }))).toBe(true);
    expect(about(event('in/my+cat.jpg', { eTag: 'of an upload before' }))).toBe(false);
    expect(about(event('in/my+dog.jpg'))).toBe(false);
  });

  test('is told by its version where both have one', () => {
    const mention = said(0, ONE, { ...started, eTag: 'e1', versionId: 'v1' });
    expect(about(mention, { ...UPLOAD, versionId: 'v1' } as typeof UPLOAD)).toBe(true);
    expect(about(mention, { ...UPLOAD, versionId: 'v2' } as typeof UPLOAD)).toBe(false);
  });

  test('is found in words, and is no part of a longer key', () => {
    expect(about('Processing s3://photos/in/my cat.jpg')).toBe(true);
    expect(about('Processing "in/my+cat.jpg"')).toBe(true);
    expect(about('Processing s3://photos/also/in/my cat.jpg')).toBe(false);
    expect(about('Wrote in/my cat.jpg.bak')).toBe(true);
    expect(about('nothing of it')).toBe(false);
  });
});
