import type { KeyObject } from 'node:crypto';
import type { ChunkVerifier } from '../chunkedDecoder.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import type { Call, SandboxRequest } from '../request.ts';
import { header } from '../request.ts';
import { ANONYMOUS } from '../principal.ts';
import { REGION } from '../region.ts';
import type { PayloadSigning } from '../requestBody.ts';
import type { Credentials, KnownKey } from './credentials.ts';
import type { Claim } from './claim.ts';
import { checkOneSignature, isSignedV2, readClaim } from './claim.ts';
import {
  ChunkSigner,
  canonicalRequest,
  sameSignature,
  sha256Hex,
  sign,
  signingKey,
  stringToSign,
} from './signature.ts';
import { readClaimV2, signV2, stringToSignV2 } from './signatureV2.ts';

const MAX_SKEW_MS = 15 * 60 * 1000;
/** Bodies of the query protocol are hashed before anything is believed, so they are held short. */
const MAX_UNANNOUNCED_BODY = 1024 * 1024;
/** The AWS CLI announces no hash to other services either, whose bodies may be longer. */
const MAX_UNANNOUNCED_BODIES: Readonly<Record<string, number | undefined>> = {
  // A zip of 50 MB in base64.
  lambda: 70_167_211,
  // A megabyte of log lines, each character of which may be written as six.
  logs: 8 * 1024 * 1024,
};

/** What verifying needs. */
export interface AuthContext {
  readonly clock: Clock;
  readonly credentials: Credentials;
}

/**
 * Verifies a request's Signature Version 4, in its headers or in its query, or its Version 2.
 * @param virtualBucket the bucket that stood in the Host header, if one did: Version 2 signs it
 * @returns who calls; the body is set up to be verified while it is read.
 * @throws AwsError with S3's codes; the query protocol renames them.
 */
export async function authenticate(
  context: AuthContext,
  request: SandboxRequest,
  virtualBucket?: string,
): Promise<Call> {
  if (isSignedV2(request)) return authenticateV2(context, request, virtualBucket);
  const claim = readClaim(request);
  const now = context.clock.now();
  checkTime(claim, now);
  const { accessKeyId } = claim.scope;
  const key = findKey(context, accessKeyId, claim.sessionToken, now);
  checkSignedHeaders(request, claim);
  const payloadHash = claim.payloadHash ?? (await hashOfBody(request, claim));
  const secret = signingKey(key.secretAccessKey, claim.scope);
  verify(request, claim, secret, payloadHash);
  request.body.verifyAs(payloadSigning(request, claim, secret, payloadHash));
  return {
    request,
    caller: key.principal,
    accessKeyId,
    region: claim.scope.region,
    signingName: claim.scope.service,
    presigned: claim.presigned !== undefined,
    temporary: key.session !== undefined,
    signatureVersion: 'AWS4-HMAC-SHA256',
    signed: claim.date,
  };
}

/** The call of a request that nobody signed; its body is what it says of itself. */
export function anonymousCall(request: SandboxRequest): Call {
  const announced = header(request, 'x-amz-content-sha256') ?? '';
  const known =
    /^[0-9a-f]{64}$/.test(announced) || announced === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  request.body.verifyAs(bodyOf(request, { payloadHash: known ? announced : 'UNSIGNED-PAYLOAD' }));
  return {
    request,
    caller: ANONYMOUS,
    accessKeyId: '',
    region: REGION,
    signingName: 's3',
    presigned: false,
    temporary: false,
  };
}

function authenticateV2(
  context: AuthContext,
  request: SandboxRequest,
  virtualBucket: string | undefined,
): Call {
  checkOneSignature(request);
  const claim = readClaimV2(request);
  const { accessKeyId, signature, expires, sessionToken } = claim;
  const now = context.clock.now();
  if (expires && now > expires) {
    throw new AwsError('AccessDenied', 403, 'Request has expired', {
      Expires: isoSeconds(expires.getTime()),
      ServerTime: isoSeconds(now.getTime()),
    });
  }
  if (claim.date) checkSkew(claim.date, claim.date.toUTCString(), now);
  const key = findKey(context, accessKeyId, sessionToken, now);
  const text = stringToSignV2(request, virtualBucket, claim);
  if (!sameSignature(signV2(key.secretAccessKey, text), signature)) {
    throw signatureMismatch({ accessKeyId, text, signature });
  }
  request.body.verifyAs(bodyOf(request, { payloadHash: 'UNSIGNED-PAYLOAD' }));
  return {
    request,
    caller: key.principal,
    accessKeyId,
    // Version 2 names no Region: what boto3 signs by it goes to us-east-1.
    region: REGION,
    signingName: 's3',
    presigned: expires !== undefined,
    temporary: key.session !== undefined,
    signatureVersion: 'AWS',
    signed: claim.date,
  };
}

function checkTime(claim: Claim, now: Date): void {
  if (claim.presigned) {
    const age = now.getTime() - claim.date.getTime();
    if (age > claim.presigned.expiresSeconds * 1000) {
      throw new AwsError('AccessDenied', 403, 'Request has expired', {
        'X-Amz-Expires': String(claim.presigned.expiresSeconds),
        Expires: isoSeconds(claim.date.getTime() + claim.presigned.expiresSeconds * 1000),
        ServerTime: isoSeconds(now.getTime()),
      });
    }
    if (age < -MAX_SKEW_MS) {
      throw new AwsError('AccessDenied', 403, 'Request is not yet valid');
    }
    return;
  }
  checkSkew(claim.date, claim.timestamp, now);
}

function checkSkew(date: Date, written: string, now: Date): void {
  if (Math.abs(now.getTime() - date.getTime()) <= MAX_SKEW_MS) return;
  throw new AwsError(
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
    {
      RequestTime: written,
      ServerTime: isoSeconds(now.getTime()),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  );
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function findKey(
  context: Pick<AuthContext, 'credentials'>,
  accessKeyId: string,
  sessionToken: string | undefined,
  now: Date,
): KnownKey {
  const key = context.credentials.find(accessKeyId);
  if (!key) {
    throw new AwsError(
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: accessKeyId },
    );
  }
  if ((key.session?.token ?? '') !== (sessionToken ?? '')) {
    throw new AwsError(
      'InvalidToken',
      400,
      'The provided token is malformed or otherwise invalid.',
    );
  }
  if (key.session && key.session.expiresAt.getTime() <= now.getTime()) {
    throw new AwsError('ExpiredToken', 400, 'The provided token has expired.');
  }
  return key;
}

/** Headers that may come unsigned although their name begins with x-amz-. */
const MAY_BE_UNSIGNED: ReadonlySet<string> = new Set(['x-amz-content-sha256']);

function checkSignedHeaders(request: SandboxRequest, claim: Claim): void {
  const signed = new Set(claim.signedHeaders);
  const missing = Object.keys(request.headers).filter(
    name => name.startsWith('x-amz-') && !signed.has(name) && !MAY_BE_UNSIGNED.has(name),
  );
  if (!signed.has('host')) missing.unshift('host');
  if (missing.length === 0) return;
  throw new AwsError(
    'AccessDenied',
    403,
    'There were headers present in the request which were not signed',
    { HeadersNotSigned: missing.join(', ') },
  );
}

async function hashOfBody(request: SandboxRequest, { scope }: Claim): Promise<string> {
  const limit = MAX_UNANNOUNCED_BODIES[scope.service] ?? MAX_UNANNOUNCED_BODY;
  return sha256Hex(await request.body.bytes(limit));
}

function verify(request: SandboxRequest, claim: Claim, key: KeyObject, payloadHash: string): void {
  const { scope, signedHeaders, timestamp } = claim;
  const { method, rawPath, query, rawHeaders } = request;
  const sent = { method, rawPath, parameters: query.pairs, rawHeaders };
  const canonical = canonicalRequest(sent, signedHeaders, scope.service, payloadHash);
  const text = stringToSign(timestamp, scope, canonical);
  if (sameSignature(sign(key, text), claim.signature)) return;
  const { accessKeyId } = scope;
  throw signatureMismatch({ accessKeyId, text, signature: claim.signature, canonical });
}

/** AWS tells what it signed, as text and byte by byte. */
function signatureMismatch(tried: {
  readonly accessKeyId: string;
  readonly text: string;
  readonly signature: string;
  readonly canonical?: string;
}): AwsError {
  const { accessKeyId, text, signature, canonical } = tried;
  return new AwsError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      AWSAccessKeyId: accessKeyId,
      StringToSign: text,
      SignatureProvided: signature,
      StringToSignBytes: hexBytes(text),
      ...(canonical === undefined
        ? {}
        : { CanonicalRequest: canonical, CanonicalRequestBytes: hexBytes(canonical) }),
    },
  );
}

function hexBytes(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}

function payloadSigning(
  request: SandboxRequest,
  claim: Claim,
  key: KeyObject,
  payloadHash: string,
): PayloadSigning {
  const signed = payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  const verifier = signed
    ? new ChunkSigner(key, claim.timestamp, claim.scope, claim.signature)
    : undefined;
  return bodyOf(request, { payloadHash, verifier });
}

/** How a body that was announced so is to be read. */
function bodyOf(
  request: SandboxRequest,
  { payloadHash, verifier }: { readonly payloadHash: string; readonly verifier?: ChunkVerifier },
): PayloadSigning {
  const streaming = payloadHash.startsWith('STREAMING-');
  const encoding = header(request, 'content-encoding') ?? '';
  // The word alone says nothing of the body; S3 drops it.
  const framed =
    /(^|,)\s*aws-chunked\s*(,|$)/i.test(encoding) &&
    header(request, 'x-amz-decoded-content-length') !== undefined;
  if (!streaming && !framed) {
    return payloadHash === 'UNSIGNED-PAYLOAD'
      ? { kind: 'unsigned' }
      : { kind: 'hashed', sha256: payloadHash };
  }
  return {
    kind: 'chunked',
    verifier,
    trailers: announcedTrailers(request),
    decodedLength: decodedLength(request),
    sha256: /^[0-9a-f]{64}$/.test(payloadHash) ? payloadHash : undefined,
  };
}

function announcedTrailers(request: SandboxRequest): string[] {
  return (header(request, 'x-amz-trailer') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(Boolean);
}

function decodedLength(request: SandboxRequest): number {
  const text = header(request, 'x-amz-decoded-content-length');
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new AwsError(
    'MissingContentLength',
    411,
    'You must provide the Content-Length HTTP header.',
  );
}
