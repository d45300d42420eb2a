import type { Fault } from './fault.ts';
import { log } from './log.ts';
import { resizeObject } from './resizeObject.ts';
import type { Output, Tools } from './resizeObject.ts';
import { s3Fault } from './s3Fault.ts';
import type { Source } from './source.ts';

/** What became of one object, as the function's result has it. */
export interface Outcome {
  readonly bucket: string;
  readonly key: string;
  readonly outcome: 'resized' | 'skipped' | 'failed';
  readonly outputs: readonly Output[];
  readonly errorType?: string;
  readonly message?: string;
}

/** Of Lambda's context, what is used. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Time that is kept for writing the result and answering. */
const RESERVED_SECONDS = 1;

/** Resizes an object, logs one line about it and tells what became of it. */
export async function outcomeOf(
  tools: Tools,
  source: Source,
  invocation: Invocation,
): Promise<{ readonly result: Outcome; readonly fault?: Fault }> {
  const { bucket, key } = source;
  const about = { requestId: invocation.awsRequestId };
  try {
    const outputs = await resizeObject(tools, source, secondsLeft(invocation));
    const result = { bucket, key, outcome: 'resized', outputs } as const;
    log('info', `Resized ${key}`, { ...about, ...result });
    return { result };
  } catch (error) {
    const fault = s3Fault(error, `resize ${key}`);
    const { name: errorType, message } = fault;
    const result = { bucket, key, outcome: 'failed', outputs: [], errorType, message } as const;
    log('error', message, { ...about, ...result, kind: fault.kind });
    return { result, fault };
  }
}

/** Tells that an object is none of the function's business. */
export function skipped(source: Source, message: string, invocation: Invocation): Outcome {
  const { bucket, key } = source;
  const result = { bucket, key, outcome: 'skipped', outputs: [], message } as const;
  log('info', message, { requestId: invocation.awsRequestId, ...result });
  return result;
}

function secondsLeft(invocation: Invocation): number {
  const seconds = Math.floor(invocation.getRemainingTimeInMillis() / 1000) - RESERVED_SECONDS;
  // sharp takes whole seconds up to an hour, and 0 for no limit.
  return Math.min(Math.max(seconds, 1), 3600);
}
