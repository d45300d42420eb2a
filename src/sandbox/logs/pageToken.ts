import { decodeToken, encodeToken } from '../opaqueToken.ts';
import { invalidParameter } from './logsErrors.ts';

/** AWS's tokens expire after 24 hours (FilterLogEvents). */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/** A token for the next page of one request. */
export function writeToken(request: unknown, position: unknown, now: Date): string {
  return encodeToken([JSON.stringify(request), position, now.getTime()]);
}

/**
 * The position that an answer to the same request held.
 * @param isPosition whether it can be one: a token may be anyone's
 * @throws AwsError InvalidParameterException when it did not, or longer than a day ago
 */
export function readToken<Position>(
  token: string,
  request: unknown,
  now: Date,
  isPosition: (value: unknown) => value is Position,
): Position {
  const parsed = decodeToken(token);
  if (Array.isArray(parsed)) {
    const [forRequest, position, written] = parsed as unknown[];
    const fresh = typeof written === 'number' && now.getTime() - written <= LIFETIME_MS;
    if (fresh && forRequest === JSON.stringify(request) && isPosition(position)) return position;
  }
  throw invalidParameter('The specified nextToken is invalid.');
}
