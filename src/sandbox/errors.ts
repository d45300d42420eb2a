/** Further elements or headers of an error answer, e.g. `{ BucketName: 'photos' }`. */
export type ErrorFields = Readonly<Record<string, string>>;

/** An error as AWS answers it: every protocol of the sandbox renders it in its own shape. */
export class AwsError extends Error {
  readonly code: string;
  /** The HTTP status, 300 to 599. */
  readonly status: number;
  readonly fields: ErrorFields;
  /** Headers of the answer, e.g. `x-amz-delete-marker` beside a 404. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    status: number,
    message: string,
    fields: ErrorFields = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}

/** The honest answer to an operation the sandbox does not have: 501 with the operation's name. */
export function notImplemented(operation: string): AwsError {
  return new AwsError(
    'NotImplemented',
    501,
    `The sandbox does not implement ${operation}.`,
    { Operation: operation },
    // The name may come from the client, and a header takes less than a body.
    { 'x-amz-sandbox-operation': operation.replace(/[^\x20-\x7e]/g, '?') },
  );
}

/** AWS's answer to a fault of its own; the cause goes to the log, never to the client. */
export function internalError(): AwsError {
  return new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.');
}

const SQLITE_FULL = 13;

/** Turns whatever was thrown into the error to answer. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (isDiskFull(error)) {
    // 507 is no status that the SDKs retry, so a person sees the reason at once.
    return new AwsError(
      'InsufficientStorage',
      507,
      "The disk that holds the sandbox's data folder is full.",
    );
  }
  return internalError();
}

/** Whether a file system or SQLite error says that the disk (or a quota) is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL;
}
