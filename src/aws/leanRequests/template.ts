import { hash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { escapeUri } from '@smithy/core/protocols';
import { md5InBase64 } from '../md5.ts';
import type { LeanRequest } from './leanRequest.ts';
import { SigningKey, type SigningCredentials } from './signingKey.ts';

/** A request as the SDK has signed it, or as it is sent. */
export interface SignedRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** All but the key, the parameters and the body of an operation's requests to a bucket. */
export interface Template {
  /** Makes a request for another key as the SDK would. @param now milliseconds since 1970 */
  sign(request: LeanRequest, credentials: SigningCredentials, now: number): SignedRequest;
}

/** Headers that say the same in every request of an operation. */
const FIXED = new Set([
  'host',
  'user-agent',
  'x-amz-user-agent',
  'amz-sdk-request',
  'content-type',
  'x-amz-checksum-mode',
  'x-amz-sdk-checksum-algorithm',
]);

type Computed = (body: Buffer | string) => string;

/** Headers that are made of the body. */
const COMPUTED: Readonly<Record<string, Computed>> = {
  'content-length': body => Buffer.byteLength(body).toString(),
  'content-md5': body => md5InBase64(body.toString()),
  'x-amz-checksum-crc32': body => crc32InBase64(crc32(body)),
  'x-amz-content-sha256': body => hash('sha256', body),
};

/** Headers that belong to a signature or to one try. */
const OWN = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'amz-sdk-invocation-id',
]);

/**
 * With it the SDK waits for S3's consent before it sends a large body, and opens a connection for each such
 * request. Ours use connections that are open; one that is refused is sent again by the SDK. It isn't signed.
 */
const WAITS_FOR_CONSENT = 'Expect';

/** A checksum as S3 writes it. */
export function crc32InBase64(value: number): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}

/**
 * Learns from a request that the SDK has signed how those of the same operation and bucket look.
 * Undefined where anything in it is not understood: another kind of signature (S3 Express, several
 * Regions, none), an unknown header, a checksum of another kind. Nothing is guessed: the template has
 * to make of the same request exactly what the SDK made of it.
 */
export function learnTemplate(sample: SignedRequest, request: LeanRequest): Template | undefined {
  const { authorization = '', 'amz-sdk-request': attempt = '' } = sample.headers;
  const [match, region = '', signed = ''] = AUTHORIZATION.exec(authorization) ?? [];
  // A second try says so.
  if (match === undefined || !/^attempt=1; max=\d+$/.test(attempt)) return undefined;
  const path = encodedKey(request.key);
  if (!sample.path.endsWith(`/${path}`)) return undefined;
  const own = request.headers ?? {};
  const names = namesIn(sample).filter(name => !(name in own));
  if (!names.every(name => FIXED.has(name) || name in COMPUTED)) return undefined;
  const template = new LearnedTemplate({
    base: sample.path.slice(0, sample.path.length - path.length),
    // Its body is of no use any more, and may be large.
    sample: { ...sample, body: undefined },
    fixed: pick(
      sample.headers,
      names.filter(name => FIXED.has(name)),
    ),
    computed: names.flatMap(name => (COMPUTED[name] ? [[name, COMPUTED[name]] as const] : [])),
    query: Object.fromEntries(
      Object.entries(sample.query).filter(([name]) => !(name in (request.query ?? {}))),
    ),
    signed: signed.split(';').filter(name => name !== TOKEN),
    key: new SigningKey({ region, service: 's3' }),
  });
  return template.makes(sample, request) ? template : undefined;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=[0-9a-f]{64}$/;
const TOKEN = 'x-amz-security-token';
const NO_BODY = '';

interface Learned {
  /** The path up to the key. */
  readonly base: string;
  readonly sample: SignedRequest;
  readonly fixed: Readonly<Record<string, string>>;
  readonly computed: readonly (readonly [string, Computed])[];
  readonly query: Readonly<Record<string, string>>;
  /** The headers that are signed, in order, but for the token's. */
  readonly signed: readonly string[];
  readonly key: SigningKey;
}

class LearnedTemplate implements Template {
  readonly #learned: Learned;
  readonly #signedWithToken: readonly string[];

  constructor(learned: Learned) {
    this.#learned = learned;
    this.#signedWithToken = [...learned.signed, TOKEN].sort();
  }

  /** Whether it makes of the request of a sample what the sample is, but for what is new in each. */
  makes(sample: SignedRequest, request: LeanRequest): boolean {
    const made = this.#unsigned(request);
    const same = (one: object, other: object): boolean =>
      JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
    const rest = pick(sample.headers, namesIn(sample));
    return (
      made.path === sample.path &&
      same(made.query, sample.query) &&
      same(made.headers, rest) &&
      isSameBody(sample.body ?? NO_BODY, request.body ?? NO_BODY)
    );
  }

  sign(request: LeanRequest, credentials: SigningCredentials, now: number): SignedRequest {
    const { signed, key } = this.#learned;
    const unsigned = this.#unsigned(request);
    const date = new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
    const { sessionToken } = credentials;
    const headers: Record<string, string> = {
      ...unsigned.headers,
      'amz-sdk-invocation-id': randomUUID(),
      'x-amz-date': date,
    };
    if (sessionToken !== undefined) headers[TOKEN] = sessionToken;
    headers['authorization'] = key.authorization(
      {
        ...{ method: unsigned.method, path: unsigned.path, headers },
        query: canonicalQuery(unsigned.query),
        signed: sessionToken === undefined ? signed : this.#signedWithToken,
        bodyHash: headers['x-amz-content-sha256'] ?? '',
      },
      credentials,
      date,
    );
    return { ...unsigned, headers };
  }

  #unsigned(request: LeanRequest): SignedRequest {
    const { base, sample, fixed, computed, query } = this.#learned;
    const { method, protocol, hostname, port } = sample;
    const headers: Record<string, string> = { ...fixed, ...request.headers };
    for (const [name, make] of computed) headers[name] = make(request.body ?? NO_BODY);
    return {
      ...{ method, protocol, hostname, port, headers, body: request.body },
      path: base + encodedKey(request.key),
      query: { ...query, ...request.query },
    };
  }
}

function encodedKey(key: string): string {
  return key.split('/').map(escapeUri).join('/');
}

function isSameBody(one: unknown, other: Buffer | string): boolean {
  if (typeof one === 'string') return one === other.toString();
  return one instanceof Uint8Array && Buffer.from(other).equals(one);
}

/** In the order of the names, as they are encoded. */
function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [escapeUri(name), escapeUri(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The headers that are alike in requests of one kind, or made of what differs. */
function namesIn({ headers }: SignedRequest): string[] {
  return Object.keys(headers).filter(name => !OWN.has(name) && name !== WAITS_FOR_CONSENT);
}

function pick(
  from: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, from[name] ?? '']));
}
