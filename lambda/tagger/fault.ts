import type { S3Error } from '../s3/s3Error.ts';

/**
 * Why a task failed. S3 Batch Operations retries a task after a temporary fault; a permanent one is a
 * failed row of the report. Its `name` is the code in that row.
 */
export class Fault extends Error {
  readonly isTemporary: boolean;

  constructor(isTemporary: boolean, name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.isTemporary = isTemporary;
    this.name = name;
  }
}

/** A fault that a retry won't fix. */
export function permanent(name: string, message: string): Fault {
  return new Fault(false, name, message);
}

/** A fault that a retry may get past. */
export function temporary(name: string, message: string, options?: ErrorOptions): Fault {
  return new Fault(true, name, message, options);
}

/** S3 answers these with a status that would say something else. */
const TEMPORARY =
  /^(RequestTimeout|RequestTimeTooSkewed|OperationAborted|ConditionalRequestConflict|ExpiredToken|SlowDown)$/;

/** What an error of an S3 call means: what the network failed with may be over soon. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { name, message, status } = error as Partial<S3Error> & Error;
  const isTemporary =
    status === undefined || status === 429 || status >= 500 || TEMPORARY.test(name);
  return new Fault(isTemporary, name, `${message}${hint(name)}`, { cause: error });
}

function hint(name: string): string {
  return name === 'AccessDenied'
    ? " (the tagger's role lacks it, or the bucket's policy denies it)"
    : '';
}
