import { AwsError } from '../../errors.ts';
import type { Call } from '../../request.ts';
import { header } from '../../request.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { latin1Header } from '../s3Call.ts';
import { checksumHeader } from '../checksums.ts';
import type { ObjectProperties } from '../store/objectProperties.ts';
import type { Tag } from '../tags.ts';
import type { ObjectVersion } from '../store/versions.ts';
import { decodedWord, encodedWord } from './encodedWord.ts';
import { REDIRECT } from './redirect.ts';

/** Standard headers that S3 keeps with an object and gives back. */
const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  REDIRECT,
] as const;

const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

const MAX_METADATA_BYTES = 2048;
const META = 'x-amz-meta-';

/** Everything a client may say about an object besides its bytes. */
export function readProperties(call: Call): ObjectProperties {
  return {
    headers: readKeptHeaders(call),
    metadata: readMetadata(call),
    tags: readTaggingHeader(call),
    storageClass: readStorageClass(call),
  };
}

function readKeptHeaders(call: Call): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = header(call.request, name);
    if (value !== undefined) kept[name] = value;
  }
  const encoding = withoutAwsChunked(kept['content-encoding']);
  if (encoding === undefined) delete kept['content-encoding'];
  else kept['content-encoding'] = encoding;
  return { 'content-type': 'binary/octet-stream', ...kept };
}

/** aws-chunked is the transfer's, not the object's; what stands beside it stays, to the letter. */
function withoutAwsChunked(encoding: string | undefined): string | undefined {
  if (encoding === undefined || !/aws-chunked/i.test(encoding)) return encoding;
  const rest = encoding
    .split(',')
    .filter(token => token.trim() !== '' && token.trim().toLowerCase() !== 'aws-chunked')
    .join(',')
    .trim();
  return rest === '' ? undefined : rest;
}

function readMetadata(call: Call): Record<string, string> {
  const { request } = call;
  const metadata: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    if (name.startsWith(META)) metadata[name.slice(META.length)] = decodedWord(value);
  };
  for (const name of Object.keys(request.headers)) add(name, header(request, name) ?? '');
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length + Buffer.byteLength(value, 'latin1'),
    0,
  );
  if (size <= MAX_METADATA_BYTES) return metadata;
  throw new AwsError(
    'MetadataTooLarge',
    400,
    'Your metadata headers exceed the maximum allowed metadata size',
    { Size: String(size), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
  );
}

/**
 * `x-amz-tagging: a=b&c=d`, percent-encoded; undefined when the header is missing. A tag may lack its
 * value, and there may be nothing between two `&` (recorded).
 * @throws AwsError InvalidArgument
 */
export function readTaggingHeader(call: Call): Tag[] | undefined {
  const text = header(call.request, 'x-amz-tagging');
  if (text === undefined) return undefined;
  const tags = text.split('&').filter(Boolean);
  const decoded = tags.map(pair => {
    const [key = '', value = '', ...rest] = pair.split('=');
    if (rest.length > 0) throw invalidTagging(text);
    return { key: decodeTag(key, text), value: decodeTag(value, text) };
  });
  if (new Set(decoded.map(tag => tag.key)).size < decoded.length) throw invalidTagging(text);
  return decoded;
}

function decodeTag(text: string, whole: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidTagging(whole);
  }
}

function invalidTagging(text: string): AwsError {
  return invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    'x-amz-tagging',
    text,
  );
}

function readStorageClass(call: Call): string {
  const value = header(call.request, 'x-amz-storage-class') ?? 'STANDARD';
  if (STORAGE_CLASSES.has(value)) return value;
  throw new AwsError('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: value,
  });
}

/**
 * The headers that describe an object in answers to GET and HEAD.
 * @param versioned whether the bucket has or had versioning, so that the version id is told.
 */
export function describeObject(object: ObjectVersion, versioned: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.headers,
    etag: `"${object.eTag}"`,
    'last-modified': object.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
  };
  for (const [name, value] of Object.entries(object.metadata)) {
    headers[META + name] = encodedWord(value);
  }
  if (object.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = object.storageClass;
  if (versioned) headers['x-amz-version-id'] = object.versionId;
  return headers;
}

/** The headers that tell an object's checksum. */
export function checksumHeaders(checksum: ObjectVersion['checksum']): Record<string, string> {
  if (!checksum) return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/**
 * `response-content-type` and its like: a signed GET may change headers of its answer.
 * @throws AwsError InvalidRequest when nobody signed it (API reference, "GetObject"; floci-io/floci#1098)
 */
export function overriddenHeaders(call: Call): Record<string, string> {
  const names = KEPT_HEADERS.slice(0, 6);
  const other = call.request.query.pairs.find(
    ([name]) => name.startsWith('response-') && !names.some(each => name === `response-${each}`),
  );
  if (other) {
    // versity/versitygw#2075 has S3's answer.
    throw invalidArgument(
      `${other[0]} is not in the set of overridable response headers. Please refer to the S3 API documentation for a complete list of overridable response headers.`,
      ...other,
    );
  }
  const anonymous = call.caller.kind === 'anonymous';
  if (anonymous && names.some(name => call.request.query.has(`response-${name}`))) {
    throw invalidRequest(
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  }
  return Object.fromEntries(
    names.flatMap(name => {
      const parameter = `response-${name}`;
      const value = call.request.query.get(parameter);
      return value === undefined ? [] : [[name, latin1Header(parameter, value)]];
    }),
  );
}
