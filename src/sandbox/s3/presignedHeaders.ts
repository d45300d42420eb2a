import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from '../request.ts';
import { headerText } from './s3Call.ts';

/** Of the signature itself. */
const OF_SIGNATURE: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-signature',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

/** The headers that S3 also takes from a presigned URL although they aren't its own. */
const CONDITIONS: ReadonlySet<string> = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

/**
 * A checksum of the body that was signed before there was a body (the JavaScript SDK puts one of nothing
 * there): S3 signs it with the rest and does not look at it.
 */
const BODY_CHECKSUM = /^x-amz-(sdk-checksum-algorithm|checksum-(crc|sha|md5|xxhash).*)$/;

/**
 * A presigned call as if its query parameters had come as headers: SDKs put `x-amz-` headers into the
 * URL, and S3 honours them there, the source of a copy and conditions on writes included. A header that
 * was sent counts before a parameter.
 * @throws AwsError InvalidArgument when a parameter could be no header.
 */
export function withQueryHeaders<T extends Call>(call: T): T {
  if (!call.presigned) return call;
  const headers: IncomingHttpHeaders = {};
  for (const [parameter, text] of call.request.query.pairs) {
    const name = parameter.toLowerCase();
    if (standsForHeader(name)) headers[name] ??= headerText(parameter, text);
  }
  const { request } = call;
  return { ...call, request: { ...request, headers: { ...headers, ...request.headers } } };
}

function standsForHeader(name: string): boolean {
  if (CONDITIONS.has(name)) return true;
  return name.startsWith('x-amz-') && !OF_SIGNATURE.has(name) && !BODY_CHECKSUM.test(name);
}
