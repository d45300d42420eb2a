import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { isNotOffered } from './bucketRules.ts';

const TRIES = 4;
/** Milliseconds before the second try; doubled for each further one. */
const FIRST_PAUSE = 100;

/**
 * Sends a write with a condition again when S3 could not decide it, for another write of the same key
 * was under way: 409 ConditionalRequestConflict, which AWS asks to retry ("Add preconditions to S3
 * operations with conditional requests").
 */
export async function retryConflicts<T>(options: CallOptions, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === TRIES || !isUndecided(error)) throw error;
      await sleep(FIRST_PAUSE * 2 ** (attempt - 1), undefined, { signal: options.signal });
    }
  }
}

function isUndecided(error: unknown): boolean {
  return error instanceof BrigadeError && error.awsCode === 'ConditionalRequestConflict';
}

/** Whether a condition of the request did not hold. */
export function isPreconditionFailed(error: unknown): boolean {
  return error instanceof BrigadeError && error.awsCode === 'PreconditionFailed';
}

/**
 * Says of a service that refuses conditions that it does; any other error comes back as it is, but
 * that something is there where nothing was to be.
 *
 * @param isNew whether the write was one of an object that is not there yet
 */
export function toConditionError(error: unknown, subject: string, isNew = false): unknown {
  if (isNew && error instanceof BrigadeError && isPreconditionFailed(error)) {
    const { message, awsCode, awsMessage, requestId } = error;
    return new BrigadeError('Conflict', message, {
      ...{ subject, awsCode, awsMessage, requestId, cause: error, reason: 'Exists' },
    });
  }
  if (!isNotOffered(error)) return error;
  return new BrigadeError('InvalidInput', 'The service knows no conditional writes', {
    subject,
    reason: 'NoConditions',
    cause: error,
  });
}
