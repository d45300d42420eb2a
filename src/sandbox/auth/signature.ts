import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { ChunkVerifier } from '../chunkedDecoder.ts';
import { decodeUri } from '../uri.ts';

/** `<date>/<region>/<service>/aws4_request` */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export function sha256Hex(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
}

export const EMPTY_SHA256 = sha256Hex('');

const keys = new Map<string, KeyObject>();
const MAX_KEYS = 1000;

/**
 * The key of a day, a region and a service: four HMACs, so it is remembered, and as a KeyObject:
 * `createHmac` takes six times as long with the bytes.
 */
export function signingKey(secret: string, scope: Omit<CredentialScope, 'accessKeyId'>): KeyObject {
  const name = `${secret}/${scope.date}/${scope.region}/${scope.service}`;
  const known = keys.get(name);
  if (known) return known;
  const bytes = [scope.date, scope.region, scope.service, 'aws4_request'].reduce(
    (parent: string | Buffer, part) => hmac(parent, part),
    `AWS4${secret}`,
  ) as Buffer;
  const key = createSecretKey(bytes);
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** The scope as it stands in a string to sign. */
export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

const NOT_UNRESERVED = /[!'()*]/g;
const ONLY_UNRESERVED = /^[A-Za-z0-9\-._~/]*$/;

/** RFC 3986: everything but A-Z a-z 0-9 - . _ ~ is a percent escape. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    NOT_UNRESERVED,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The path as clients sign it: S3 encodes each segment once, every other service twice.
 * It is decoded first, `%2F` too (recorded), because a client may send `(` and sign `%28`.
 */
export function canonicalPath(rawPath: string, service: string): string {
  if (ONLY_UNRESERVED.test(rawPath)) return rawPath;
  const once = decodeUri(rawPath).split('/').map(uriEncode).join('/');
  return service === 's3' ? once : once.split('/').map(uriEncode).join('/');
}

/** All parameters but the signature itself, sorted by their encoded name and value. */
export function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code units, which for ASCII is the order of bytes. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Header values by lower-case name, trimmed, inner spaces collapsed, repeats joined. */
export function canonicalHeaders(
  rawHeaders: readonly string[],
  signed: ReadonlySet<string>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!signed.has(name)) continue;
    // Node reads header bytes as Latin-1, clients sign UTF-8.
    const bytes = Buffer.from(rawHeaders[index + 1] ?? '', 'latin1');
    const value = bytes.toString('utf8').trim().replace(/\s+/g, ' ');
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

/** What of a request is signed beside its body. */
export interface SignedParts {
  readonly method: string;
  /** As it was sent, still encoded. */
  readonly rawPath: string;
  /** Of the query, decoded. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Names and values in turn, as Node gives them. */
  readonly rawHeaders: readonly string[];
}

/** The canonical request of Signature Version 4. */
export function canonicalRequest(
  request: SignedParts,
  signedHeaders: readonly string[],
  service: string,
  payloadHash: string,
): string {
  const values = canonicalHeaders(request.rawHeaders, new Set(signedHeaders));
  // Some SDKs sign a header and put it into the URL: AWS takes it from there (recorded).
  const valueOf = (name: string): string =>
    values.get(name) ?? request.parameters.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  return [
    request.method,
    canonicalPath(request.rawPath, service),
    canonicalQuery(request.parameters),
    ...signedHeaders.map(name => `${name}:${valueOf(name)}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

export function stringToSign(date: string, scope: CredentialScope, canonical: string): string {
  return `AWS4-HMAC-SHA256\n${date}\n${scopeText(scope)}\n${sha256Hex(canonical)}`;
}

export function sign(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Compares in constant time. */
export function sameSignature(expected: string, provided: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(provided);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The chain of signatures through an aws-chunked body: each one covers the one before. */
export class ChunkSigner implements ChunkVerifier {
  private readonly key: KeyObject;
  private readonly date: string;
  private readonly scope: CredentialScope;
  private previous: string;

  constructor(key: KeyObject, date: string, scope: CredentialScope, seed: string) {
    this.key = key;
    this.date = date;
    this.scope = scope;
    this.previous = seed;
  }

  verifyChunk(dataSha256: string, provided: string): boolean {
    return this.verify('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_SHA256}\n${dataSha256}`, provided);
  }

  verifyTrailer(lines: string, provided: string): boolean {
    return this.verify('AWS4-HMAC-SHA256-TRAILER', sha256Hex(lines), provided);
  }

  private verify(algorithm: string, rest: string, provided: string): boolean {
    const text = [algorithm, this.date, scopeText(this.scope), this.previous, rest].join('\n');
    this.previous = sign(this.key, text);
    return sameSignature(this.previous, provided);
  }
}
