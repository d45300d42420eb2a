import { BrigadeError, type BrigadeErrorDetails, type ErrorCode } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

/** An error on its way between two processes, as JSON. */
export interface ErrorFacts extends Omit<BrigadeErrorDetails, 'cause'> {
  readonly code: ErrorCode;
  readonly message: string;
  /** For the log. */
  readonly stack?: string;
}

/** What another process needs of whatever was thrown. */
export function toErrorFacts(thrown: unknown): ErrorFacts {
  const error = toBrigadeError(thrown);
  const { code, message, subject, awsCode, awsMessage, requestId, action, resource, left } = error;
  const { reason, problem, host, connection, answer, service, stack } = error;
  return {
    ...{ code, message, subject, awsCode, awsMessage, requestId, action, resource, left },
    ...{ reason, problem, host, connection, answer, service },
    stack: error.cause instanceof Error ? (error.cause.stack ?? stack) : stack,
  };
}

/** The error again; its cause says where it was thrown. */
export function fromErrorFacts({ code, message, stack, ...details }: ErrorFacts): BrigadeError {
  const cause = stack === undefined ? undefined : Object.assign(new Error(message), { stack });
  return new BrigadeError(code, message, { ...details, cause });
}
