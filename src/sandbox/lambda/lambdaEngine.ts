import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { REGION } from '../region.ts';
import type { EngineContext } from './engineContext.ts';
import { CodeStore } from './codeStore.ts';
import { Concurrency } from './invocations/concurrency.ts';
import { EnvironmentFactory, LATEST, environmentKey } from './environments/environmentFactory.ts';
import { EventQueue } from './invocations/eventQueue.ts';
import { EventTable } from './invocations/eventTable.ts';
import { matchFunctionName } from './functionName.ts';
import { runFunction } from './invocations/functionRunner.ts';
import type { RunInput, RunResult } from './invocations/functionRunner.ts';
import { FunctionTable } from './functionTable.ts';
import { count, putFunctionMetrics } from './invocations/invocationMetrics.ts';
import { SETTLE_MS, checkActive } from './lambdaFunction.ts';
import type { LambdaFunction } from './lambdaFunction.ts';
import { resolveFunction } from './resolveFunction.ts';
import { policyAllows } from './resourcePolicy.ts';

/** A call of a function whose result is waited for. */
export interface Invocation {
  /** A name, or an ARN, with a qualifier or without. */
  readonly functionName: string;
  /** What is named beside it; there is $LATEST only. */
  readonly qualifier?: string | undefined;
  /** JSON text, at most 6 MB. */
  readonly payload: Buffer;
  /** Made when it is left out. */
  readonly requestId?: string;
  /** What X-Amz-Client-Context holds, decoded. */
  readonly clientContext?: string;
  /**
   * The X-Amzn-Trace-Id that the function gets (`Lambda-Runtime-Trace-Id`, `_X_AMZN_TRACE_ID`): the SDK
   * in it sends it along with each of its calls, by which loops are found. Made when it is left out.
   */
  readonly traceHeader?: string;
  /** Gives up waiting; the function runs on, as on AWS. */
  readonly signal?: AbortSignal;
}

export interface InvocationResult extends RunResult {
  /** Only there when the function failed; then the payload tells why. */
  readonly functionError?: 'Unhandled';
  readonly payload: Buffer;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: Buffer;
  readonly executedVersion: string;
  readonly requestId: string;
}

/** A call that waits in the queue until it is run. */
export type AsynchronousInvocation = Pick<
  Invocation,
  'functionName' | 'payload' | 'requestId' | 'traceHeader'
>;

/** A service that wants to call a function on behalf of one of its resources. */
export interface Sender {
  readonly service: 's3.amazonaws.com';
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Bytes (Lambda quotas). */
export const SYNCHRONOUS_PAYLOAD = 6 * 1024 * 1024;
export const ASYNCHRONOUS_PAYLOAD = 1024 * 1024;

/** What is there between `start` and `stop`. */
interface Running {
  readonly factory: EnvironmentFactory;
  readonly queue: EventQueue;
}

/** The functions of the account, what runs them, and the queue of asynchronous invocations. */
export class LambdaEngine {
  readonly functions: FunctionTable;
  readonly code: CodeStore;
  readonly concurrency: Concurrency;
  private readonly events: EventTable;
  private readonly context: EngineContext;
  private readonly stopped = new AbortController();
  private readonly runs = new Set<Promise<unknown>>();
  private running: Running | undefined;

  constructor(context: EngineContext) {
    const { store } = context;
    this.context = context;
    this.functions = new FunctionTable(store);
    this.code = new CodeStore(store);
    this.code.sweep(this.functions.codes());
    this.concurrency = new Concurrency(this.functions);
    this.events = new EventTable(store);
  }

  /** Milliseconds that a new or changed function takes until it is ready. */
  get settleTime(): number {
    return this.context.faults.functionDelay || SETTLE_MS;
  }

  /**
   * Begins, with the asynchronous invocations that a former run has left.
   * @param endpoint where functions reach the sandbox
   */
  start(endpoint: string): void {
    const { context } = this;
    const factory = new EnvironmentFactory(context, endpoint, this.code, this.functions);
    const queue = new EventQueue(context, this.events, this.functions, (found, event) =>
      this.run(found, {
        requestId: event.requestId,
        functionArn: found.arn,
        payload: this.events.payload(event.id),
        traceHeader: event.traceHeader,
        clientContext: undefined,
      }),
    );
    this.running = { factory, queue };
    void factory.pool.expire(this.stopped.signal);
    queue.start();
  }

  /** Kills what runs; asynchronous invocations stay in the queue. */
  async stop(): Promise<void> {
    this.stopped.abort();
    const { running } = this;
    if (running === undefined) return;
    const queueStopped = running.queue.stop();
    running.factory.stop();
    await Promise.allSettled([queueStopped, ...this.runs]);
    this.running = undefined;
  }

  /**
   * Runs a function and waits for its result (InvocationType RequestResponse). Whether the caller may is
   * not asked here.
   * @throws AwsError ResourceNotFoundException 404; TooManyRequestsException 429 when it is throttled;
   * ResourceConflictException 409 while it is Pending; RequestTooLargeException 413
   */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { payload, requestId = randomUUID(), signal, functionName } = invocation;
    const { accountId } = this.context;
    const found = resolveFunction({ lambda: this, accountId }, functionName);
    const qualifier = invocation.qualifier ?? matchFunctionName(functionName)?.qualifier;
    checkPayload(payload, 'RequestResponse', SYNCHRONOUS_PAYLOAD);
    signal?.throwIfAborted();
    const run = this.run(found, {
      requestId,
      functionArn: qualifier === undefined ? found.arn : `${found.arn}:${qualifier}`,
      payload,
      clientContext: invocation.clientContext,
      traceHeader: invocation.traceHeader,
    });
    const result = await (signal === undefined ? run : Promise.race([run, rejection(signal)]));
    return { ...result, executedVersion: LATEST, requestId };
  }

  /**
   * Takes an asynchronous invocation (InvocationType Event); once this returns, or once the transaction
   * around it is committed, it survives a kill. It is tried again after 1 and after 2 minutes when the
   * function fails, and longer when it is throttled.
   * @returns the request id
   * @throws AwsError ResourceNotFoundException 404, RequestTooLargeException 413
   */
  acceptEvent(invocation: AsynchronousInvocation): string {
    const { context } = this;
    const { accountId, store } = context;
    const { payload, requestId = randomUUID(), traceHeader } = invocation;
    const found = resolveFunction({ lambda: this, accountId }, invocation.functionName);
    checkPayload(payload, 'Event', ASYNCHRONOUS_PAYLOAD);
    const now = context.clock.now();
    store.transaction(() => {
      this.events.insert({
        requestId,
        functionName: found.name,
        functionId: found.id,
        traceHeader,
        received: now.getTime(),
        payload,
      });
      putFunctionMetrics(context, found.name, now, [count('AsyncEventsReceived')]);
      store.afterCommit(() => this.running?.queue.wake());
    });
    return requestId;
  }

  /** Whether the function's resource policy lets the sender call it. */
  maySend(arn: string, sender: Sender): 'allowed' | 'denied' | 'noFunction' {
    const reference = matchFunctionName(arn);
    if (reference === undefined) return 'noFunction';
    const { name, region, accountId, qualifier } = reference;
    // There are no versions and no aliases here.
    const found = qualifier === undefined ? this.functions.find(name) : undefined;
    if (found === undefined || region !== REGION || !found.arn.includes(`:${accountId ?? ''}:`)) {
      return 'noFunction';
    }
    const conditions = {
      'aws:SourceArn': sender.sourceArn,
      'aws:SourceAccount': sender.sourceAccount,
    };
    return policyAllows(found.policy, sender.service, conditions) ? 'allowed' : 'denied';
  }

  /** Counts a call that was not made, as the function's own calls have caused it. */
  countLoop(arn: string): void {
    const { metrics, clock } = this.context;
    metrics.put([
      {
        namespace: 'AWS/Lambda',
        metricName: 'RecursiveInvocationsDropped',
        dimensions: { FunctionName: arn.split(':')[6] ?? '' },
        unit: 'Count',
        timestamp: clock.now(),
        value: 1,
      },
    ]);
  }

  /** Ends idle processes of a function that was changed or deleted. */
  retire(name: string): void {
    const found = this.functions.find(name);
    const key = found === undefined ? undefined : environmentKey(found);
    this.running?.factory.pool.retire(name, key);
  }

  /** How many asynchronous invocations wait or run. */
  get queuedEvents(): number {
    return this.events.size;
  }

  /** How many processes of functions there are. */
  get processes(): number {
    return this.running?.factory.pool.size ?? 0;
  }

  /** Runs a function now, or throws: it is Pending, throttled, or its role is gone. */
  private run(found: LambdaFunction, input: Omit<RunInput, 'concurrency'>): Promise<RunResult> {
    const run = this.runNow(found, input);
    this.runs.add(run);
    const forget = (): void => {
      this.runs.delete(run);
    };
    run.then(forget, forget);
    return run;
  }

  private async runNow(
    found: LambdaFunction,
    input: Omit<RunInput, 'concurrency'>,
  ): Promise<RunResult> {
    const { running, context } = this;
    this.throwIfStopped();
    if (running === undefined) throw stopping();
    const { factory } = running;
    checkActive(found, context.clock.now());
    const concurrency = this.enter(found);
    try {
      const result = await runFunction(context, factory, found, { ...input, concurrency });
      // A kill because of the stop is no failure of the function.
      this.throwIfStopped();
      return result;
    } finally {
      this.concurrency.leave(found);
    }
  }

  private throwIfStopped(): void {
    if (this.stopped.signal.aborted) throw stopping();
  }

  private enter(found: LambdaFunction): number {
    try {
      return this.concurrency.enter(found);
    } catch (error) {
      const { context } = this;
      putFunctionMetrics(context, found.name, context.clock.now(), [count('Throttles')]);
      throw error;
    }
  }
}

function checkPayload(payload: Buffer, type: string, limit: number): void {
  if (payload.length <= limit) return;
  throw new AwsError(
    'RequestTooLargeException',
    413,
    `${payload.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
  );
}

function stopping(): AwsError {
  return new AwsError('ServiceException', 500, 'The sandbox is being stopped.');
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
