import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import { describe, retryDelay } from '../../faults.ts';
import type { EngineContext } from '../engineContext.ts';
import type { EventTable, QueuedEvent } from './eventTable.ts';
import type { FunctionTable } from '../functionTable.ts';
import { count, milliseconds, putFunctionMetrics } from './invocationMetrics.ts';
import type { EventInvokeConfig, LambdaFunction } from '../lambdaFunction.ts';
import type { RunResult } from './functionRunner.ts';

/** AWS's defaults, and its waits before the retries (Lambda developer guide, "Asynchronous invocation"). */
const RETRIES = 2;
const MAXIMUM_AGE_SECONDS = 6 * 60 * 60;
const RETRY_AFTER_MS = [60_000, 120_000];
/** For throttles and faults of the service: from 1 second, doubled, to 5 minutes. */
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 5 * 60_000;
/** Milliseconds by which the time must have been set to count as that. */
const JUMP_MS = 5000;
/** So many events run at a time. AWS scales to the account's limit; this machine has what it has. */
const PARALLEL = Math.max(2, availableParallelism());

/** Runs an event's function; throws AwsError when it can't be run now. */
export type RunEvent = (found: LambdaFunction, event: QueuedEvent) => Promise<RunResult>;

/**
 * Runs the asynchronous invocations that are in the table. An event leaves the table when it is done
 * with: what a kill interrupts is run again (at least once).
 */
export class EventQueue {
  private readonly context: EngineContext;
  private readonly table: EventTable;
  private readonly functions: FunctionTable;
  private readonly runEvent: RunEvent;
  private readonly stopped = new AbortController();
  private readonly running = new Set<number>();
  private nudged = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  /** The time at which `elapsed` was 0, as the clock says it now. */
  private origin: number;

  constructor(
    context: EngineContext,
    table: EventTable,
    functions: FunctionTable,
    runEvent: RunEvent,
  ) {
    this.context = context;
    this.table = table;
    this.functions = functions;
    this.runEvent = runEvent;
    this.origin = originOf(context.clock);
  }

  start(): void {
    this.loop = this.dispatch();
  }

  /** Says that there is something to do. */
  wake(): void {
    const { nudged } = this;
    this.nudged = new AbortController();
    nudged.abort();
  }

  /** Begins nothing more. What runs is not waited for: it stays in the table. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.loop;
  }

  private async dispatch(): Promise<void> {
    let failures = 0;
    while (!this.stopped.signal.aborted) {
      const { signal } = this.nudged;
      try {
        this.begin();
        await this.pause(signal);
        failures = 0;
      } catch (error) {
        this.context.log(`The queue of asynchronous invocations: ${describe(error)}`);
        const stop = { signal: this.stopped.signal };
        await delay(retryDelay(failures), undefined, stop).catch(() => undefined);
        failures += 1;
      }
    }
  }

  private begin(): void {
    const now = this.context.clock.now().getTime();
    const free = PARALLEL - this.running.size;
    if (free <= 0) return;
    this.followClock(now);
    this.table.hasten(now, MAX_BACKOFF_MS);
    for (const event of this.table.due(now, this.running, free)) {
      this.running.add(event.id);
      void this.attempt(event, now)
        .catch(async (error: unknown) => {
          // A full disk, most likely: the event stays, and is not tried without end.
          this.context.log(`Event ${event.requestId}: ${describe(error)}`);
          await delay(FIRST_BACKOFF_MS, undefined, { ref: false });
        })
        .finally(() => {
          this.running.delete(event.id);
          this.wake();
        });
    }
  }

  private followClock(now: number): void {
    const jump = Math.round(originOf(this.context.clock) - this.origin);
    if (Math.abs(jump) < JUMP_MS) return;
    this.table.followClock(now, jump);
    this.origin += jump;
  }

  /** Until something happens, or the next event is due. */
  private async pause(signal: AbortSignal): Promise<void> {
    const full = this.running.size >= PARALLEL;
    const due = full || this.stopped.signal.aborted ? undefined : this.table.nextDue(this.running);
    if (due === undefined) {
      if (!signal.aborted) await once(signal);
      return;
    }
    try {
      await this.context.clock.sleep(Math.max(0, due - this.context.clock.now().getTime()), signal);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }

  private async attempt(event: QueuedEvent, now: number): Promise<void> {
    const found = this.functions.find(event.functionName);
    if (found?.id !== event.functionId) {
      // Its function was deleted.
      this.drop(event);
      return;
    }
    if (now - event.received >= maximumAgeMs(found.eventInvoke)) {
      this.drop(event);
      return;
    }
    try {
      const age = milliseconds('AsyncEventAge', now - event.received);
      putFunctionMetrics(this.context, event.functionName, this.context.clock.now(), [age]);
      const result = await this.runEvent(found, event);
      if (this.stopped.signal.aborted) return;
      if (result.functionError === undefined) this.table.delete(event);
      else this.retry(event, found);
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      this.backOff(event, found, error);
    }
  }

  private retry(event: QueuedEvent, found: LambdaFunction): void {
    // The configuration may have changed while it ran.
    const config = this.functions.find(found.name)?.eventInvoke;
    const failures = event.failures + 1;
    const wait = RETRY_AFTER_MS[event.failures];
    if (failures > (config?.maximumRetryAttempts ?? RETRIES) || wait === undefined) {
      this.drop(event);
      return;
    }
    this.table.postpone(event, this.cappedDue(event, wait, config), failures, 0);
  }

  private backOff(event: QueuedEvent, found: LambdaFunction, error: unknown): void {
    if (!(error instanceof AwsError)) {
      this.context.log(`Event ${event.requestId} of ${found.name}: ${describe(error)}`);
    }
    // With nothing reserved AWS gives up at once.
    if (this.functions.find(found.name)?.reservedConcurrency === 0) {
      this.drop(event);
      return;
    }
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(event.throttles, 20), MAX_BACKOFF_MS);
    const due = this.cappedDue(event, wait, found.eventInvoke);
    this.table.postpone(event, due, event.failures, event.throttles + 1);
  }

  /** Not after the event's end, so that it is dropped in time. */
  private cappedDue(
    event: QueuedEvent,
    wait: number,
    config: EventInvokeConfig | undefined,
  ): number {
    const due = this.context.clock.now().getTime() + wait;
    return Math.min(due, event.received + maximumAgeMs(config));
  }

  private drop(event: QueuedEvent): void {
    this.table.delete(event);
    const { clock } = this.context;
    putFunctionMetrics(this.context, event.functionName, clock.now(), [
      count('AsyncEventsDropped'),
    ]);
  }
}

function originOf(clock: Clock): number {
  return clock.now().getTime() - clock.elapsed();
}

function maximumAgeMs(config: EventInvokeConfig | undefined): number {
  return (config?.maximumEventAge ?? MAXIMUM_AGE_SECONDS) * 1000;
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
