import { BrigadeError, type ErrorCode } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

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

/** Whether what went wrong passes: the same work, continued later, may come to its end. */
export function isInterruption(thrown: unknown): boolean {
  return INTERRUPTIONS.has(toBrigadeError(thrown).code);
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
