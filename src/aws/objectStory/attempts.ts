import type { LogLine } from '../functions/functionLogs.ts';
import { invocationLines } from '../functions/invocationLines.ts';
import { mentionsIn, mentionsInText, type FollowedObject, type Mention } from './mention.ts';
import { parsed, platformLine, recordOf, textOf, type AttemptReport } from './reportLine.ts';

/** One run of a function. Lambda's retries have the request id of the first. */
export interface Attempt {
  readonly requestId: string;
  /** From 1, among those of its request id. */
  readonly number: number;
  /** The log stream: one per execution environment. */
  readonly stream: string;
  readonly startedAt: Date;
  /** When Lambda reported its end; undefined while it runs. */
  readonly endedAt?: Date;
  /** Whether it waited for a new execution environment; undefined where that is not known yet. */
  readonly isCold?: boolean;
  readonly status: 'running' | 'succeeded' | 'failed' | 'timedOut' | 'outOfMemory';
  readonly report: AttemptReport;
  /** Why it failed, in the function's or Lambda's words. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly mentions: readonly Mention[];
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}

interface Draft {
  readonly requestId: string;
  readonly stream: string;
  readonly lines: LogLine[];
  readonly isNewEnvironment: boolean;
  startedAt: Date;
  endedAt?: Date;
  report?: AttemptReport;
}

/**
 * The runs of a function that its log tells of, by their beginning. Lines of several streams may be
 * mixed; those without a request id are of what runs in their stream.
 *
 * @param lines oldest first
 */
export function attemptsIn(lines: readonly LogLine[]): Attempt[] {
  const drafts: Draft[] = [];
  const latest = new Map<string, Draft>();
  const inits = new Map<string, LogLine[]>();
  for (const { timestamp, message, stream, requestId } of invocationLines(lines)) {
    const line = { timestamp, message, stream };
    const platform = platformLine(message);
    if (platform?.kind === 'initStart') inits.set(stream, [line]);
    if (requestId === undefined) {
      if (platform === undefined) inits.get(stream)?.push(line);
      continue;
    }
    const id = `${requestId} ${stream}`;
    let draft = latest.get(id);
    if (draft === undefined || (platform?.kind === 'start' && draft.endedAt !== undefined)) {
      const before = inits.get(stream);
      inits.delete(stream);
      const isNewEnvironment = before !== undefined;
      draft = {
        ...{ requestId, stream, isNewEnvironment },
        lines: before ?? [],
        startedAt: timestamp,
      };
      latest.set(id, draft);
      drafts.push(draft);
    }
    draft.lines.push(line);
    if (platform?.kind === 'report') {
      draft.endedAt = timestamp;
      draft.report = platform.report;
    }
  }
  return numbered(drafts.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime()));
}

function numbered(drafts: readonly Draft[]): Attempt[] {
  const counts = new Map<string, number>();
  return drafts.map(draft => {
    const number = (counts.get(draft.requestId) ?? 0) + 1;
    counts.set(draft.requestId, number);
    return { ...attemptOf(draft), number };
  });
}

function attemptOf(draft: Draft): Omit<Attempt, 'number'> {
  const { requestId, stream, startedAt, endedAt, report = {}, lines } = draft;
  const error = lines.map(errorIn).find(found => found !== undefined);
  const status = statusOf(draft, error);
  const isFailure = status !== 'running' && status !== 'succeeded';
  return {
    ...{ requestId, stream, startedAt, endedAt, status, report, lines },
    isCold: coldness(draft, isFailure),
    ...(isFailure && {
      errorType: error?.type ?? report.errorType,
      errorMessage: error?.message,
    }),
    mentions: lines.flatMap(({ message }) => mentionsIn(message)),
  };
}

/** A failed start is reported without its time; one of an environment kept warm by itself is none. */
function coldness({ report, isNewEnvironment }: Draft, isFailure: boolean): boolean | undefined {
  if (report === undefined) return isNewEnvironment ? true : undefined;
  return report.initMs !== undefined || (isNewEnvironment && isFailure);
}

function statusOf({ report, lines }: Draft, error: Failure | undefined): Attempt['status'] {
  const text = (pattern: RegExp): boolean => lines.some(({ message }) => pattern.test(message));
  if (report?.status === 'timeout' || text(TIMED_OUT)) return 'timedOut';
  if (isOutOfMemory(report, text)) return 'outOfMemory';
  if (report === undefined) return 'running';
  return report.status !== undefined || error?.endsAttempt === true ? 'failed' : 'succeeded';
}

const TIMED_OUT = /^\S+ \S+ Task timed out after [\d.]+ seconds/;
const KILLED = /Runtime exited with error: signal: killed/;
const HEAP = /JavaScript heap out of memory/;

/** The kernel kills what needs more than there is; only its use tells it from other ends. */
function isOutOfMemory(
  report: AttemptReport | undefined,
  text: (pattern: RegExp) => boolean,
): boolean {
  if (report?.errorType === 'Runtime.OutOfMemory' || text(HEAP)) return true;
  const { memoryMegabytes = Infinity, maxMemoryMegabytes = 0 } = report ?? {};
  return text(KILLED) && maxMemoryMegabytes >= memoryMegabytes;
}

interface Failure {
  readonly type?: string;
  readonly message: string;
  /** Reports of before 2024 do not say that an attempt failed. */
  readonly endsAttempt: boolean;
}

/** What a runtime writes about what a handler threw, and Lambda about a runtime that ended. */
function errorIn({ message }: LogLine): Failure | undefined {
  const exited = /^RequestId: \S+ Error: (.+)(?:\n(\S+))?/.exec(message);
  if (exited) return { message: exited[1] ?? '', type: exited[2], endsAttempt: true };
  const at = message.indexOf('{');
  if (at === -1) return undefined;
  const whole = recordOf(parsed(message.slice(at)));
  const inner = recordOf(whole['message']);
  const { errorType, errorMessage } = 'errorMessage' in inner ? inner : whole;
  const said = textOf(errorMessage);
  if (said === undefined) return undefined;
  const endsAttempt = /\t(Invoke Error|Uncaught Exception|Unhandled Promise Rejection) *\t/.test(
    message.slice(0, at),
  );
  return { message: said, type: textOf(errorType), endsAttempt };
}

/** An upload: what tells it from an earlier one of its key. */
export interface Upload extends FollowedObject {
  readonly eTag?: string;
  readonly versionId?: string;
}

/** The runs about one upload, every retry with them; an event of an earlier upload is none of it. */
export function attemptsAbout(attempts: readonly Attempt[], upload: Upload): Attempt[] {
  const ids = new Set(
    attempts.flatMap(attempt => (isAbout(attempt, upload) ? [attempt.requestId] : [])),
  );
  return attempts.filter(({ requestId }) => ids.has(requestId));
}

function isAbout({ mentions, lines }: Attempt, upload: Upload): boolean {
  const { bucket, key } = upload;
  const named = mentions.filter(one => one.bucket === bucket && one.key === key);
  if (named.length === 0) {
    return mentions.length === 0 && lines.some(({ message }) => mentionsInText(message, upload));
  }
  return !named.some(one => isOther(one, upload));
}

function isOther(one: Mention, { eTag, versionId }: Upload): boolean {
  if (one.versionId !== undefined && versionId !== undefined) return one.versionId !== versionId;
  return one.eTag !== undefined && eTag !== undefined && one.eTag !== eTag;
}

/** The object's result according to the runs that ended: the last one counts. */
export function outcomeOf(
  attempts: readonly Attempt[],
  { bucket, key }: FollowedObject,
): Mention | undefined {
  return attempts
    .flatMap(({ mentions }) => mentions)
    .filter(one => one.bucket === bucket && one.key === key)
    .findLast(({ outcome }) => outcome !== undefined && outcome !== 'started');
}
