import type { ErrorCode } from '../errors.ts';

/** Errors that every other object would meet too: a task stops, and continues when they are over. */
export const FATAL_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'Cancelled',
  'CredentialsExpired',
  'CredentialsMissing',
  'Misconfigured',
  'NoConnection',
  'Network',
  'Throttled',
  'DiskFull',
]);
