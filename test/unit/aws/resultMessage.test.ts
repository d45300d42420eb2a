import { describe, expect, it } from 'vitest';
import { kindOfMessage, readableMessage } from '../../../src/aws/batchJobs/resultMessage.ts';

const error = (value: object) => `Lambda returned function error: ${JSON.stringify(value)}`;

describe('readableMessage', () => {
  it.each([
    ['Successful', 'Successful'],
    ['NotAnImage: no image', 'NotAnImage: no image'],
    [
      error({ errorType: 'TypeError', errorMessage: 'x is null', trace: [] }),
      'TypeError: x is null',
    ],
    [
      error({ errorMessage: 'Task timed out after 3.00 seconds' }),
      'Task timed out after 3.00 seconds',
    ],
    [error({ stack: 'no message' }), error({ stack: 'no message' })],
    [
      'Lambda returned function error: {"errorMessage":"cut',
      'Lambda returned function error: {"errorMessage":"cut',
    ],
    ['Lambda returned function error: null', 'Lambda returned function error: null'],
  ])('%s', (message, readable) => expect(readableMessage(message)).toBe(readable));
});

describe('kindOfMessage', () => {
  const kind = (message: string, key = '') => kindOfMessage(message, [key]);

  it('is the same whatever object, request or time a failure is of', () => {
    const timeout = (id: string, seconds: string) =>
      error({
        errorType: 'Sandbox.Timedout',
        errorMessage: `2026-11-22T17:48:39.725Z ${id} Task timed out after ${seconds} seconds`,
      });
    expect(kind(timeout('00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c', '3.00'))).toBe(
      kind(timeout('11e123a4-c0d8-41f4-a0eb-b46f9ba5b07d', '60.00')),
    );
    expect(kind('Could not resize a/1.png: gone', 'a/1.png')).toBe(
      kind('Could not resize b.jpg: gone', 'b.jpg'),
    );
    expect(kind('Access Denied', 'e')).toBe(kind('Access Denied', 'c+(d'));
    expect(kind('The image has 900,000,000 pixels')).toBe(kind('The image has 12 pixels'));
  });

  it('differs where the reason does', () => {
    expect(kind('EmptyObject: The object has no bytes')).not.toBe(
      kind('NotAnImage: The object is not an image'),
    );
  });
});
