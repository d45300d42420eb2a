import { BrigadeError, type ErrorCode } from './errors.ts';

/**
 * Turns whatever the SDK, the network or the file system threw into one BrigadeError. Causes are
 * followed, for the SDK wraps what its credential providers and sockets threw.
 *
 * @param subject what the call was about; shown to people, so never a secret.
 */
export function toBrigadeError(error: unknown, subject?: string): BrigadeError {
  if (error instanceof BrigadeError) {
    return error;
  }
  const chain = causesOf(error);
  for (const facts of chain) {
    const code = codeOf(facts);
    if (code !== undefined) {
      return describe(code, facts, error, subject);
    }
  }
  return describe('Unknown', chain[0] ?? { name: '', message: String(error) }, error, subject);
}

/** What is read of a thrown value; the SDK's errors are recognised by shape, not by class. */
interface Facts {
  readonly name: string;
  readonly message: string;
  /** Node's code: ECONNRESET, ENOENT … */
  readonly nodeCode?: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly host?: string;
}

function causesOf(error: unknown): Facts[] {
  const chain: Facts[] = [];
  const seen = new Set<unknown>();
  const pending: unknown[] = [error];
  while (pending.length > 0 && chain.length < 12) {
    const next = pending.shift();
    if (typeof next !== 'object' || next === null || seen.has(next)) {
      continue;
    }
    seen.add(next);
    chain.push(factsOf(next));
    pending.push(property(next, 'cause'));
    const several = property(next, 'errors');
    if (Array.isArray(several)) {
      pending.push(...(several as unknown[]));
    }
  }
  return chain;
}

function factsOf(error: object): Facts {
  const metadata = property(error, '$metadata');
  const response = property(error, '$response');
  const status = property(metadata, 'httpStatusCode') ?? property(response, 'statusCode');
  return {
    name: text(property(error, 'name')) ?? '',
    message: text(property(error, 'message')) ?? '',
    nodeCode: text(property(error, 'code')),
    httpStatus: typeof status === 'number' ? status : undefined,
    requestId: text(property(metadata, 'requestId')),
    host: hostOf(error),
  };
}

/** Node names the host that has no address, or the address and port that took no connection. */
function hostOf(error: object): string | undefined {
  const port = property(error, 'port');
  const host = text(property(error, 'hostname')) ?? text(property(error, 'address'));
  return host !== undefined && typeof port === 'number' ? `${host}:${port}` : host;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const ARCHIVED = 'InvalidObjectState';

const CODES: readonly (readonly [ErrorCode, RegExp])[] = [
  ['Cancelled', /^AbortError$/],
  [
    'CredentialsExpired',
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired|InvalidToken|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|UnrecognizedClientException|UnauthorizedException|AuthFailure)$/,
  ],
  [
    'Throttled',
    /^(SlowDown|Throttl.*|RequestThrottled.*|RequestLimitExceeded|TooManyRequests(Exception)?|BandwidthLimitExceeded|ServiceUnavailable)$/,
  ],
  // The last by S3 where the clock is off: a 403 that no policy can help.
  ['Unknown', /^RequestTimeTooSkewed$/],
  // 403 too: the object is archived, which no policy can help.
  ['InvalidInput', new RegExp(`^${ARCHIVED}$`)],
  ['AccessDenied', /^(AccessDenied.*|AllAccessDisabled|AccountProblem|Forbidden)$/],
  ['NotFound', /^(NoSuch.*|NotFound(Exception)?|ResourceNotFoundException)$/],
  [
    'Conflict',
    /^(PreconditionFailed|Conflict.*|OperationAborted|JobStatusException|IdempotencyException|BucketAlready.*|BucketNotEmpty|EntityAlreadyExists.*|ConcurrentModification.*|DeleteConflict.*)$/,
  ],
  ['Network', /^TimeoutError$/],
];

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: 'InvalidInput',
  403: 'AccessDenied',
  404: 'NotFound',
  409: 'Conflict',
  412: 'Conflict',
  429: 'Throttled',
  503: 'Throttled',
};

/** Node's network and TLS codes, as its documentation on errors lists them. */
const NETWORK =
  /^(ECONN.*|ENOTFOUND|ETIMEDOUT|ESOCKETTIMEDOUT|EAI_.*|EPIPE|EHOST.*|ENET.*|EPROTO|ERR_STREAM_PREMATURE_CLOSE|ERR_SSL_.*|ERR_TLS_.*|HPE_.*|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/;

/** Node's codes of the local disk. */
const FILE_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'NotFound',
  ENOSPC: 'DiskFull',
  EDQUOT: 'DiskFull',
};

function codeOf(facts: Facts): ErrorCode | undefined {
  const named = CODES.find(([, names]) => names.test(facts.name))?.[0];
  if (named !== undefined) {
    return named;
  }
  if (/^(CredentialsProvider|TokenProvider|Provider)Error$/.test(facts.name)) {
    return credentialsCode(facts.message);
  }
  if (facts.httpStatus !== undefined) {
    return STATUSES[facts.httpStatus];
  }
  if (
    NETWORK.test(facts.nodeCode ?? '') ||
    /socket hang up|connection lost|checksum mismatch/i.test(facts.message)
  ) {
    return 'Network';
  }
  return FILE_CODES[facts.nodeCode ?? ''];
}

/** The SDK's providers distinguish their failures by sentence only. */
function credentialsCode(message: string): ErrorCode {
  return /expired|sso login|aws login|reauthenticate|not found or is invalid|failed to load (a )?token|token validation failed/i.test(
    message,
  )
    ? 'CredentialsExpired'
    : 'CredentialsMissing';
}

function describe(
  code: ErrorCode,
  facts: Facts,
  cause: unknown,
  subject: string | undefined,
): BrigadeError {
  // What the SDK says where a service says nothing, as Ceph's gateway does.
  const isSilent = facts.message === '' || facts.message === 'UnknownError';
  const message = withoutSecrets(isSilent ? facts.name : facts.message);
  const answered = facts.httpStatus !== undefined;
  const sentence =
    answered && facts.name !== '' && facts.name !== message ? `${facts.name}: ${message}` : message;
  return new BrigadeError(code, sentence === '' ? code : sentence, {
    subject,
    awsCode: answered ? facts.name : undefined,
    awsMessage: answered ? message : undefined,
    requestId: facts.requestId,
    ...(code === 'AccessDenied' ? deniedAction(message) : undefined),
    ...(facts.name === ARCHIVED ? { reason: 'Archived' } : undefined),
    ...(code === 'Network' && { host: facts.host }),
    cause,
  });
}

/** AWS: "User: … is not authorized to perform: s3:ListBucket on resource: …". */
function deniedAction(message: string): { action?: string; resource?: string } {
  const match =
    /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9*]+)(?: on resource: "?(arn:[^\s"]+))?/.exec(
      message,
    );
  // S3's sentence of old where the policy of an object's KMS key denies: the object itself may be read.
  if (match === null && /^The ciphertext refers to a /.test(message))
    return { action: 'kms:Decrypt' };
  return { action: match?.[1], resource: match?.[2] };
}

/** Some of AWS's sentences repeat the access key id or a presigned URL. */
function withoutSecrets(message: string): string {
  return message
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1…')
    .replace(/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'<]+/gi, '$1…');
}
