import { randomBytes } from 'node:crypto';
import type { EngineContext } from '../engineContext.ts';
import { LATEST, environmentKey } from '../environments/environmentFactory.ts';
import type { EnvironmentFactory } from '../environments/environmentFactory.ts';
import type { PhaseEnd } from '../environments/executionEnvironment.ts';
import { failureOf } from './invocationFailure.ts';
import type { Failure } from './invocationFailure.ts';
import { count, milliseconds, putFunctionMetrics } from './invocationMetrics.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { jsonLines, textLines } from '../environments/platformLines.ts';
import type { PlatformLines } from '../environments/platformLines.ts';
import type { WarmEnvironment } from '../environments/warmPool.ts';

export interface RunInput {
  readonly requestId: string;
  /** As it was called: with a qualifier when one was named. */
  readonly functionArn: string;
  readonly payload: Buffer;
  readonly clientContext: string | undefined;
  readonly traceHeader: string | undefined;
  /** How many executions of the function run with this one. */
  readonly concurrency: number;
}

export interface RunResult {
  readonly functionError?: 'Unhandled';
  readonly payload: Buffer;
  readonly logTail: Buffer;
}

/** Milliseconds that a function may take to start; it is tried again as part of the invocation. */
const INIT_LIMIT_MS = 10_000;

/** Runs one invocation of a function in an environment, cold or warm, with its log and its metrics. */
export async function runFunction(
  context: EngineContext,
  factory: EnvironmentFactory,
  found: LambdaFunction,
  input: RunInput,
): Promise<RunResult> {
  const begun = context.clock.now();
  const run = new FunctionRun(factory, found, input, context.faults.killsFunction(found.name));
  const { result, durationMs, failure } = await run.run();
  putFunctionMetrics(context, found.name, begun, [
    count('Invocations'),
    count('Errors', failure === undefined ? 0 : 1),
    count('Throttles', 0),
    count('ConcurrentExecutions', input.concurrency),
    milliseconds('Duration', durationMs),
  ]);
  return result;
}

interface RunEnd {
  readonly result: RunResult;
  readonly durationMs: number;
  readonly failure: Failure | undefined;
}

class FunctionRun {
  private readonly factory: EnvironmentFactory;
  private readonly found: LambdaFunction;
  private readonly input: RunInput;
  private readonly lines: PlatformLines;
  private readonly timeoutMs: number;
  private readonly killed: boolean;

  constructor(
    factory: EnvironmentFactory,
    found: LambdaFunction,
    input: RunInput,
    killed: boolean,
  ) {
    this.killed = killed;
    this.factory = factory;
    this.found = found;
    this.input = input;
    this.lines = found.settings.logging.LogFormat === 'JSON' ? jsonLines : textLines;
    this.timeoutMs = found.settings.timeout * 1000;
  }

  async run(): Promise<RunEnd> {
    for (;;) {
      const warm = await this.factory.pool.take(environmentKey(this.found));
      if (warm === undefined) return this.runCold();
      const end = await this.invokeWarm(warm);
      if (end !== undefined) return end;
    }
  }

  /** Undefined when the environment had died before it could begin. */
  private async invokeWarm(warm: WarmEnvironment): Promise<RunEnd | undefined> {
    const started = performance.now();
    warm.log.begin();
    const end = await this.invoke(warm, this.timeoutMs);
    if (end.kind === 'gone') return undefined;
    return this.finish(warm, end, started, undefined);
  }

  private async runCold(): Promise<RunEnd> {
    const warm = this.factory.make(this.found);
    warm.log.begin();
    warm.log.writePlatform(this.lines.initStart(this.found.settings.runtime, LATEST));
    const started = performance.now();
    const init = await warm.environment.init(INIT_LIMIT_MS);
    const initMs = performance.now() - started;
    if (init.kind !== 'ready') {
      this.writeInitReport(warm, init, initMs, 'init');
      warm.environment.kill();
      return this.runSuppressed(warm);
    }
    const begun = performance.now();
    const end = await this.invoke(warm, this.timeoutMs);
    return this.finish(warm, end, begun, initMs);
  }

  /** Starts a function that has failed to start once more, within its own time-out, as Lambda does. */
  private async runSuppressed(former: WarmEnvironment): Promise<RunEnd> {
    const warm = this.factory.make(this.found, former.log);
    this.writeStart(warm);
    const started = performance.now();
    const init = await warm.environment.init(this.timeoutMs);
    const initMs = performance.now() - started;
    if (init.kind !== 'ready') {
      this.writeInitReport(warm, init, initMs, 'invoke');
      return this.finish(warm, init, started, undefined);
    }
    const left = Math.max(0, this.timeoutMs - initMs);
    const end = await this.invoke(warm, left, () => undefined);
    return this.finish(warm, end, started, undefined);
  }

  private invoke(
    warm: WarmEnvironment,
    limitMs: number,
    onBegun = () => this.writeStart(warm),
  ): Promise<PhaseEnd> {
    return warm.environment.invoke(this.work(limitMs), limitMs, () => {
      onBegun();
      if (this.killed) warm.environment.kill();
    });
  }

  private finish(
    warm: WarmEnvironment,
    end: PhaseEnd,
    started: number,
    initMs: number | undefined,
  ): RunEnd {
    const { environment, log } = warm;
    const { requestId } = this.input;
    // Timers are late by a little; AWS's figure is the limit.
    const elapsed = performance.now() - started;
    const durationMs = end.kind === 'timeout' ? this.timeoutMs : Math.min(elapsed, this.timeoutMs);
    const failure = failureOf(end, requestId, this.timeoutMs);
    if (failure?.logLine !== undefined) log.writePlatform(failure.logLine);
    this.writeLoss(warm);
    const endLine = this.lines.end(requestId);
    if (endLine !== undefined) log.writePlatform(endLine);
    log.writePlatform(
      this.lines.report({
        requestId,
        durationMs,
        memorySize: this.found.settings.memorySize,
        maxMemoryUsed:
          end.kind === 'outOfMemory' ? this.found.settings.memorySize : environment.maxMemoryUsed,
        initMs,
        status: failure?.status ?? 'success',
        errorType: failure?.errorType,
      }),
    );
    log.flush();
    const logTail = log.tail;
    if (survives(end)) this.factory.keep(warm);
    else environment.kill();
    const payload = end.kind === 'response' ? end.body : (failure?.payload ?? Buffer.alloc(0));
    const result: RunResult =
      failure === undefined
        ? { payload, logTail }
        : { functionError: 'Unhandled', payload, logTail };
    return { result, durationMs, failure };
  }

  private work(leftMs: number) {
    const { requestId, clientContext, traceHeader, payload } = this.input;
    return {
      requestId,
      deadline: Date.now() + leftMs,
      functionArn: this.input.functionArn,
      traceHeader: traceHeader ?? newTraceHeader(),
      clientContext,
      payload,
    };
  }

  private writeStart({ log }: WarmEnvironment): void {
    log.writePlatform(this.lines.start(this.input.requestId, LATEST));
  }

  private writeInitReport(
    { log }: WarmEnvironment,
    end: PhaseEnd,
    durationMs: number,
    phase: 'init' | 'invoke',
  ): void {
    const failure = failureOf(end, this.input.requestId, this.timeoutMs);
    if (failure === undefined) return;
    const { status, errorType } = failure;
    const shown = status === 'timeout' ? undefined : errorType;
    log.writePlatform(this.lines.initReport({ durationMs, phase, status, errorType: shown }));
  }

  private writeLoss({ log }: WarmEnvironment): void {
    const { lost } = log;
    if (lost === undefined) return;
    log.writePlatform(
      `LOGS_DROPPED RequestId: ${this.input.requestId} Dropped Records: ${lost.records} Dropped Bytes: ${lost.bytes}`,
    );
  }
}

/** Whether the process is ready for another invocation: it is once it asks for one. */
function survives(end: PhaseEnd): boolean {
  return end.kind === 'response' || end.kind === 'error' || end.kind === 'tooLarge';
}

/** What X-Ray would say of a call that nobody traces. */
function newTraceHeader(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${time}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
