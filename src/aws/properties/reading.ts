import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { stopsReading } from '../interruption.ts';
import { isNotOffered } from '../objects/rewrite/bucketRules.ts';

/** What is known of one property. Each has its own request, and so its own way to fail. */
export type Reading<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** Nobody has configured it. */
  | { readonly kind: 'none' }
  /** The caller may not read it. */
  | { readonly kind: 'denied'; readonly action: string }
  /** The service, one that speaks S3 in part, has no such thing. */
  | { readonly kind: 'notOffered' }
  | { readonly kind: 'failed'; readonly error: BrigadeError };

/** A property that is asked for by a request of its own. */
export interface Question<T> {
  /** The permission it takes: `s3:GetBucketCORS` … */
  readonly action: string;
  /** The bucket or object that it is about, as errors name it. */
  readonly subject: string;
  /** Resolves to undefined where the answer says that nothing is configured. */
  readonly ask: () => Promise<T | undefined>;
}

/**
 * Asks for one property; what keeps it from being read is part of the answer.
 *
 * @throws BrigadeError `Cancelled`, for what is called off, and what all requests would meet:
 *   expired credentials, no network
 */
export async function readProperty<T>(
  { action, subject, ask }: Question<T>,
  options: CallOptions,
): Promise<Reading<T>> {
  try {
    const value = await callWithAction(action, subject, options, ask);
    return value === undefined ? { kind: 'none' } : { kind: 'known', value };
  } catch (error) {
    if (!(error instanceof BrigadeError) || stopsReading(error)) throw error;
    if (isUnconfigured(error)) return { kind: 'none' };
    if (isUnknownHere(error)) return { kind: 'notOffered' };
    if (error.code === 'AccessDenied') return { kind: 'denied', action: error.action ?? action };
    return { kind: 'failed', error };
  }
}

/**
 * There is no such configuration: `NoSuchCORSConfiguration`, `NoSuchTagSet`,
 * `ServerSideEncryptionConfigurationNotFoundError` … (Amazon S3 API reference, "Error responses").
 */
function isUnconfigured({ awsCode = '', awsMessage = '' }: BrigadeError): boolean {
  if (/NotFoundError$|^NoSuch(TagSet|BucketPolicy|.*Configuration)/.test(awsCode)) return true;
  // Of an object in a bucket without Object Lock there is no code of its own.
  return awsCode === 'InvalidRequest' && /object lock/i.test(awsMessage);
}

function isUnknownHere(error: BrigadeError): boolean {
  // One that minds no `?attributes` answers with the object itself.
  const isOtherAnswer = error.code === 'NoService' || error.code === 'NotAws';
  return isOtherAnswer || isNotOffered(error) || STATUSES.has(statusOf(error));
}

/** Not implemented, method not allowed: other services' refusals need not have a code. */
const STATUSES: ReadonlySet<number> = new Set([405, 501]);

function statusOf({ cause }: BrigadeError): number {
  const { $metadata } = (cause ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? 0;
}
