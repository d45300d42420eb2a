/**
 * What went wrong, in the few kinds that people act on differently. `src/vscode/` has a sentence and
 * buttons for each.
 */
export type ErrorCode =
  | 'NoConnection'
  | 'Cancelled'
  | 'Network'
  | 'CredentialsExpired'
  | 'CredentialsMissing'
  | 'AccessDenied'
  | 'NotFound'
  | 'Conflict'
  | 'Throttled'
  | 'InvalidInput'
  | 'SandboxFailed'
  | 'Unknown';

export interface BrigadeErrorDetails {
  /** What it is about: a bucket, an object's S3 URI, a job id, a role's ARN … */
  readonly subject?: string;
  /** AWS's own error code and sentence, where AWS answered. */
  readonly awsCode?: string;
  readonly awsMessage?: string;
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** The one error that leaves `src/aws/`. */
export class BrigadeError extends Error {
  override readonly name = 'BrigadeError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly awsCode: string | undefined;
  readonly awsMessage: string | undefined;
  readonly requestId: string | undefined;

  constructor(code: ErrorCode, message: string, details: BrigadeErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.awsCode = details.awsCode;
    this.awsMessage = details.awsMessage;
    this.requestId = details.requestId;
  }
}
