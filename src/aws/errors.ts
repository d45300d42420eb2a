/**
 * What went wrong, in the few kinds that people act on differently. `src/vscode/` has a sentence and
 * buttons for each.
 */
export type ErrorCode =
  | 'NoConnection'
  | 'Cancelled'
  | 'Network'
  /** What answered isn't AWS, nor a service that speaks its protocol: see `answer`. */
  | 'NotAws'
  /** An S3-compatible server, which has no such service: see `service`. */
  | 'NoService'
  /** AWS no longer accepts the credentials, or a sign-in session has ended: sign in again. */
  | 'CredentialsExpired'
  | 'CredentialsMissing'
  /** The AWS config or credentials file says what can't be used; the cause says where and why. */
  | 'Misconfigured'
  | 'AccessDenied'
  | 'NotFound'
  | 'Conflict'
  | 'Throttled'
  | 'InvalidInput'
  /** A local file could not be written: no space, or the user's quota is used up. */
  | 'DiskFull'
  /** A local file was to be written where a link leads elsewhere. */
  | 'LinkInTheWay'
  | 'SandboxFailed'
  /** The user has stopped the sandbox: no fault, the views offer to start it. */
  | 'SandboxStopped'
  /** What is in the local sandbox's folder can't be used: another one has to be made. */
  | 'SandboxFolder'
  /** Lambda says that the function is broken, or does not get ready: its state's reason says why. */
  | 'FunctionFailed'
  /** A new role still cannot be assumed by Lambda, a minute after it was made. */
  | 'RoleNotReady'
  /** Something failed, and not all that had been done could be undone: see `left`. */
  | 'UndoIncomplete'
  | 'Unknown';

/** `src/vscode/` has a sentence for each. */
export type ErrorReason =
  /** There is no completion report. */
  | 'NoTaskRan'
  | 'NotYetWritten'
  /** The object must be restored before it can be read or copied. */
  | 'Archived'
  /** The object is encrypted with a key that its owner gives with each request (SSE-C). */
  | 'CustomerKey'
  /** Some of its metadata can't be read, and a write would lose it. */
  | 'HiddenMetadata'
  /** It may have an access control list, which can't be read, and a write would lose it. */
  | 'AccessList'
  /** Its checksum is of an algorithm that can't be computed here. */
  | 'Checksum'
  /** The service knows no conditional writes, so that another's change could be lost. */
  | 'NoConditions'
  /** The object is not the one that was read. */
  | 'Changed'
  /** Another client replaces its tags at the same time. */
  | 'TagsChanged'
  /** There is another object at the destination. */
  | 'Exists'
  /** The service did not keep all of an object in its copy; the message names what. */
  | 'NotKept'
  /** Parts of an upload are still in the bucket. */
  | 'UnfinishedUpload'
  /** It has more bytes than can be held. */
  | 'TooBig';

export interface BrigadeErrorDetails {
  /** What it is about: a bucket, an object's S3 URI, a job id, a role's ARN … */
  readonly subject?: string;
  /** AWS's own error code and sentence, where AWS answered. */
  readonly awsCode?: string;
  readonly awsMessage?: string;
  readonly requestId?: string;
  /** The IAM action that was denied (`s3:ListBucket`), where AWS's sentence names it. */
  readonly action?: string;
  /** The ARN it was denied on, where AWS's sentence names it. */
  readonly resource?: string;
  /** What is still there, for `UndoIncomplete`: a bucket's S3 URI, a role's or function's name … */
  readonly left?: readonly string[];
  /** Why, where the code alone does not say what to do. */
  readonly reason?: ErrorReason;
  /** For `NoService`: AWS's name of it. */
  readonly service?: string;
  /** For `NotAws`: what was asked, and what came instead of what, in terms of the protocol. */
  readonly answer?: UnprovenAnswer;
  /** The address that gave no answer, for `Network`: `sts.eu-west-1.amazonaws.com`. */
  readonly host?: string;
  /** The connection it was for, where that is not seen otherwise. */
  readonly connection?: string;
  readonly cause?: unknown;
}

export interface UnprovenAnswer {
  /** `ListBuckets` … */
  readonly operation: string;
  /** `<Tagging>`, `etag` … */
  readonly wanted: string;
  /** `HTTP 200 <html>` … */
  readonly found: string;
}

/** The one error that leaves `src/aws/`. */
export class BrigadeError extends Error {
  override readonly name = 'BrigadeError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly awsCode: string | undefined;
  readonly awsMessage: string | undefined;
  readonly requestId: string | undefined;
  readonly action: string | undefined;
  readonly resource: string | undefined;
  readonly left: readonly string[];
  readonly reason: BrigadeErrorDetails['reason'];
  readonly host: string | undefined;
  readonly connection: string | undefined;
  readonly answer: UnprovenAnswer | undefined;
  readonly service: string | undefined;

  constructor(code: ErrorCode, message: string, details: BrigadeErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.awsCode = details.awsCode;
    this.awsMessage = details.awsMessage;
    this.requestId = details.requestId;
    this.action = details.action;
    this.resource = details.resource;
    this.left = details.left ?? [];
    this.reason = details.reason;
    this.host = details.host;
    this.connection = details.connection;
    this.answer = details.answer;
    this.service = details.service;
  }
}

/** Whether an error only says that the user cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof BrigadeError
    ? error.code === 'Cancelled'
    : error instanceof Error && error.name === 'AbortError';
}

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

/** The SDK's providers tell their failures apart by sentence only. */
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
  const message = withoutSecrets(facts.message === '' ? facts.name : facts.message);
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
  return { action: match?.[1], resource: match?.[2] };
}

/** Some of AWS's sentences repeat the access key id or a presigned URL. */
function withoutSecrets(message: string): string {
  return message
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1…')
    .replace(/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'<]+/gi, '$1…');
}
