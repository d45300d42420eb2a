import { expect, describe, it } from 'vitest';
import { BrigadeError, type ErrorCode } from '../../../src/aws/errors.ts';
import { isFatal, isInterruption, stopsReading, stopsTask } from '../../../src/aws/interruption.ts';

/** The four answers, in this order: is fatal, is an interruption, stops a task, stops reading. */
const ANSWERS = {
  NoConnection: 'fatal, stops task, stops reading',
  Cancelled: 'stops task, stops reading',
  Network: 'interruption, stops task, stops reading',
  NotAws: '',
  NoService: '',
  CredentialsExpired: 'fatal, interruption, stops task, stops reading',
  CredentialsMissing: 'fatal, interruption, stops task, stops reading',
  Misconfigured: 'fatal, interruption, stops task, stops reading',
  AccessDenied: '',
  NotFound: '',
  Conflict: '',
  Throttled: 'interruption, stops task',
  InvalidInput: '',
  DiskFull: 'fatal, interruption, stops task, stops reading',
  LinkInTheWay: '',
  SandboxFailed: 'interruption, stops task',
  SandboxStopped: 'interruption, stops task',
  SandboxFolder: '',
  FunctionFailed: '',
  RoleNotReady: '',
  UndoIncomplete: '',
  Unknown: '',
} as const satisfies Record<ErrorCode, string>;

function answersFor(error: unknown): string {
  const answers = {
    fatal: isFatal(error),
    interruption: isInterruption(error),
    'stops task': stopsTask(error),
    'stops reading': stopsReading(error),
  };
  return Object.entries(answers)
    .filter(([, answer]) => answer)
    .map(([name]) => name)
    .join(', ');
}

describe('an error of one of many calls', () => {
  it.each(Object.entries(ANSWERS))('%s: %s', (code, answers) => {
    expect(answersFor(new BrigadeError(code as ErrorCode, 'for a test'))).toBe(answers);
  });

  it('is none of these when it is a fault of ours', () => {
    expect(answersFor(new TypeError('x is not a function'))).toBe('');
  });
});
