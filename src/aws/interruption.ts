import { BrigadeError, type ErrorCode } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

/** Only the user can end these: by signing in, correcting a file, connecting or freeing disk space. */
const NEED_USER: ReadonlySet<ErrorCode> = new Set([
  'CredentialsExpired',
  'CredentialsMissing',
  'Misconfigured',
  'NoConnection',
  'DiskFull',
]);

const INTERRUPTIONS: ReadonlySet<ErrorCode> = new Set([
  'Network',
  'Throttled',
  'CredentialsExpired',
  'CredentialsMissing',
  // The files are read again whenever they change: somebody is editing them.
  'Misconfigured',
  'DiskFull',
  'SandboxStopped',
  'SandboxFailed',
]);

/** Whether an error is temporary: the same work, continued later, may succeed. */
export function isInterruption(thrown: unknown): boolean {
  return INTERRUPTIONS.has(toBrigadeError(thrown).code);
}

/** Whether every other call would fail with the same error, until the user does something about it. */
export function isFatal(error: unknown): error is BrigadeError {
  return error instanceof BrigadeError && NEED_USER.has(error.code);
}

/**
 * Whether a task on many objects stops at an error instead of recording it for one object and
 * continuing with the next. `Network` and `Throttled` count, because a task has retried them for as
 * long as it retries anything.
 */
export function stopsTask(error: unknown): boolean {
  if (!(error instanceof BrigadeError)) return false;
  return error.code === 'Cancelled' || isFatal(error) || isInterruption(error);
}

/**
 * Whether reading several properties of one thing stops at an error instead of showing it for the
 * property. A throttled call stops nothing here: the next one may well succeed.
 */
export function stopsReading(error: unknown): boolean {
  if (!(error instanceof BrigadeError)) return false;
  return error.code === 'Cancelled' || error.code === 'Network' || isFatal(error);
}

/** What interrupted some work, and how far it came: plain JSON. */
export class InterruptedWork extends BrigadeError {
  readonly result: unknown;

  constructor(by: BrigadeError, result: unknown) {
    const { subject, awsCode, awsMessage, requestId, host, connection, reason, left, cause } = by;
    const details = { subject, awsCode, awsMessage, requestId, host, connection };
    super(by.code, by.message, { ...details, reason, left, cause });
    this.result = result;
  }
}
