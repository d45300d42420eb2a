import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readLogLines, type LogLine } from '../functions/functionLogs.ts';
import { Pace } from '../pace.ts';
import { attemptsAbout, attemptsIn, type Upload } from './attempts.ts';
import type { FunctionFacts, LogFacts } from './facts.ts';
import { searchedText } from './mention.ts';

/** Clocks of S3 and Lambda, and whole seconds of S3's. */
const BEFORE_MS = 2_000;
/** In which the invocation of an upload mostly begins. */
const SOON_MS = 15 * 60_000;
/** Lambda keeps an event for six hours, then a run may take fifteen minutes (guide, "Lambda quotas"). */
const LATEST_MS = 6 * 3_600_000 + SOON_MS;
/** Lines that are read as they are; a busier function is searched for the object's. */
const MAX_LINES = 2_000;
/** Invocations whose lines are read one by one then, each by a request. */
const MAX_FOLLOWED = 5;

/**
 * Pages that follow objects share one line of requests, as they share an account's five FilterLogEvents
 * a second (CloudWatch Logs user guide, "CloudWatch Logs quotas").
 */
const pace = new Pace({ most: 1, maxRetries: 5, pause: 1_000 });

interface Question {
  readonly upload: Upload & { readonly at: Date };
  /** By when it was complete, where that is later. */
  readonly completeBy: Date;
  readonly function: Pick<FunctionFacts, 'name' | 'region' | 'logGroup'>;
  readonly now: Date;
}

/**
 * The runs of a function since an upload: all of a quiet function's, and of a busy one's those that name
 * the object.
 *
 * @throws BrigadeError `AccessDenied` (logs:FilterLogEvents), `Throttled` …
 */
export async function readLog(
  clients: AwsClients,
  question: Question,
  options: CallOptions = {},
): Promise<LogFacts> {
  const { upload, completeBy, now } = question;
  const { name: functionName, region, logGroup } = question.function;
  const query = { functionName, region, logGroup };
  const start = new Date(upload.at.getTime() - BEFORE_MS);
  const read = (more: object, until: number) => {
    const endTime = new Date(completeBy.getTime() + until);
    const asked = { ...query, ...more, startTime: start, endTime };
    return pace.run(() => readLogLines(clients, asked, MAX_LINES, options), options);
  };
  const soon = await read({}, SOON_MS);
  const facts = soon.isAll ? logFacts(soon.lines, upload) : { attempts: [], unnamed: [] };
  const mayBeLate = now.getTime() - completeBy.getTime() > SOON_MS;
  if (facts.attempts.length > 0 || (soon.isAll && !mayBeLate)) return facts;
  const text = searchedText(upload.key);
  if (text === undefined) return facts;
  const found = await read({ filterPattern: `"${text}"` }, LATEST_MS);
  const ids = attemptsAbout(attemptsIn(found.lines), upload).map(({ requestId }) => requestId);
  const lines: LogLine[] = [];
  for (const requestId of [...new Set(ids)].slice(0, MAX_FOLLOWED)) {
    lines.push(...(await read({ requestId }, LATEST_MS)).lines);
  }
  const { attempts } = logFacts(byTime(lines), upload);
  return { attempts, unnamed: facts.unnamed };
}

/** The lines of each stream stay in their order. */
function byTime(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => a.timestamp.getTime() - b.timestamp.getTime());
}

/** The runs that lines tell of, as far as they may be about an upload. */
export function logFacts(
  lines: readonly LogLine[],
  upload: Upload & { readonly at: Date },
): LogFacts {
  const all = attemptsIn(lines);
  const attempts = attemptsAbout(all, upload);
  const unnamed = all.filter(
    attempt =>
      attempt.mentions.length === 0 &&
      attempt.startedAt >= upload.at &&
      !attempts.includes(attempt),
  );
  return { attempts, unnamed };
}
