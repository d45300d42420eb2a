import type { ErrorCode } from '../errors.ts';

/** Every other object would meet them too: a task stops, and goes on when they are over. */
export const ENDS_ALL: ReadonlySet<ErrorCode> = new Set([
  'Cancelled',
  'CredentialsExpired',
  'CredentialsMissing',
  'Misconfigured',
  'NoConnection',
  'Network',
  'Throttled',
  'DiskFull',
]);
