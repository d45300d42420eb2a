import { decodeKey, readableKey } from './encodedKey.ts';
import type { Fault } from './fault.ts';
import { tooSlow } from './decodeFault.ts';
import { log } from './log.ts';
import { resizeObject } from './resizeObject.ts';
import type { Output, Tools } from './resizeObject.ts';
import { s3Fault } from './s3Fault.ts';

/** What happened to one object, as the function's result has it. */
export interface Outcome {
  readonly bucket: string;
  readonly key: string;
  readonly outcome: 'resized' | 'skipped' | 'failed';
  readonly outputs: readonly Output[];
  readonly errorType?: string;
  readonly message?: string;
}

/** An object as an event or a batch task names it. */
export interface EncodedSource {
  readonly bucket: string;
  readonly encodedKey: string;
  readonly versionId?: string | undefined;
}

/** Of Lambda's context, what is used. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Time that is kept for writing the result and answering. */
const RESERVED_SECONDS = 1;

/** Resizes an object, logs one line about it and tells what happened to it. */
export async function outcomeOf(
  tools: Tools,
  { bucket, encodedKey, versionId }: EncodedSource,
  invocation: Invocation,
): Promise<{ readonly result: Outcome; readonly fault?: Fault }> {
  const about = { requestId: invocation.awsRequestId };
  const key = readableKey(encodedKey);
  try {
    const source = { bucket, key: decodeKey(encodedKey), versionId };
    const outputs = await resizeObject(tools, source, () => secondsLeft(invocation));
    const result = { bucket, key, outcome: 'resized', outputs } as const;
    log('info', `Resized ${key}${firstOnly(outputs)}`, { ...about, ...result });
    return { result };
  } catch (error) {
    const fault = s3Fault(error, `resize ${key}`);
    const { name: errorType, message } = fault;
    const result = { bucket, key, outcome: 'failed', outputs: [], errorType, message } as const;
    log('error', message, { ...about, ...result, kind: fault.kind });
    return { result, fault };
  }
}

/**
 * Logs what is going to be worked on, before anything is read: an invocation that is killed or times out
 * says nothing later. The upload's ETag and version tell it from others of the same key.
 */
export function logStart(
  { bucket, encodedKey }: EncodedSource,
  upload: { readonly eTag?: string; readonly versionId?: string | undefined },
  invocation: Invocation,
): void {
  const key = readableKey(encodedKey);
  const { eTag, versionId } = upload;
  const about = { requestId: invocation.awsRequestId, bucket, key };
  log('info', `Resizing ${key}`, { ...about, outcome: 'started', eTag, versionId });
}

/** Tells that an object is none of the function's business. */
export function skipped(
  { bucket, encodedKey }: EncodedSource,
  message: string,
  invocation: Invocation,
): Outcome {
  const key = readableKey(encodedKey);
  const result = { bucket, key, outcome: 'skipped', outputs: [], message } as const;
  log('info', message, { requestId: invocation.awsRequestId, ...result });
  return result;
}

/** Said where a file holds several images and only its first was resized. */
export function firstOnly(outputs: readonly Output[]): string {
  return outputs.some(({ onlyFirst }) => onlyFirst) ? ' (only the first of its images)' : '';
}

/** @throws Fault `TooSlow` when there is no time left to begin with. */
function secondsLeft(invocation: Invocation): number {
  const seconds = Math.floor(invocation.getRemainingTimeInMillis() / 1000) - RESERVED_SECONDS;
  if (seconds < 1) throw tooSlow('no time is left');
  // sharp takes whole seconds up to an hour, and 0 for no limit.
  return Math.min(seconds, 3600);
}
