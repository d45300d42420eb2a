import { AwsError } from '../errors.ts';
import type { SandboxRequest } from '../request.ts';
import { header } from '../request.ts';
import type { CredentialScope } from './signature.ts';
import { isPresignedV2 } from './signatureV2.ts';

/** What a request says about itself: who signed what, when. Nothing of it is verified yet. */
export interface Claim {
  readonly scope: CredentialScope;
  /** YYYYMMDD'T'HHMMSS'Z' as it was signed. */
  readonly timestamp: string;
  readonly date: Date;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken?: string;
  /** The announced hash of the body or one of S3's words; undefined: the body's own hash. */
  readonly payloadHash?: string;
  readonly presigned?: { readonly expiresSeconds: number };
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES = 7 * 24 * 60 * 60;

/** Whether a request is signed by Version 2, in its headers or in its query. */
export function isSignedV2({ headers, query }: SandboxRequest): boolean {
  if (headers['authorization'] !== undefined) return headers['authorization'].startsWith('AWS ');
  return isPresignedV2(query) && !query.has('X-Amz-Algorithm');
}

/** Whether a request carries no signature at all. */
export function isUnsigned({ headers, query }: SandboxRequest): boolean {
  if (headers['authorization'] !== undefined || isPresignedV2(query)) return false;
  return !query.has('X-Amz-Algorithm') && !query.has('X-Amz-Signature');
}

/** @throws AwsError InvalidArgument when a request is signed twice. */
export function checkOneSignature(request: SandboxRequest): void {
  const authorization = header(request, 'authorization');
  const { query } = request;
  const inQuery = ['X-Amz-Algorithm', 'X-Amz-Signature'].some(name => query.has(name));
  if (authorization !== undefined && (inQuery || isPresignedV2(query))) {
    throw new AwsError(
      'InvalidArgument',
      400,
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      { ArgumentName: 'Authorization', ArgumentValue: authorization },
    );
  }
}

/**
 * Reads the signature from the Authorization header or the query.
 * @throws AwsError AccessDenied when there is none, others when it is malformed.
 */
export function readClaim(request: SandboxRequest): Claim {
  checkOneSignature(request);
  const authorization = header(request, 'authorization');
  if (request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature')) {
    return claimOfQuery(request);
  }
  if (authorization !== undefined) return claimOfHeader(request, authorization);
  throw new AwsError(
    'AccessDenied',
    403,
    'Access Denied',
    {},
    { 'x-amz-sandbox-reason': 'unsigned' },
  );
}

function claimOfHeader(request: SandboxRequest, authorization: string): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    throw notSupported();
  }
  const fields = new Map(
    authorization
      .slice(ALGORITHM.length + 1)
      .split(',')
      .map(part => {
        const [name = '', ...rest] = part.trim().split('=');
        return [name, rest.join('=')] as const;
      }),
  );
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature) {
    throw malformed(
      'The authorization header that you provided is not valid; Credential, SignedHeaders and Signature are needed.',
    );
  }
  const scope = readScope(credential, message =>
    malformed(`The authorization header is malformed; ${message}`),
  );
  return {
    scope,
    ...readTimestamp(header(request, 'x-amz-date') ?? httpDate(request), scope),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    sessionToken: header(request, 'x-amz-security-token'),
    payloadHash: announcedHash(request, scope),
  };
}

function claimOfQuery(request: SandboxRequest): Claim {
  const { query } = request;
  const get = (name: string): string => {
    const value = query.get(name);
    if (value !== undefined && value !== '') return value;
    throw queryParameterError(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  };
  if (get('X-Amz-Algorithm') !== ALGORITHM) {
    throw queryParameterError(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  const scope = readScope(get('X-Amz-Credential'), message =>
    queryParameterError(`Error parsing the X-Amz-Credential parameter; ${message}`),
  );
  return {
    scope,
    ...readTimestamp(get('X-Amz-Date'), scope),
    signedHeaders: get('X-Amz-SignedHeaders').toLowerCase().split(';'),
    signature: get('X-Amz-Signature'),
    sessionToken: query.get('X-Amz-Security-Token'),
    payloadHash:
      scope.service === 's3'
        ? (query.get('X-Amz-Content-Sha256') ??
          header(request, 'x-amz-content-sha256') ??
          'UNSIGNED-PAYLOAD')
        : undefined,
    presigned: { expiresSeconds: readExpires(get('X-Amz-Expires')) },
  };
}

function readExpires(text: string): number {
  const seconds = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds)) throw queryParameterError('X-Amz-Expires should be a number');
  if (seconds < 0) throw queryParameterError('X-Amz-Expires must be non-negative');
  if (seconds > MAX_EXPIRES) {
    throw queryParameterError(
      'X-Amz-Expires must be less than a week (in seconds) that is 604800 seconds',
    );
  }
  return seconds;
}

function readScope(credential: string, refusal: (message: string) => AwsError): CredentialScope {
  // An access key id has no slash, so the scope is the last four parts.
  const parts = credential.split('/');
  const [accessKeyId, date, region, service, end] = parts;
  if (
    parts.length !== 5 ||
    !accessKeyId ||
    !date ||
    !region ||
    !service ||
    end !== 'aws4_request' ||
    !/^\d{8}$/.test(date)
  ) {
    throw refusal(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  return { accessKeyId, date, region, service };
}

const TIMESTAMP = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

function readTimestamp(
  timestamp: string | undefined,
  scope: CredentialScope,
): { timestamp: string; date: Date } {
  const parts = TIMESTAMP.exec(timestamp ?? '');
  const date = new Date(
    parts ? `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z` : Number.NaN,
  );
  if (timestamp === undefined || Number.isNaN(date.getTime())) {
    throw new AwsError(
      'AccessDenied',
      403,
      'AWS authentication requires a valid Date or x-amz-date header',
    );
  }
  if (!timestamp.startsWith(scope.date)) {
    throw malformed(
      `The authorization header is malformed; Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
  return { timestamp, date };
}

/** The Date header as a timestamp, for clients that send no x-amz-date. */
function httpDate(request: SandboxRequest): string | undefined {
  const time = Date.parse(header(request, 'date') ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

const STREAMING = /^STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/;

function announcedHash(request: SandboxRequest, scope: CredentialScope): string | undefined {
  const value = header(request, 'x-amz-content-sha256');
  if (value === undefined) {
    if (scope.service !== 's3') return undefined;
    throw new AwsError(
      'InvalidRequest',
      400,
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  if (value === 'UNSIGNED-PAYLOAD' || STREAMING.test(value) || /^[0-9a-f]{64}$/.test(value)) {
    return value;
  }
  throw new AwsError(
    'InvalidArgument',
    400,
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: value },
  );
}

/** What S3 says to an Authorization header of another kind. */
function notSupported(): AwsError {
  return new AwsError(
    'InvalidRequest',
    400,
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

function malformed(message: string): AwsError {
  return new AwsError('AuthorizationHeaderMalformed', 400, message);
}

function queryParameterError(message: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', 400, message);
}

/** The service a request was signed for, or the empty string when it is not signed. */
export function signingNameOf(request: SandboxRequest): string {
  if (isSignedV2(request)) return 's3';
  const credential =
    /Credential=([^,\s]+)/.exec(header(request, 'authorization') ?? '')?.[1] ??
    request.query.get('X-Amz-Credential') ??
    '';
  return credential.split('/')[3] ?? '';
}
