import { BrigadeError } from '../aws/errors.ts';
import { isCancellation } from './cancellation.ts';
import { describeError } from './describeError.ts';

/** What is wrong in a message of a webview; it is refused and logged. */
export class WebviewMessageError extends Error {
  override readonly name = 'WebviewMessageError';
  /** Of the request, which is answered with the error. */
  readonly id: number | undefined;

  constructor(message: string, id?: unknown) {
    super(message);
    this.id = typeof id === 'number' ? id : undefined;
  }
}

export type Check = (value: unknown) => boolean;

/**
 * Checks a request of a webview: one of its page's methods, with parameters of the right shape.
 *
 * @throws WebviewMessageError with the request's number
 */
export function checkRequest(
  { id, method, params }: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, Check>>,
): void {
  if (!isRequestId(id) || typeof method !== 'string') {
    throw new WebviewMessageError('The request has no number or no method.');
  }
  const check = Object.hasOwn(parameters, method) ? parameters[method] : undefined;
  if (check === undefined) throw new WebviewMessageError(`There is no request ${method}.`, id);
  if (!check(params)) throw new WebviewMessageError(`Wrong parameters of ${method}.`, id);
}

/** Whether it is the number of a request. */
export function isRequestId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether it is an object each of whose members named here passes its check. */
export function shaped(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return isRecord(value) && Object.entries(checks).every(([name, check]) => check(value[name]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it can be a Region: it becomes part of hosts' names. */
export function isRegion(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9-]{1,63}$/.test(value);
}

/** An error as it is sent to a page: its code, and a sentence to show. */
export function errorReply(error: unknown): { readonly code: string; readonly message: string } {
  const code = error instanceof BrigadeError ? error.code : 'Unknown';
  return { code: isCancellation(error) ? 'Cancelled' : code, message: describeError(error) };
}
