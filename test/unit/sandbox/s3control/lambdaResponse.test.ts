import { describe, expect, it } from 'vitest';
import { readLambdaResponse } from '../../../../src/sandbox/s3control/tasks/invokeTask.ts';

const ASKED = { schemaVersion: '1.0', invocationId: 'i', taskId: 't' };
const INVALID = { code: 'PermanentFailure', message: 'Invalid JSON returned in Lambda payload' };

function read(answer: unknown): ReturnType<typeof readLambdaResponse> {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return readLambdaResponse(Buffer.from(text), false, ASKED);
}

function answer(changes: object = {}, result: object = {}): object {
  return {
    invocationSchemaVersion: '1.0',
    treatMissingKeysAs: 'TemporaryFailure',
    invocationId: 'i',
    results: [{ taskId: 't', resultCode: 'Succeeded', resultString: 'fine', ...result }],
    ...changes,
  };
}

describe("a function's answer to a batch job", () => {
  it.each(['Succeeded', 'TemporaryFailure', 'PermanentFailure'])('may be %s', resultCode => {
    expect(read(answer({}, { resultCode }))).toEqual({ code: resultCode, message: 'fine' });
  });

  it('may leave its words out', () => {
    expect(read(answer({}, { resultString: undefined })).message).toBe('');
    expect(read(answer({}, { resultString: null })).message).toBe('');
  });

  it('speaks of missing tasks by treatMissingKeysAs', () => {
    expect(read(answer({ results: [] })).code).toBe('TemporaryFailure');
    expect(read(answer({}, { taskId: 'other' })).code).toBe('TemporaryFailure');
    expect(read(answer({ results: [], treatMissingKeysAs: undefined })).code).toBe(
      'PermanentFailure',
    );
  });

  it.each([
    ['no JSON', 'Succeeded'],
    ['nothing', ''],
    ['null', null],
    ['a list', []],
    ['a result of S3 events', { results: [{ bucket: 'b', key: 'k', outcome: 'resized' }] }],
    ['another version', answer({ invocationSchemaVersion: '2.0' })],
    ['another invocation', answer({ invocationId: 'other' })],
    ['an unknown code', answer({}, { resultCode: 'Done' })],
    ['an unknown treatment', answer({ treatMissingKeysAs: 'Ignore' })],
    ['no results', answer({ results: undefined })],
    ['words that are none', answer({}, { resultString: 5 })],
  ])('is invalid as %s', (_what, text) => {
    expect(read(text)).toEqual(INVALID);
  });

  it('is an error when the function failed', () => {
    const payload = Buffer.from('{"errorMessage":"no"}');
    expect(readLambdaResponse(payload, true, ASKED)).toEqual({
      code: 'PermanentFailure',
      message: 'Lambda returned function error: {"errorMessage":"no"}',
    });
  });
});
