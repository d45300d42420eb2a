import { describe, expect, it } from 'vitest';
import {
  isHandler,
  isRuntime,
  RUNTIMES,
  suggestedFunctionName,
  usualHandler,
} from '../../../src/resize/createFunction/draft.ts';
import { isFunctionName } from '../../../src/aws/functionArn.ts';

describe('a function made from a zip', () => {
  it.each([
    ['function.zip', 'ImageResizeFunction'],
    ['builds/42/resize images v2.ZIP', 'resize-images-v2'],
    ['ü.zip', 'ImageResizeFunction'],
    [`${'long'.repeat(40)}.zip`, 'long'.repeat(16)],
  ])('%s is called %s', (key, name) => {
    expect(suggestedFunctionName(key)).toBe(name);
    expect(isFunctionName(name)).toBe(true);
  });

  it.each(['', 'a b', 'a.b', 'x'.repeat(65)])('is not called %j', name => {
    expect(isFunctionName(name)).toBe(false);
  });

  it('has a handler that Lambda takes in each runtime that is offered', () => {
    for (const runtime of RUNTIMES) {
      expect(isRuntime(runtime), runtime).toBe(true);
      expect(isHandler(usualHandler(runtime)), runtime).toBe(true);
    }
    expect(usualHandler('nodejs22.x')).toBe('index.handler');
    expect(usualHandler('python3.13')).toBe('lambda_function.lambda_handler');
  });

  it.each(['node', 'cobol85', 'nodejs 24', ''])('does not run in %j', text => {
    expect(isRuntime(text)).toBe(false);
  });
});
