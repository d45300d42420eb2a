import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  errorLines,
  failedLines,
  invocationLines,
  unfinished,
} from '../../../src/aws/functions/invocationLines.ts';

const ONE = '8f5cc0b4-5b0f-4a3b-9d8e-0123456789ab';
const TWO = '8f5cc0b4-5b0f-4a3b-9d8e-0123456789ac';

const line = (message: string, stream = 's') => ({
  timestamp: new Date('2026-11-22T10:00:00Z'),
  message,
  stream,
});
const ours = (id: string, level: string, key: string) =>
  `2026-11-22T10:00:00.000Z\t${id}\t${level}\t${JSON.stringify({ level, bucket: 'b', key })}`;
const keys = (...messages: string[]) =>
  invocationLines(messages.map(message => line(message))).map(({ key }) => key);

describe('what went wrong', () => {
  test('is said in a line for each invocation, the newest first, without what is around it', () => {
    const lines = invocationLines([
      line(`START RequestId: ${ONE}`),
      line(
        `2026-11-22T10:00:00.000Z\t${ONE}\tERROR\t${JSON.stringify({
          level: 'error',
          bucket: 'b',
          key: 'a.jpg',
          errorType: 'CorruptImage',
          message: 'The image cannot be decoded',
        })}`,
      ),
      line(`${ONE} Error: the same again`),
      line(`REPORT RequestId: ${ONE}`),
      line(`START RequestId: ${TWO}`),
      line(`2026-11-22T10:00:01.000Z ${TWO} Task timed out after 3.00 seconds`),
      line(`REPORT RequestId: ${TWO}`),
      line(`2026-11-22T10:00:02.000Z\tx\tERROR\tTypeError: x is not a function\n    at resize`),
    ]);
    expect(errorLines(lines).map(({ key, message }) => [key, message])).toEqual([
      [undefined, 'ERROR\tTypeError: x is not a function'],
      [undefined, `2026-11-22T10:00:01.000Z ${TWO} Task timed out after 3.00 seconds`],
      ['a.jpg', 'CorruptImage: The image cannot be decoded'],
    ]);
  });

  test('is read of Lambda’s own line about what a handler threw', () => {
    const thrown = { errorType: 'TypeError', errorMessage: 'no', stack: ['TypeError: no'] };
    const [error] = errorLines(
      invocationLines([line(`x\t${ONE}\tERROR\tInvoke Error \t${JSON.stringify(thrown)}`)]),
    );
    expect(error?.message).toBe('TypeError: no');
  });
});

describe('the object of a line', () => {
  test('is that of its invocation, whichever line says it', () => {
    const messages = [
      'INIT_START Runtime Version: nodejs:24',
      `START RequestId: ${ONE} Version: $LATEST`,
      ours(ONE, 'info', 'a b.jpg'),
      `END RequestId: ${ONE}`,
      `REPORT RequestId: ${ONE}\tDuration: 1 ms`,
    ];
    expect(keys(...messages)).toEqual([undefined, ...new Array<string>(4).fill('a b.jpg')]);
  });

  test('is known of lines without a request id, by what runs in their stream', () => {
    const lines = [
      line(`START RequestId: ${ONE}`, 's'),
      line(`START RequestId: ${TWO}`, 't'),
      line('TypeError: x is not a function\n    at resize', 's'),
      line(ours(ONE, 'error', 'one'), 's'),
      line(ours(TWO, 'info', 'two'), 't'),
      line(`REPORT RequestId: ${ONE}`, 's'),
      line('between two invocations', 's'),
    ];
    expect(invocationLines(lines).map(({ key }) => key)).toEqual([
      ...['one', 'two', 'one', 'one', 'two', 'one'],
      undefined,
    ]);
  });

  test('is read of Lambda’s JSON format too', () => {
    const message = JSON.stringify({ level: 'info', bucket: 'b', key: 'k' });
    expect(
      keys(
        JSON.stringify({ type: 'platform.start', record: { requestId: ONE } }),
        JSON.stringify({ level: 'INFO', requestId: ONE, message }),
      ),
    ).toEqual(['k', 'k']);
  });

  test('is not known of a function that logs none, or something else as its key', () => {
    expect(keys(`${ONE} {"key":"an idempotency key"}`, '{"bucket":1,"key":2}', '{')).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });

  test('may be several', () => {
    const messages = [`START RequestId: ${ONE}`, ours(ONE, 'info', 'a'), ours(ONE, 'info', 'b')];
    expect(keys(...messages)).toEqual(['a, b', 'a', 'b']);
  });
});

describe('what failed', () => {
  test('is shown as a whole: every line of an invocation with an error', () => {
    const lines = invocationLines([
      line(`START RequestId: ${ONE}`),
      line(ours(ONE, 'error', 'a')),
      line(`REPORT RequestId: ${ONE}\tStatus: error\tError Type: Runtime.ExitError`),
      line(`START RequestId: ${TWO}`),
      line(ours(TWO, 'info', 'my error.jpg')),
      line(`REPORT RequestId: ${TWO}\tDuration: 3 ms`),
    ]);
    expect(failedLines(lines)).toEqual(lines.slice(0, 3));
  });

  test.each([
    `2026-11-22T10:00:03.000Z ${ONE} Task timed out after 3.00 seconds`,
    `RequestId: ${ONE} Error: Runtime exited with error: signal: killed`,
    `[ERROR]\t2026-11-22T10:00:00.000Z\t${ONE}\tno`,
    '{"errorMessage":"no","errorType":"TypeError"}',
    '{"level": "error"}',
  ])('is known by %s', message => {
    expect(failedLines(invocationLines([line(message)]))).toHaveLength(1);
  });
});

test('what has begun and not ended is followed', () => {
  const messages = [
    `REPORT RequestId: ${TWO}`,
    `START RequestId: ${ONE} Version: $LATEST`,
    `START RequestId: ${TWO} Version: $LATEST`,
    `END RequestId: ${TWO}`,
    `REPORT RequestId: ${TWO}`,
  ];
  expect(unfinished(messages.map(message => line(message)))).toEqual([ONE]);
});

test('takes anything', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), messages => {
      const lines = invocationLines(messages.map(message => line(message)));
      expect(lines).toHaveLength(messages.length);
      expect(failedLines(lines).length).toBeLessThanOrEqual(lines.length);
    }),
  );
});
