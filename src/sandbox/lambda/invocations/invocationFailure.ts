import type { PhaseEnd } from '../environments/executionEnvironment.ts';
import { RESPONSE_LIMIT } from '../environments/runtimeApi.ts';

/** Why an invocation, or an initialization, failed: what the caller, the log and the report say. */
export interface Failure {
  readonly payload: Buffer;
  readonly status: 'error' | 'timeout';
  readonly errorType: string;
  /** The line in the log, where Lambda writes one. */
  readonly logLine: string | undefined;
}

/**
 * What Lambda makes of a phase that ended without a result.
 * @param timeoutMs the limit that a time-out names
 */
export function failureOf(
  end: PhaseEnd,
  requestId: string,
  timeoutMs: number,
): Failure | undefined {
  switch (end.kind) {
    case 'ready':
    case 'response':
      return undefined;
    case 'error':
    case 'initError':
      return { payload: end.body, status: 'error', errorType: end.errorType, logLine: undefined };
    case 'tooLarge': {
      const message = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
      return failed('error', 'Function.ResponseSizeTooLarge', message, undefined);
    }
    case 'timeout': {
      const message = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      const line = `${new Date().toISOString()} ${requestId} ${message}`;
      return failed('timeout', 'Sandbox.Timedout', named(requestId, message), line);
    }
    case 'outOfMemory': {
      const message = named(requestId, 'Runtime exited with error: signal: killed');
      const killed = failed('error', 'Runtime.ExitError', message, `${message}\nRuntime.ExitError`);
      return { ...killed, errorType: 'Runtime.OutOfMemory' };
    }
    case 'gone':
    case 'exit': {
      const message = named(requestId, exitReason(end));
      return failed('error', 'Runtime.ExitError', message, `${message}\nRuntime.ExitError`);
    }
  }
}

function failed(
  status: Failure['status'],
  errorType: string,
  errorMessage: string,
  logLine: string | undefined,
): Failure {
  const payload = Buffer.from(JSON.stringify({ errorType, errorMessage }));
  return { payload, status, errorType, logLine };
}

const named = (requestId: string, message: string): string =>
  `RequestId: ${requestId} Error: ${message}`;

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
  SIGTRAP: 'trace/breakpoint trap',
  SIGILL: 'illegal instruction',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
};

function exitReason(end: Extract<PhaseEnd, { kind: 'gone' | 'exit' }>): string {
  if (end.kind === 'gone' || end.code === 0) return 'Runtime exited without providing a reason';
  if (end.signal !== null) {
    return `Runtime exited with error: signal: ${SIGNALS[end.signal] ?? end.signal.toLowerCase()}`;
  }
  return `Runtime exited with error: exit status ${end.code ?? 1}`;
}
