import { randomFillSync } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Principal } from './principal.ts';
import type { RequestBody } from './requestBody.ts';
import { decodeUri } from './uri.ts';

/** A request as it came, before anyone believed it. */
export interface SandboxRequest {
  readonly method: string;
  /** The target without its query, byte for byte as received: keys hold `//`, `..` and `%2F`. */
  readonly rawPath: string;
  readonly query: QueryParameters;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value … as received, repeated headers included. */
  readonly rawHeaders: readonly string[];
  /** It came by TLS, through a tunnel to one of AWS's hosts. */
  readonly secure?: boolean;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly body: RequestBody;
}

/** A request whose signature was verified. */
export interface Call {
  readonly request: SandboxRequest;
  readonly caller: Principal;
  /** Of the key that signed; its secret is known to the signature alone. */
  readonly accessKeyId: string;
  /** The region and the service that the request was signed for. */
  readonly region: string;
  readonly signingName: string;
  /** Whether the signature came in the query (a presigned URL). */
  readonly presigned: boolean;
  /** Whether the credentials are temporary ones. */
  readonly temporary: boolean;
  /** How it was signed, as policies name it; undefined when nobody did. */
  readonly signatureVersion?: 'AWS4-HMAC-SHA256' | 'AWS';
  /** When it was signed, where a signature says so. */
  readonly signed?: Date;
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** The parameters of a query string or a form. */
export class QueryParameters {
  private readonly raw: string;
  private decoded: readonly (readonly [string, string])[] | undefined;
  private first: ReadonlyMap<string, string> | undefined;

  constructor(raw: string) {
    this.raw = raw;
  }

  /**
   * Names and values in their order, decoded when they are first asked for: a request must be there to
   * be answered before anything in it can be refused.
   * @throws AwsError InvalidURI when they are not UTF-8.
   */
  get pairs(): readonly (readonly [string, string])[] {
    this.decoded ??= this.raw === '' ? [] : this.raw.split('&').filter(Boolean).map(splitPair);
    return this.decoded;
  }

  has(name: string): boolean {
    return this.firstValues.has(name);
  }

  get(name: string): string | undefined {
    return this.firstValues.get(name);
  }

  /** A form may have many thousands, and be asked for each. Of the same name the first counts. */
  private get firstValues(): ReadonlyMap<string, string> {
    this.first ??= new Map(this.pairs.toReversed());
    return this.first;
  }

  getAll(name: string): string[] {
    return this.pairs.filter(([key]) => key === name).map(([, value]) => value);
  }
}

function splitPair(part: string): readonly [string, string] {
  const equals = part.indexOf('=');
  if (equals === -1) return [decodeQuery(part), ''];
  return [decodeQuery(part.slice(0, equals)), decodeQuery(part.slice(equals + 1))];
}

function decodeQuery(text: string): string {
  return decodeUri(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Splits a request target into its path and its query, both raw. */
export function splitTarget(target: string): { rawPath: string; rawQuery: string } {
  const mark = target.indexOf('?');
  if (mark === -1) return { rawPath: target, rawQuery: '' };
  return { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

/**
 * Scheme and host of a target in absolute form, which is how a client sends it that takes the sandbox
 * for its HTTP proxy: the way for clients that put the account id before a host that has no name
 * (`aws s3control`). Where it goes is decided by the Host header alone.
 */
const ABSOLUTE_FORM = /^http:\/\/[^/?]*/i;

export function readRequest(incoming: IncomingMessage, body: RequestBody): SandboxRequest {
  const target = (incoming.url ?? '/').replace(ABSOLUTE_FORM, '');
  const { rawPath, rawQuery } = splitTarget(target === '' ? '/' : target);
  return {
    method: incoming.method ?? 'GET',
    rawPath,
    query: new QueryParameters(rawQuery),
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    secure: 'encrypted' in incoming.socket,
    ...requestIds(),
  };
}

const ID_BYTES = 8;
const EXTENDED_ID_BYTES = 56;
/** Random bytes for many requests at once: a call for each would cost as much as a signature. */
const randomness = Buffer.alloc((ID_BYTES + EXTENDED_ID_BYTES) * 128);
let randomnessUsed = randomness.length;

/** Ids in the shape of AWS's: 16 capital characters, and a longer one for AWS's support. */
export function requestIds(): { requestId: string; extendedRequestId: string } {
  if (randomnessUsed === randomness.length) {
    randomFillSync(randomness);
    randomnessUsed = 0;
  }
  const middle = randomnessUsed + ID_BYTES;
  const end = middle + EXTENDED_ID_BYTES;
  const requestId = randomness.toString('hex', randomnessUsed, middle).toUpperCase();
  randomnessUsed = end;
  return { requestId, extendedRequestId: randomness.toString('base64', middle, end) };
}

/** The single value of a header, or undefined. */
export function header(request: Pick<SandboxRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
