import { format } from 'node:util';
import { reportOf } from './runtimeErrors.ts';
import { writeLogRecord } from './telemetry.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

/** The request whose handler runs; undefined while the module is loaded, as on AWS. */
let requestId: string | undefined;

export function setLoggedRequest(id: string | undefined): void {
  requestId = id;
}

/** Makes console.* write log records in the function's log format (Text or JSON). */
export function patchConsole(logFormat: string | undefined, logLevel: string | undefined): void {
  const line = logFormat === 'JSON' ? jsonLine : textLine;
  // AWS filters by level in the JSON format only.
  const least =
    logFormat === 'JSON' ? Math.max(0, LEVELS.indexOf((logLevel ?? 'INFO') as Level)) : 0;
  const writer =
    (level: Level) =>
    (...args: unknown[]): void => {
      if (LEVELS.indexOf(level) >= least) writeLogRecord(line(level, args));
    };
  Object.assign(console, {
    trace: writer('TRACE'),
    debug: writer('DEBUG'),
    info: writer('INFO'),
    log: writer('INFO'),
    warn: writer('WARN'),
    error: writer('ERROR'),
    fatal: writer('FATAL'),
  });
}

function textLine(level: Level, args: readonly unknown[]): string {
  return `${new Date().toISOString()}\t${String(requestId)}\t${level}\t${format(...args)}`;
}

function jsonLine(level: Level, args: readonly unknown[]): string {
  const record = { timestamp: new Date().toISOString(), level, requestId };
  const [only] = args;
  if (args.length === 1 && typeof only === 'object' && only !== null && !(only instanceof Error)) {
    try {
      return JSON.stringify({ ...record, message: only });
    } catch {
      // Circular, or a BigInt: as text then.
    }
  }
  const error = args.find(argument => argument instanceof Error);
  return JSON.stringify({
    ...record,
    message: format(...args),
    ...(error === undefined ? {} : errorFields(error)),
  });
}

function errorFields(error: Error): object {
  const { errorType, errorMessage, trace } = reportOf(error);
  return { errorType, errorMessage, stackTrace: trace.slice(1).map(line => line.trim()) };
}
