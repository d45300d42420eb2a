import type { Problem } from './problems.ts';

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
  /** A new role still cannot be assumed by Lambda or S3, a minute after it was made. */
  | 'RoleNotReady'
  /** Something failed, and not all that had been done could be undone: see `left`. */
  | 'UndoIncomplete'
  | 'Unknown';

/** `src/vscode/` has a sentence for each. */
export type ErrorReason =
  /** A regular expression or glob backtracks without end. */
  | 'SlowPattern'
  /** There is no completion report. */
  | 'NoTaskRan'
  | 'NotYetWritten'
  /** The object must be restored before it can be read or copied. */
  | 'Archived'
  /** Object Lock keeps the version: its retention has not ended, or it has a legal hold. */
  | 'ObjectLock'
  /** The bucket wants a code of a device (MFA) with each deletion of a version. */
  | 'MfaDelete'
  /** A bucket of that name is one's own, or another account's. */
  | 'OwnBucket'
  | 'TakenName'
  /** What a delete was to be undone of has changed since. */
  | 'VersionsGone'
  | 'DeletedAgain'
  | 'WrittenSince'
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
  /** A report says of no object what its tags were before. */
  | 'NothingToUndo'
  /** There is another object at the destination. */
  | 'Exists'
  /** The service did not keep all of an object in its copy; the message names what. */
  | 'NotKept'
  /** The service did not make all of a change to an object; the message names what. */
  | 'NotTaken'
  /** Parts of an upload are still in the bucket. */
  | 'UnfinishedUpload'
  /** Of code `Cancelled`: the user stopped waiting for a connection, whose views have to say so. */
  | 'ConnectingCancelled'
  /** It has more bytes than can be held. */
  | 'TooBig'
  /** It is no text that could be shown. */
  | 'Binary'
  /** It ends before the part that was asked for. */
  | 'BeyondEnd'
  /** The service can't give a part of an object. */
  | 'NoRanges'
  /** Nothing would be in the manifest that was to be written. */
  | 'NoRowLeft'
  /** Another window of VS Code works on it. */
  | 'OtherWindow'
  /** Nothing is selected, or nothing matches. */
  | 'NoObjects';

export interface BrigadeErrorDetails {
  /** What is wrong, for a sentence that src/vscode/ makes; the message is for the log. */
  readonly problem?: Problem;
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
  readonly problem: Problem | undefined;
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
    this.problem = details.problem;
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
