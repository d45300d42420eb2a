import { BrigadeError, type ErrorCode } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

/** Every function that talks to AWS takes these; the signal reaches the request. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * Runs a call and lets only a BrigadeError out.
 *
 * @param subject what it is about: a bucket, an S3 URI, a job id …
 * @throws BrigadeError `Cancelled` whenever the signal has been aborted, for a request that is cut
 *   off fails in many ways.
 */
export async function call<T>(
  subject: string,
  options: CallOptions,
  run: () => Promise<T>,
): Promise<T> {
  try {
    options.signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw callError(error, subject, options);
  }
}

/**
 * The same, naming the permission that a denied call needs: S3's refusals often do not.
 *
 * @param action `s3:CreateBucket` …
 */
export async function callWithAction<T>(
  action: string,
  subject: string,
  options: CallOptions,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await call(subject, options, run);
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied' || error.action) {
      throw error;
    }
    const { message, awsCode, awsMessage, requestId, cause } = error;
    throw new BrigadeError('AccessDenied', message, {
      ...{ subject, awsCode, awsMessage, requestId, cause },
      action,
    });
  }
}

/** `call` for generators, which cannot be wrapped by a function. */
export function callError(error: unknown, subject: string, options: CallOptions): BrigadeError {
  if (options.signal?.aborted && !isTimeout(options.signal.reason)) {
    return new BrigadeError('Cancelled', 'Cancelled', { subject, cause: error });
  }
  return toBrigadeError(error, subject);
}

/**
 * Answers something else instead of failing with one of these codes: what is not there, or may not
 * be looked at, is often an answer too. Any other error is thrown on.
 */
export async function recoverFrom<T, U>(
  codes: readonly ErrorCode[],
  otherwise: U,
  run: () => Promise<T>,
): Promise<T | U> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BrigadeError && codes.includes(error.code)) return otherwise;
    throw error;
  }
}

/**
 * Waits for work that is shared with others: the signal ends only the waiting.
 *
 * @throws BrigadeError `Cancelled` when the signal aborts; its TimeoutError where it is of a time
 *   limit; else what the promise rejects with.
 */
export async function raceAbort<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return await promise;
  const cancelled = (): Error =>
    isTimeout(signal.reason) ? signal.reason : new BrigadeError('Cancelled', 'Cancelled');
  if (signal.aborted) {
    // Nobody waits for it any more; its own failure is no unhandled one.
    promise.catch(() => undefined);
    throw cancelled();
  }
  return await new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function isTimeout(reason: unknown): reason is Error {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
