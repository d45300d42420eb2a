import type { LogLine } from './functionLogs.ts';

/** A line of a log, with what is known of the invocation that wrote it. */
export interface InvocationLine extends LogLine {
  readonly requestId?: string;
  /** The object that the invocation was about, where the function logs its bucket and key. */
  readonly key?: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** As Lambda writes it, and as the runtimes put it before a function's own lines. */
const REQUEST_ID = new RegExp(`(?:RequestId: |"requestId":\\s*"|[\\tZ] ?)(${UUID})\\b`);

/** Characters of a line that are searched: it may have a million. */
const HEAD = 10_000;

/** Words by which Lambda, its runtimes and the bundled function mark what went wrong. */
const ERROR =
  /\b(?:ERROR|FATAL|\w*(?:Error|Exception)|Task timed out|Status: (?:error|timeout))\b|"level":\s*"(?:error|fatal)"/;

/** The same for CloudWatch Logs, which finds a line that has one of these (filter pattern syntax). */
export const ERROR_PATTERN =
  '?ERROR ?Error ?FATAL ?Exception ?"Task timed out" ?"Status: error" ?"Status: timeout" ?"\\"error\\""';

/**
 * Tells of each line which invocation it is of, and of which object. An execution environment, which
 * has a stream of its own, runs one invocation at a time: a line without a request id is of the one
 * that is under way there.
 *
 * @param lines oldest first
 */
export function invocationLines(lines: readonly LogLine[]): InvocationLine[] {
  const underWay = new Map<string, string>();
  const keys = new Map<string, Set<string>>();
  const found = lines.map(line => {
    const own = requestIdOf(line);
    if (own !== undefined) underWay.set(line.stream, own);
    const requestId = own ?? underWay.get(line.stream);
    if (hasEnded(line)) underWay.delete(line.stream);
    const key = objectKey(line.message);
    if (key !== undefined && requestId !== undefined) {
      keys.set(requestId, (keys.get(requestId) ?? new Set()).add(key));
    }
    return { ...line, requestId, key };
  });
  return found.map(line => ({ ...line, key: line.key ?? joined(keys.get(line.requestId ?? '')) }));
}

/** Every line of an invocation that has a line of an error, and such lines of none. */
export function failedLines(lines: readonly InvocationLine[]): InvocationLine[] {
  const failed = new Set(lines.flatMap(line => (isError(line) ? [line.requestId] : [])));
  return lines.filter(line =>
    line.requestId === undefined ? isError(line) : failed.has(line.requestId),
  );
}

/** What went wrong, in a line: of each invocation that failed what it said first, the newest first. */
export function errorLines(lines: readonly InvocationLine[]): InvocationLine[] {
  const seen = new Set<string>();
  const first = lines.filter(line => {
    const { requestId = line.message } = line;
    if (!isError(line) || seen.has(requestId)) return false;
    seen.add(requestId);
    return true;
  });
  return first.reverse().map(line => ({ ...line, message: plainMessage(line.message) }));
}

/** Of JSON, and of what the runtimes write around an error, what a person reads. */
function plainMessage(message: string): string {
  const at = message.indexOf('{');
  const { errorType, errorMessage, message: inner } = at === -1 ? {} : fields(message.slice(at));
  const said = errorMessage ?? inner;
  if (typeof said !== 'string')
    return message.replace(/^[^\t]*Z\t[^\t]*\t/, '').split('\n')[0] ?? '';
  if (said.startsWith('{')) return plainMessage(said);
  return typeof errorType === 'string' ? `${errorType}: ${said}` : said;
}

/** The invocations that began in these lines, and have not ended there. */
export function unfinished(lines: readonly LogLine[]): string[] {
  const running = new Set<string>();
  for (const line of lines) {
    const id = requestIdOf(line);
    if (id === undefined) continue;
    if (/^START RequestId|"type":\s*"platform\.start"/.test(line.message)) running.add(id);
    if (hasEnded(line)) running.delete(id);
  }
  return [...running];
}

function requestIdOf({ message }: LogLine): string | undefined {
  return REQUEST_ID.exec(message.slice(0, HEAD))?.[1];
}

function isError({ message }: LogLine): boolean {
  return ERROR.test(message.slice(0, HEAD));
}

function hasEnded({ message }: LogLine): boolean {
  return /^REPORT RequestId|"type":\s*"platform\.report"/.test(message);
}

/** The bundled function logs JSON; Lambda's JSON format puts that into a `message`. */
function objectKey(message: string): string | undefined {
  const at = message.indexOf('{');
  if (at === -1) return undefined;
  const { bucket, key, message: inner } = fields(message.slice(at));
  if (typeof bucket === 'string' && typeof key === 'string') return key;
  return typeof inner === 'string' && inner.startsWith('{') ? objectKey(inner) : undefined;
}

function fields(json: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function joined(keys: ReadonlySet<string> | undefined): string | undefined {
  return keys && [...keys].join(', ');
}
