import { AwsError } from '../errors.ts';
import type { Call, SandboxRequest, SandboxResponse } from '../request.ts';
import { decodeUri } from '../uri.ts';
import { xmlDocument } from '../xml.ts';
import type { S3Context } from './s3Context.ts';
import type { Bucket } from './store/buckets.ts';
import { invalidArgument, noSuchBucket } from './errors.ts';

/** A call with the bucket and the key it is about; empty when it has none. */
export interface S3Call extends Call {
  readonly bucket: string;
  readonly key: string;
}

export type S3Operation = (
  context: S3Context,
  call: S3Call,
) => SandboxResponse | Promise<SandboxResponse>;

/**
 * A group of operations: `<method> <service|bucket|object> [subresource] [x-amz-copy-source]` → the
 * operation's name in the S3 API and its function.
 */
export type RouteTable = Readonly<Record<string, readonly [name: string, operation: S3Operation]>>;

const MAX_KEY_BYTES = 1024;

/**
 * Splits a request's path into bucket and key.
 * @throws AwsError KeyTooLongError, InvalidURI.
 */
export function readResource(
  request: Pick<SandboxRequest, 'rawPath'>,
  virtualBucket: string | undefined,
): { bucket: string; key: string } {
  const path = request.rawPath.slice(1);
  if (virtualBucket !== undefined) return { bucket: virtualBucket, key: readKey(path) };
  const slash = path.indexOf('/');
  if (slash === -1) return { bucket: decodeUri(path), key: '' };
  return { bucket: decodeUri(path.slice(0, slash)), key: readKey(path.slice(slash + 1)) };
}

function readKey(raw: string): string {
  const key = decodePlus(raw);
  checkKey(key);
  return key;
}

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return;
  throw new AwsError('KeyTooLongError', 400, 'Your key is too long', {
    Size: String(size),
    MaxSizeAllowed: String(MAX_KEY_BYTES),
  });
}

/** S3 takes a bare `+` of a path for a space, as in a form; SDKs send `%2B` for one in a key. */
export function decodePlus(text: string): string {
  return decodeUri(text.replaceAll('+', ' '));
}

/** The ARN of a bucket or, with a key, of an object. */
export function s3Arn(bucket: string, key?: string): string {
  return key === undefined ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
}

/** @throws AwsError NoSuchBucket */
export function findBucket(context: Pick<S3Context, 's3'>, name: string): Bucket {
  const bucket = context.s3.buckets.find(name);
  if (!bucket) throw noSuchBucket(name);
  return bucket;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An answer of one XML document. */
export function xmlAnswer(root: string, ...children: readonly string[]): SandboxResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(root, NAMESPACE, ...children),
  };
}

/**
 * The text of a query parameter as the header it stands for. Header bytes are Latin-1 to Node; text in
 * them is UTF-8.
 * @throws AwsError InvalidArgument for what would end the header, or can't be one's name.
 */
export function headerText(name: string, text: string): string {
  if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(name) && !CONTROL.test(text)) {
    return Buffer.from(text, 'utf8').toString('latin1');
  }
  throw invalidArgument('The parameter is not valid as a header.', name, text);
}

const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const LATIN1 = /^[\t\u0020-\u007e\u00a0-\u00ff]*$/;

/**
 * The text of a parameter such as `response-content-type`, which S3 gives back as a header.
 * @throws AwsError InvalidArgument, in S3's words, when it is not Latin-1.
 */
export function latin1Header(name: string, text: string): string {
  if (LATIN1.test(text)) return text;
  throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, text);
}
