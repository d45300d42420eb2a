import { outcomeOf, type Attempt } from './attempts.ts';
import { completeBy, type FunctionFacts, type LogFacts, type StoryFacts } from './facts.ts';
import { isInParts, matchNotifications, type MatchedNotification } from './matchEvent.ts';
import type { Step, StepKind, StepReason, StepState, Story } from './story.ts';

const KINDS: readonly StepKind[] = ['uploaded', 'event', 'function', 'invocation', 'resized'];

/** Milliseconds in which S3's event, the invocation and its log lines come, mostly in a few seconds. */
const PATIENCE_MS = 3 * 60_000;
/** A clock may be some minutes ahead of AWS's: what seems to be over is looked at for a while. */
const NEW_MS = 15 * 60_000;
const LEAST_MS = 20_000;
/** The shortest retention of a log group (CloudWatch Logs, PutRetentionPolicy). */
const SHORTEST_RETENTION_MS = 24 * 3_600_000;
/** Lambda waits so long before it runs a failed event again (developer guide, "Error handling for async"). */
const RETRY_WAITS_MS = [60_000, 120_000];

/**
 * Builds an object's story, step by step, from the facts read so far.
 *
 * @param now decides which steps are still expected and which are late
 */
export function buildStory(facts: StoryFacts, now: Date): Story {
  const until = waitsUntil(facts);
  const isLate = now >= until;
  const steps: Step[] = [];
  for (const stepOf of [uploadStep, eventStep, functionStep, invocationStep, resultsStep]) {
    const step = stepOf(facts, isLate);
    steps.push(step);
    if (step.state === 'failed' || step.state === 'waiting') break;
    // What is denied hides the rest of the story only where nothing else leads there.
    if (step.state === 'unknown' && !goesOn(step, facts)) break;
  }
  const state = steps.at(-1)?.state ?? 'unknown';
  const rest = KINDS.slice(steps.length).map((kind): Step => ({ kind, state: 'pending' }));
  return { steps: [...steps, ...rest], isOver: state !== 'waiting', until };
}

function goesOn({ kind, reason }: Step, facts: StoryFacts): boolean {
  if (kind === 'function') return true;
  return kind === 'invocation' && (facts.results.length > 0 || reason?.kind === 'notNamed');
}

function step(kind: StepKind, state: StepState, reason?: StepReason, at?: Date): Step {
  return { kind, state, ...(reason && { reason }), ...(at && { at }) };
}

function uploadStep({ upload, sending }: StoryFacts): Step {
  if (sending?.state === 'running' || sending?.state === 'paused') {
    const isPaused = sending.state === 'paused';
    return step('uploaded', 'waiting', { kind: 'sending', isPaused });
  }
  if (sending !== undefined) {
    const isCancelled = sending.state === 'cancelled';
    return step('uploaded', 'failed', { kind: 'notSent', isCancelled });
  }
  switch (upload.kind) {
    case 'known':
      return step('uploaded', 'done', undefined, upload.value.at);
    case 'missing':
      return step('uploaded', 'failed', { kind: 'objectMissing' });
    case 'denied':
      return step('uploaded', 'unknown', { kind: 'denied', action: upload.action });
    case 'unknown':
      return step('uploaded', 'waiting');
  }
}

/** The event notification that S3 sends for the object, or else those that it does not send. */
export function matchesOf({ object, upload, notifications }: StoryFacts): MatchedNotification[] {
  if (notifications.kind !== 'known') return [];
  const eTag = upload.kind === 'known' ? upload.value.eTag : undefined;
  return matchNotifications(notifications.value.notifications, { key: object.key, eTag });
}

function eventStep(facts: StoryFacts): Step {
  const { notifications } = facts;
  if (notifications.kind === 'denied') {
    return step('event', 'unknown', { kind: 'denied', action: notifications.action });
  }
  if (notifications.kind !== 'known') return step('event', 'waiting');
  const matches = matchesOf(facts);
  const [first] = matches;
  const { eventBridge } = notifications.value;
  // S3 sends every event of the bucket there: what its rules do with it can't be seen from here.
  const stopped = eventBridge ? 'unknown' : 'failed';
  if (first === undefined) {
    return step('event', stopped, { kind: 'noNotifications', eventBridge });
  }
  const { notification, mismatch, isConditional } = first;
  if (mismatch !== undefined) {
    return step('event', stopped, { kind: 'noneMatches', near: matches, eventBridge });
  }
  const { kind: to, arn } = notification.destination;
  if (to !== 'lambda') return step('event', 'unknown', { kind: 'otherDestination', to, arn });
  return step('event', 'done', { kind: 'sent', notification, isConditional });
}

function functionStep({ function: found, log }: StoryFacts): Step {
  if (found === undefined) return step('function', 'waiting');
  const { details, isPermitted, reservedConcurrency } = found;
  if (details.kind === 'missing') return step('function', 'failed', { kind: 'functionMissing' });
  // What ran was permitted then, whatever is so now.
  const hasRun = log.kind === 'known' && log.value.attempts.length > 0;
  if (!hasRun && isPermitted === false) {
    return step('function', 'failed', { kind: 'notPermitted' });
  }
  if (!hasRun && reservedConcurrency === 0) {
    return step('function', 'failed', { kind: 'nothingReserved' });
  }
  if (details.kind === 'denied') {
    return step('function', 'unknown', { kind: 'denied', action: details.action });
  }
  if (details.kind !== 'known') return step('function', 'waiting');
  const { state, reason } = details.value;
  if (!hasRun && state === 'Failed') {
    return step('function', 'failed', { kind: 'functionBroken', state, reason });
  }
  return step('function', 'done');
}

function invocationStep(facts: StoryFacts, isLate: boolean): Step {
  const { log } = facts;
  if (log.kind === 'denied') {
    return step('invocation', 'unknown', { kind: 'denied', action: log.action });
  }
  const { attempts, unnamed } = logOf(facts);
  const last = attempts.at(-1);
  if (last !== undefined) return attemptStep(last, facts.function, isLate);
  if (unnamed.length > 0 && (isLate || unnamed.every(({ status }) => status !== 'running'))) {
    return unnamedStep(unnamed, facts, isLate);
  }
  if (!isLate) return step('invocation', 'waiting');
  const { throttles = 0, upload, since, results } = facts;
  // What was written since tells that something ran, though the log has expired or could not be written.
  const isWritten = results.some(({ state }) => state === 'there');
  if (throttles > 0 && !isWritten)
    return step('invocation', 'failed', { kind: 'throttled', count: throttles });
  const age = upload.kind === 'known' ? since.getTime() - upload.value.at.getTime() : 0;
  const isOld = age > SHORTEST_RETENTION_MS;
  return step('invocation', isWritten ? 'unknown' : 'failed', { kind: 'noInvocation', isOld });
}

function logOf({ log }: StoryFacts): LogFacts {
  return log.kind === 'known' ? log.value : { attempts: [], unnamed: [] };
}

/** A function that dies before it logs what it works on leaves runs without a name. */
function unnamedStep(unnamed: readonly Attempt[], facts: StoryFacts, isLate: boolean): Step {
  const [only, ...others] = unnamed;
  const at = only?.startedAt;
  const isOne = others.every(({ requestId }) => requestId === only?.requestId);
  const last = unnamed.at(-1);
  // Several runs of the only request there was, and they failed: no other object has been uploaded.
  if (isOne && last !== undefined && isFailure(last)) {
    return attemptStep(last, facts.function, isLate);
  }
  // The resize function names what it works on as soon as it runs.
  if (facts.function?.isOurs === true && !isLate) return step('invocation', 'waiting');
  return step('invocation', 'unknown', { kind: 'notNamed', count: unnamed.length }, at);
}

function isFailure({ status }: Attempt): boolean {
  return status !== 'running' && status !== 'succeeded';
}

function attemptStep(last: Attempt, found: FunctionFacts | undefined, isLate: boolean): Step {
  const { status, startedAt: at } = last;
  if (status === 'running') {
    return step('invocation', isLate ? 'unknown' : 'waiting', { kind: 'running' }, at);
  }
  if (status === 'succeeded') return step('invocation', 'done', undefined, at);
  const of = 1 + (found?.retries ?? RETRY_WAITS_MS.length);
  const next = isLate ? undefined : nextTry(last, of);
  const { number: attempt, errorType, errorMessage: message } = last;
  const reason = {
    kind: 'attemptFailed',
    why: status,
    attempt,
    of,
    next,
    onFailure: next === undefined ? found?.onFailure : undefined,
    errorType,
    message,
  } as const;
  return step('invocation', next === undefined ? 'failed' : 'waiting', reason, at);
}

function nextTry({ number, endedAt, startedAt }: Attempt, of: number): Date | undefined {
  const wait = RETRY_WAITS_MS[number - 1];
  if (number >= of || wait === undefined) return undefined;
  return new Date((endedAt ?? startedAt).getTime() + wait);
}

function resultsStep(facts: StoryFacts, isLate: boolean): Step {
  const { results, missingBucket, object, function: found } = facts;
  const outcome = outcomeOf(logOf(facts).attempts, object);
  if (outcome?.outcome === 'failed' || outcome?.outcome === 'skipped') {
    const { errorType, message } = outcome;
    const isSkip = outcome.outcome === 'skipped';
    return step('resized', 'failed', { kind: 'notResized', isSkip, errorType, message });
  }
  if (missingBucket !== undefined) {
    return step('resized', 'failed', { kind: 'bucketMissing', bucket: missingBucket });
  }
  if (results.length === 0) {
    return found?.isOurs === true && outcome === undefined && !isLate
      ? step('resized', 'waiting')
      : step('resized', 'unknown', { kind: 'otherFunction' });
  }
  const missing = results.filter(({ state }) => state === 'missing' || state === 'older');
  const last = results.map(({ at }) => at?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0);
  if (missing.length > 0) {
    const keys = missing.map(({ key }) => key);
    return step('resized', isLate ? 'failed' : 'waiting', { kind: 'resultMissing', keys });
  }
  return results.some(({ state }) => state === 'denied')
    ? step('resized', 'unknown', { kind: 'denied', action: 's3:GetObject' })
    : step('resized', 'done', undefined, new Date(last));
}

/** An upload of long ago is not waited for; a run that was seen gets the time it may take. */
function waitsUntil(facts: StoryFacts): Date {
  const { upload, function: found, since, sentAt } = facts;
  if (upload.kind !== 'known') return new Date(8.64e15);
  const { attempts, unnamed } = logOf(facts);
  const details = found?.details;
  const timeout = (details?.kind === 'known' ? details.value.timeoutSeconds : 900) * 1000;
  const ends = [...attempts, ...unnamed].map(attempt => {
    const began = (attempt.endedAt ?? attempt.startedAt).getTime();
    if (attempt.status === 'running') return began + timeout + PATIENCE_MS;
    const next = isFailure(attempt) ? nextTry(attempt, 1 + (found?.retries ?? 2)) : undefined;
    return (next?.getTime() ?? began) + PATIENCE_MS;
  });
  const uploaded = completeBy(upload.value, sentAt).getTime();
  const looked = since.getTime();
  // An object that was uploaded in parts has the date on which that began: it may be done just now.
  const isNew = looked - uploaded < NEW_MS || isInParts(upload.value.eTag);
  return new Date(Math.max(uploaded + PATIENCE_MS, isNew ? looked + LEAST_MS : 0, ...ends));
}
